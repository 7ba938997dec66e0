using System.IO.Compression;
using XenDriverDomain.Access;

namespace XenDriverDomain.Pci;

/// <summary>
/// Finds a pci.ids file where the distributions put it, and keeps it. The machine that the module runs on is asked before dom0:
/// names are the same everywhere, and 1.3 MB over a slow link are not.
/// </summary>
internal sealed class PciIdsSource(IDom0Files dom0, IDom0Files? here)
{
    private const int Limit = 16 * 1024 * 1024;

    private static readonly string[] s_places =
    [
        "/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids", "/usr/share/pci.ids", "/var/lib/pciutils/pci.ids",
        "/usr/share/misc/pci.ids.gz", "/usr/share/hwdata/pci.ids.gz", "/usr/share/pci.ids.gz",
    ];

    private PciIds? _ids;

    /// <summary>The names; without any when no machine has the file, which is remembered too.</summary>
    public Task<PciIds> GetAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _ids) is { } ids ? Task.FromResult(ids) : LoadAsync(cancellationToken);

    // Two callers at once read it twice, at worst.
    private async Task<PciIds> LoadAsync(CancellationToken cancellationToken)
    {
        foreach (IDom0Files files in here is null ? [dom0] : new[] { here, dom0 })
        {
            BulkAnswer present = await files.ReadManyAsync(new BulkQuery([], [], s_places), cancellationToken).ConfigureAwait(false);
            foreach (string path in s_places.Where(present.Names.Contains))
            {
                try
                {
                    byte[] content = await files.ReadAsync(path, Limit, cancellationToken).ConfigureAwait(false);
                    return Keep(new PciIds(path.EndsWith(".gz", StringComparison.Ordinal) ? Unpack(content) : content));
                }
                catch (Exception e) when (e is Errors.XenDriverDomainException or InvalidDataException)
                {
                    // Unreadable, too large or no gzip: the next place may serve, and numbers will do without any.
                }
            }
        }

        return Keep(PciIds.Empty);
    }

    private PciIds Keep(PciIds ids)
    {
        Volatile.Write(ref _ids, ids);
        return ids;
    }

    private static byte[] Unpack(byte[] packed)
    {
        using GZipStream stream = new(new MemoryStream(packed), CompressionMode.Decompress);
        using MemoryStream plain = new();
        byte[] buffer = new byte[81920];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            plain.Write(buffer, 0, read);
            if (plain.Length > Limit)
            {
                throw new InvalidDataException("pci.ids.gz unpacks to more than the limit");
            }
        }

        return plain.ToArray();
    }
}
