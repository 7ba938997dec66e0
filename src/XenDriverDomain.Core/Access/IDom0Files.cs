namespace XenDriverDomain.Access;

/// <summary>
/// The files of a dom0: sysfs, procfs, configuration. Every failure is a <see cref="HostFileException"/> that carries the
/// kernel's errno, or a connection error. Paths are absolute, in dom0's name space.
/// </summary>
public interface IDom0Files
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="limit">The most bytes that are read; a longer file is an error (HostFileTooLarge), never cut.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Stores <paramref name="data"/> with exactly one write(2) on an existing file, as a sysfs attribute wants it; the errno
    /// of that write comes back in the exception.
    /// </summary>
    ValueTask WriteOnceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>
    /// Creates or replaces an ordinary file atomically (a temporary file beside it, fsync, rename); an existing file's mode and
    /// owner are kept, a new one gets mode 0644.
    /// </summary>
    ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>
    /// Creates or replaces an ordinary file as <see cref="ReplaceAsync"/> does, of pieces that dom0 puts together: what is in its own
    /// files does not travel. EIO when a piece has another length than it should.
    /// </summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="pieces">What is to be in it, one after the other.</param>
    /// <param name="isPacked">Whether all of it is packed, as by gzip(1).</param>
    /// <param name="cancellationToken">Ends the wait; the file is then as it was.</param>
    ValueTask ComposeAsync(string path, IReadOnlyList<FilePiece> pieces, bool isPacked, CancellationToken cancellationToken);

    /// <summary>Deletes a file; one that is not there is fine.</summary>
    ValueTask DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>Creates a directory and its parents; one that is there is fine.</summary>
    ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken);

    /// <summary>The names in a directory, in ordinal order; ENOENT and ENOTDIR are errors.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken);

    /// <summary>The canonical path with all links resolved (realpath), or null when the path does not exist.</summary>
    ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken);

    /// <summary>What a path is, links followed; <see cref="HostFileKind.None"/> when it does not exist.</summary>
    ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Reads many small files, link targets and names in one round trip. What does not exist or cannot be read is left out of
    /// the answer; that is no error.
    /// </summary>
    ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken);
}
