using System.Security.Cryptography;
using System.Text;
using XenDriverDomain.Access;

namespace XenDriverDomain.Images;

/// <summary>All that an image is made of, and the id that follows from it: the same inputs are the same image.</summary>
internal sealed record ImageContent
{
    private const int IdDigits = 12;

    /// <summary>The kernel's release and the first digits of the sum of all inputs.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for.</summary>
    public required ImageRequest Request { get; init; }

    /// <summary>The release of dom0's kernel.</summary>
    public required string Release { get; init; }

    /// <summary>The version of Xen.</summary>
    public required string XenVersion { get; init; }

    /// <summary>dom0's kernel.</summary>
    public required HostFileEntry Kernel { get; init; }

    /// <summary>The drivers of the cards.</summary>
    public required IReadOnlyList<string> Drivers { get; init; }

    /// <summary>How many of the cards are controllers of disks, which move much at once.</summary>
    public required int DiskControllers { get; init; }

    /// <summary>All modules, in the order of loading.</summary>
    public required IReadOnlyList<string> Modules { get; init; }

    /// <summary>What is in the RAM disk, by path.</summary>
    public required IReadOnlyList<ImageEntry> Entries { get; init; }

    /// <summary>The length of the RAM disk before it is packed, in bytes.</summary>
    public long Length => Pieces().Sum(piece => piece.Length);

    /// <summary>Makes it of what was found.</summary>
    public static ImageContent Of(
        ImageRequest request, string release, string xenVersion, HostFileEntry kernel, IReadOnlyList<string> drivers,
        int diskControllers, IEnumerable<string> modules, IEnumerable<ImageEntry> entries)
    {
        ImageEntry[] found = [.. entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)];
        string role = request.Role.ToString().ToLowerInvariant();
        string identity = string.Join('\n', [role, kernel.Sha256, xenVersion, .. found.Select(entry => entry.Identity)]);
        string id = $"{release}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..IdDigits]}";
        OwnFileEntry told = OwnFiles.Told(id, role, xenVersion);
        return new ImageContent
        {
            Id = id,
            Request = request,
            Release = release,
            XenVersion = xenVersion,
            Kernel = kernel,
            Drivers = drivers,
            DiskControllers = diskControllers,
            Modules = [.. modules],
            Entries = [.. found.Append(told).OrderBy(entry => entry.Path, StringComparer.Ordinal)],
        };
    }

    /// <summary>
    /// The least memory that a domain boots it in, in MiB. Linux 6.1 unpacks a RAM disk of 12 MB in 104 and panics with 96
    /// (unpack_to_rootfs).
    /// </summary>
    public int LeastMemoryMB => 92 + (int)(Length >> 20);

    /// <summary>
    /// The kernel's parameter swiotlb, in slabs of 2 KiB: a PV domain's pages are not together in the machine's memory, and what a card
    /// cannot reach goes through this buffer (drivers/xen/swiotlb-xen.c). The kernel's own 64 MB would be a quarter of a small domain.
    /// </summary>
    /// <param name="memoryMB">The domain's memory.</param>
    public int BounceSlabs(int memoryMB)
    {
        const int SlabsPerMB = 512;
        int wanted = (16 * Math.Max(1, Request.PciDevice.Count - DiskControllers)) + (32 * DiskControllers);
        return SlabsPerMB * Math.Max(8, Math.Min(wanted, memoryMB / 8));
    }

    /// <summary>The RAM disk, in pieces that dom0 puts together.</summary>
    public IReadOnlyList<FilePiece> Pieces()
    {
        CpioArchive archive = new();
        foreach (ImageEntry entry in Entries)
        {
            entry.AddTo(archive);
        }

        return archive.End();
    }
}
