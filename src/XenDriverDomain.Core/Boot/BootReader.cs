using XenDriverDomain.Access;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Boot;

/// <summary>Reads how dom0 boots.</summary>
internal static class BootReader
{
    /// <summary>More than any boot configuration has.</summary>
    public const int FileLimit = 1024 * 1024;

    /// <summary>Reads it, with every file whole.</summary>
    /// <param name="files">dom0's files.</param>
    /// <param name="path">One more file to read; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HostFileException">The file cannot be read.</exception>
    public static async Task<BootSituation> ReadAsync(IDom0Files files, string? path, CancellationToken cancellationToken)
    {
        if (path is not null && (!path.StartsWith('/') || path.EndsWith('/') || path.Any(char.IsControl)))
        {
            throw new XenDriverDomainException(
                ErrorIds.BootConfigPathInvalid,
                ErrorKind.InvalidArgument,
                $"'{Terminal.Text.Show(path)}' cannot be the path of a boot configuration: it must be the full path of a file on dom0.",
                "Give the full path, such as /boot/grub/menu.lst.",
                path);
        }

        BulkAnswer answer = await files.ReadManyAsync(BootQueries.All, cancellationToken).ConfigureAwait(false);
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach (string name in answer.Files.Keys.Where(name => !name.StartsWith("/proc/", StringComparison.Ordinal)))
        {
            // The bulk read takes a newline from the end, and cuts.
            texts[name] = await ReadFileAsync(files, name, cancellationToken).ConfigureAwait(false);
        }

        if (path is not null && !texts.ContainsKey(path))
        {
            texts[path] = await ReadFileAsync(files, path, cancellationToken).ConfigureAwait(false);
        }

        return BootSituation.From(texts, answer.Names, answer.Files);
    }

    /// <summary>What can be known from a bulk read alone; longer files are read for themselves.</summary>
    public static async Task<BootSituation?> LookAsync(IDom0Files files, Task<BulkAnswer> sys, CancellationToken cancellationToken)
    {
        BulkAnswer answer = await sys.ConfigureAwait(false);
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        try
        {
            foreach (string name in answer.Files.Keys.Where(BootSituation.IsBootFile))
            {
                string text = answer.Files[name];
                texts[name] = text.Length < BulkQuery.FileLimit - 1
                    ? text
                    : await ReadFileAsync(files, name, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (XenDriverDomainException e) when (e.Kind != ErrorKind.Connection)
        {
            return null;
        }

        return BootSituation.From(texts, answer.Names, answer.Files);
    }

    /// <summary>A file, byte for byte.</summary>
    public static async Task<string> ReadFileAsync(IDom0Files files, string path, CancellationToken cancellationToken) =>
        ByteText.Of(await files.ReadAsync(path, FileLimit, cancellationToken).ConfigureAwait(false));

    /// <summary>The same, or null when there is none.</summary>
    public static async Task<string?> TryReadFileAsync(IDom0Files files, string path, CancellationToken cancellationToken) =>
        await files.TryReadAsync(path, FileLimit, cancellationToken).ConfigureAwait(false) is { } bytes ? ByteText.Of(bytes) : null;
}
