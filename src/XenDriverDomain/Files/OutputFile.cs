using System.Management.Automation;
using System.Text;
using XenDriverDomain.Errors;
using XenDriverDomain.Session;

namespace XenDriverDomain.Files;

/// <summary>Files that cmdlets write on this machine, named by PowerShell's paths.</summary>
internal static class OutputFile
{
    /// <summary>The path in the file system that a -Path or -LiteralPath means; the file need not exist.</summary>
    /// <param name="paths">The session's paths.</param>
    /// <param name="path">The path as the user gave it.</param>
    /// <param name="isLiteral">Whether nothing in it is a wildcard.</param>
    /// <param name="mustBeNew">Whether a file that exists is refused, as -NoClobber asks.</param>
    /// <exception cref="XenDriverDomainException">OutputPathInvalid, OutputFileExists.</exception>
    internal static string Resolve(PathIntrinsics paths, string path, bool isLiteral, bool mustBeNew)
    {
        string file = Resolve(paths, path, isLiteral);
        return !mustBeNew || !File.Exists(file) ? file : throw new XenDriverDomainException(
            ModuleErrorIds.OutputFileExists,
            ErrorKind.AlreadyExists,
            $"The file '{Terminal.Text.Show(file)}' exists, and -NoClobber is given.",
            "Name another file, or leave -NoClobber out.",
            path);
    }

    private static string Resolve(PathIntrinsics paths, string path, bool isLiteral)
    {
        try
        {
            if (!isLiteral && WildcardPattern.ContainsWildcardCharacters(path))
            {
                return paths.GetResolvedProviderPathFromPSPath(path, out ProviderInfo found) is [var only]
                    ? InFileSystem(found, only, path)
                    : throw Invalid(path, "it must match exactly one file");
            }

            string file = paths.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return InFileSystem(provider, file, path);
        }
        catch (Exception e) when (e is RuntimeException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            // An unknown drive or provider, a pattern without a match.
            throw Invalid(path, Terminal.Text.Show(e.Message).TrimEnd('.'), e);
        }
    }

    /// <summary>Writes a text in UTF-8 without a byte order mark, over what is there.</summary>
    /// <param name="file">The path in the file system.</param>
    /// <param name="text">The text.</param>
    /// <param name="asked">The path as the user gave it.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="XenDriverDomainException">OutputFileNotWritable.</exception>
    internal static Task WriteAsync(string file, string text, string asked, CancellationToken cancellationToken) =>
        WriteAsync(file, Encoding.UTF8.GetBytes(text), asked, cancellationToken);

    /// <summary>Writes bytes, over what is there.</summary>
    /// <param name="file">The path in the file system.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="asked">The path as the user gave it.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="XenDriverDomainException">OutputFileNotWritable.</exception>
    internal static async Task WriteAsync(string file, byte[] content, string asked, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllBytesAsync(file, content, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(file, asked, e);
        }
    }

    /// <summary>
    /// Writes bytes to a file beside it, and puts that in its place: no reader ever sees half of it. An existing file's mode is kept.
    /// </summary>
    /// <param name="file">The path in the file system.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="asked">The path as the user gave it.</param>
    /// <param name="mayBeReadOnly">Whether a file that is read-only is replaced.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="XenDriverDomainException">OutputFileNotWritable.</exception>
    internal static async Task ReplaceAsync(
        string file, byte[] content, string asked, bool mayBeReadOnly, CancellationToken cancellationToken)
    {
        // What a link points to is replaced, not the link.
        string target = File.Exists(file) ? File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file : file;
        string beside = Path.Combine(Path.GetDirectoryName(target) ?? "/", $".{Path.GetFileName(target)}.{Guid.NewGuid():N}");
        try
        {
            UnixFileMode? mode = File.Exists(target) && !OperatingSystem.IsWindows() ? File.GetUnixFileMode(target) : null;
            if (!mayBeReadOnly && mode is { } now && (now & UnixFileMode.UserWrite) == 0)
            {
                throw NotWritable(file, asked, "it is read-only; -Force replaces it");
            }

            await File.WriteAllBytesAsync(beside, content, cancellationToken).ConfigureAwait(false);
            if (mode is { } kept && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(beside, kept);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(file, asked, e);
        }
        finally
        {
            Forget(beside);
        }
    }

    // What could not be made need not be deleted; why it could not is what is told.
    private static void Forget(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing of it is there, or nothing can be done about it.
        }
    }

    private static XenDriverDomainException NotWritable(string file, string asked, Exception e) =>
        NotWritable(file, asked, IsRefusedByFolder(file, e) ? "no file can be made in its folder" : FileReason.Of(e, file), e);

    // As those of /proc say that a file is not there which was to be made.
    private static bool IsRefusedByFolder(string file, Exception e) =>
        e is FileNotFoundException or DirectoryNotFoundException && Directory.Exists(Path.GetDirectoryName(file));

    private static XenDriverDomainException NotWritable(string file, string asked, string why, Exception? e = null) => new(
        ModuleErrorIds.OutputFileNotWritable,
        e is null or UnauthorizedAccessException ? ErrorKind.PermissionDenied : ErrorKind.InvalidState,
        $"The file '{Terminal.Text.Show(file)}' cannot be written: {why}.",
        "Name a file in a folder that exists and that you may write to.",
        asked,
        e);

    private static string InFileSystem(ProviderInfo provider, string file, string asked) =>
        provider.Name == "FileSystem" ? file : throw Invalid(asked, $"it belongs to the provider {provider.Name}, not to the file system");

    private static XenDriverDomainException Invalid(string path, string why, Exception? cause = null) => new(
        ModuleErrorIds.OutputPathInvalid,
        ErrorKind.InvalidArgument,
        $"'{Terminal.Text.Show(path)}' is no path of a file to write: {why}.",
        "Name one file in the file system; with -LiteralPath nothing in the name is a wildcard.",
        path,
        cause);
}
