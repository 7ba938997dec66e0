namespace XenDriverDomain.Access;

/// <summary>What nearly every reader of dom0's files needs on top of the bare operations.</summary>
internal static class Dom0FilesExtensions
{
    /// <summary>A whole file, or null when there is none: nothing has that name, or what should be its directory is a file.</summary>
    /// <param name="files">The files.</param>
    /// <param name="path">Absolute path.</param>
    /// <param name="limit">The most bytes that are read; a longer file is an error (HostFileTooLarge), never cut.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HostFileException">It is there and cannot be read.</exception>
    public static async ValueTask<byte[]?> TryReadAsync(this IDom0Files files, string path, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return await files.ReadAsync(path, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (HostFileException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }
    }
}
