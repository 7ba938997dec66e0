using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;
using XenDriverDomain.Network;

namespace XenDriverDomain.ConfigFiles;

/// <summary>A guest's configuration file on dom0 whose list of vifs is edited; everything else in it stays byte for byte.</summary>
internal sealed class GuestConfigFile
{
    private readonly IDom0Files _files;
    private readonly byte[] _before;

    private GuestConfigFile(IDom0Files files, string path, byte[] before, XlConfigDocument document)
    {
        _files = files;
        Path = path;
        _before = before;
        Document = document;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>What it says.</summary>
    public XlConfigDocument Document { get; }

    /// <summary>The vifs in it.</summary>
    /// <exception cref="XenDriverDomainException">VifSpecMalformed: one of them cannot be read.</exception>
    public IReadOnlyList<VifSpec> Vifs => [.. (Document.GetList("vif") ?? []).Select(v => VifSpec.Parse(v.Text))];

    /// <summary>Reads the file.</summary>
    /// <exception cref="XenDriverDomainException">VifConfigNotFound, or what is wrong in the file.</exception>
    public static async Task<GuestConfigFile> ReadAsync(IDom0Files files, string path, CancellationToken cancellationToken)
    {
        byte[] bytes = await files.TryReadAsync(path, XlConfigDocument.MaxBytes, cancellationToken).ConfigureAwait(false)
            ?? throw new XenDriverDomainException(
                ErrorIds.VifConfigNotFound,
                ErrorKind.NotFound,
                $"There is no configuration file {Terminal.Text.Show(path)} on dom0.",
                "Name the guest's own xl configuration file, with its full path on dom0.",
                path);
        return new GuestConfigFile(files, path, bytes, XlConfigDocument.Parse(bytes, path));
    }

    /// <summary>The vif with that MAC address, as an index into <see cref="Vifs"/>; -1 when there is none.</summary>
    public int IndexOf(MacAddress mac) =>
        Vifs.ToList().FindIndex(v => v.Mac == mac);

    /// <summary>The step that replaces the file by another document; undone by putting the very bytes back.</summary>
    public ChangeStep WriteStep(string description, XlConfigDocument changed) =>
        HostFileStep.Set(description, Path, changed.Write(), _before);
}
