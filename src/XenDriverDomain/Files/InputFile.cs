using System.Collections.ObjectModel;
using System.Management.Automation;
using XenDriverDomain.Errors;
using XenDriverDomain.Session;

namespace XenDriverDomain.Files;

/// <summary>Files that cmdlets read on this machine, named by PowerShell's paths.</summary>
internal static class InputFile
{
    /// <summary>The files in the file system that a -Path or -LiteralPath means.</summary>
    /// <exception cref="XenDriverDomainException">InputFileNotFound.</exception>
    internal static IReadOnlyList<string> Resolve(PathIntrinsics paths, string path, bool isLiteral)
    {
        try
        {
            if (isLiteral)
            {
                string file = paths.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo where, out _);
                return [InFileSystem(where, file, path)];
            }

            Collection<string> found = paths.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            return found.Count > 0
                ? [.. found.Select(file => InFileSystem(provider, file, path))]
                : throw NotFound(path, "nothing matches it");
        }
        catch (Exception e) when (e is RuntimeException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw NotFound(path, Terminal.Text.Show(e.Message).TrimEnd('.'), e);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">The path in the file system.</param>
    /// <param name="limit">The most bytes that are worth reading.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="XenDriverDomainException">InputFileNotFound, InputFileNotReadable.</exception>
    internal static async Task<byte[]> ReadAsync(string file, int limit, CancellationToken cancellationToken)
    {
        try
        {
            FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await using (stream.ConfigureAwait(false))
            {
                // A device or a pipe has no length, and may have no end.
                byte[] content = new byte[limit + 1];
                int length = await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken)
                    .ConfigureAwait(false);
                return length <= limit ? content[..length] : throw NotReadable(file, $"it has more than {limit} bytes");
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NotFound(file, "it does not exist", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotReadable(file, FileReason.Of(e, file), e);
        }
    }

    private static string InFileSystem(ProviderInfo provider, string file, string asked) =>
        provider.Name == "FileSystem" ? file : throw NotFound(asked, $"it belongs to the provider {provider.Name}, not to the file system");

    private static XenDriverDomainException NotFound(string path, string why, Exception? cause = null) => new(
        ModuleErrorIds.InputFileNotFound,
        ErrorKind.NotFound,
        $"There is no file '{Terminal.Text.Show(path)}' on this machine: {why}.",
        "Name a file of this machine, not of dom0; with -LiteralPath nothing in the name is a wildcard.",
        path,
        cause);

    private static XenDriverDomainException NotReadable(string file, string why, Exception? cause = null) => new(
        ModuleErrorIds.InputFileNotReadable,
        cause is UnauthorizedAccessException ? ErrorKind.PermissionDenied : ErrorKind.InvalidState,
        $"The file '{Terminal.Text.Show(file)}' cannot be read: {why}.",
        "Name an ordinary file that you may read.",
        file,
        cause);
}
