using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using XenDriverDomain.Access.Posix;

namespace XenDriverDomain.Access.Local;

/// <summary>
/// The files of the host this process runs on. A call that has begun in the kernel (a store that resets a device) cannot be
/// taken back: cancellation stops waiting for it.
/// </summary>
internal sealed class LocalFiles : IDom0Files
{
    private const int NotThere = (int)Errno.ENOENT;
    private const int NotADirectory = (int)Errno.ENOTDIR;
    private readonly string _root;

    /// <summary>The host's own tree.</summary>
    public LocalFiles()
        : this("")
    {
    }

    /// <summary>A tree recorded in a directory, for tests: every absolute path is looked up below it.</summary>
    internal LocalFiles(string root)
    {
        string trimmed = root.TrimEnd('/');
        _root = trimmed.Length == 0 ? "" : RealPath(trimmed, out _) ?? throw new DirectoryNotFoundException(root);
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        string real = Map(path);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return RunAsync(() => Read(path, real, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask WriteOnceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        string real = Map(path);
        if (data.IsEmpty)
        {
            throw new ArgumentException("There is nothing to write; a sysfs attribute is cleared by a newline.", nameof(data));
        }

        return RunAsync(() => WriteOnce(path, real, data.Span), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        string real = Map(path);
        return RunAsync(() => Replace(path, real, file => WriteAll(path, file, data.Span)), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask ComposeAsync(
        string path, IReadOnlyList<FilePiece> pieces, bool isPacked, CancellationToken cancellationToken)
    {
        string real = Map(path);
        return RunAsync(() => Replace(path, real, file => Compose(path, file, pieces, isPacked, cancellationToken)), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        string real = Map(path);
        return RunAsync(
            () =>
            {
                if (Libc.Unlink(real) != 0 && Libc.LastError is int error and not (NotThere or NotADirectory))
                {
                    throw Error("delete", path, error);
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        string real = Map(path);
        return RunAsync(() => CreateDirectory(path, real), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken)
    {
        string real = Map(path);
        return RunAsync<IReadOnlyList<string>>(() => List(path, real), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken)
    {
        string real = Map(path);
        return RunAsync(() => Resolve(path, real), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken)
    {
        string real = Map(path);
        return RunAsync(
            () => Libc.Stat(real, followLinks: true, out FileMetadata metadata) switch
            {
                0 => metadata.Kind,
                NotThere or NotADirectory => HostFileKind.None,
                int error => throw Error("look at", path, error),
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken)
    {
        BulkPath.Require(query);
        return RunAsync(() => new LocalBulkReader(_root, cancellationToken).Read(query), cancellationToken);
    }

    /// <summary>Reads a symbolic link as it is stored; null when the path is none.</summary>
    internal static unsafe string? ReadLink(string real)
    {
        byte* buffer = stackalloc byte[Libc.PathMax];
        nint length = Libc.ReadLink(real, buffer, Libc.PathMax);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer, (int)length);
    }

    private static byte[] Read(string path, string real, int limit)
    {
        // Not blocking, so that a FIFO somebody put in the way cannot hold the caller for ever.
        int error = Descriptor.Open(real, Libc.ReadOnly | Libc.NonBlocking, 0, out Descriptor? file);
        if (error != 0)
        {
            throw Error("read", path, error);
        }

        using (file)
        {
            using var content = new MemoryStream();
            byte[] buffer = new byte[64 * 1024];
            while (true)
            {
                int count = file!.Read(buffer);
                if (count < 0)
                {
                    throw Error("read", path, -count);
                }

                if (count == 0)
                {
                    return content.ToArray();
                }

                if (content.Length + count > limit)
                {
                    throw FileErrors.TooLarge(path, limit);
                }

                content.Write(buffer, 0, count);
            }
        }
    }

    private static void WriteOnce(string path, string real, ReadOnlySpan<byte> data)
    {
        int error = Descriptor.Open(real, Libc.WriteOnly | Libc.NonBlocking, 0, out Descriptor? file);
        if (error != 0)
        {
            throw Error("write", path, error);
        }

        using (file)
        {
            int count = file!.Write(data);
            if (count < 0)
            {
                throw Error("write", path, -count);
            }

            if (count != data.Length)
            {
                throw new HostFileException("write", path, Errno.EIO, $"only {count} of {data.Length} bytes were taken");
            }
        }
    }

    private void Compose(
        string path, Descriptor file, IReadOnlyList<FilePiece> pieces, bool isPacked, CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = new(file.Number, ownsHandle: false);
        using FileStream plain = new(handle, FileAccess.Write);
        using Stream? packed = isPacked ? new GZipStream(plain, CompressionLevel.Optimal, leaveOpen: true) : null;
        Stream target = packed ?? plain;
        foreach (FilePiece piece in pieces)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (piece.Source is null)
            {
                target.Write(piece.Bytes.Span);
            }
            else
            {
                Copy(path, piece, target, cancellationToken);
            }
        }
    }

    private void Copy(string path, FilePiece piece, Stream target, CancellationToken cancellationToken)
    {
        int error = Descriptor.Open(Map(piece.Source!), Libc.ReadOnly | Libc.NonBlocking, 0, out Descriptor? source);
        if (error != 0)
        {
            throw Error("read", piece.Source!, error);
        }

        using (source)
        {
            byte[] buffer = new byte[64 * 1024];
            long length = 0;
            for (int count; (count = source!.Read(buffer)) != 0; length += count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (count < 0)
                {
                    throw Error("read", piece.Source!, -count);
                }

                target.Write(buffer, 0, count);
            }

            if (length != piece.Length)
            {
                throw FileErrors.Changed(path, piece, length);
            }
        }
    }

    private static void Replace(string path, string real, Action<Descriptor> write)
    {
        // What a link points at is replaced, not the link: an administrator put it there on purpose.
        real = RealPath(real, out _) ?? real;
        bool exists = Libc.Stat(real, followLinks: true, out FileMetadata old) == 0;
        if (exists && old.Kind != HostFileKind.File)
        {
            throw new HostFileException(
                "replace", path, old.Kind == HostFileKind.Directory ? Errno.EISDIR : Errno.EINVAL, "it is not an ordinary file");
        }

        string directory = HostPath.Parent(real);
        string temporary = $"{directory}/.{real[(real.LastIndexOf('/') + 1)..]}.{Guid.NewGuid():N}";
        int error = Descriptor.Open(temporary, Libc.WriteOnly | Libc.Create | Libc.Exclusive, 0x180, out Descriptor? file);
        if (error != 0)
        {
            throw Error("replace", path, error);
        }

        try
        {
            using (file)
            {
                write(file!);

                // Owner first: changing it drops the set-id bits of the mode.
                Require(path, exists ? Libc.Fchown(file!.Number, old.Owner, old.Group) : 0);
                Require(path, Libc.Fchmod(file!.Number, exists ? old.Permissions : 0x1A4));
                Require(path, Libc.Fsync(file!.Number));
            }

            Require(path, Libc.Rename(temporary, real));
        }
        catch
        {
            _ = Libc.Unlink(temporary);
            throw;
        }

        // The rename itself lasts only when the directory is on the disk; where that cannot be had, the file is still whole.
        if (Descriptor.Open(directory, Libc.ReadOnly, 0, out Descriptor? parent) == 0)
        {
            using (parent)
            {
                _ = Libc.Fsync(parent!.Number);
            }
        }
    }

    private static void WriteAll(string path, Descriptor file, ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            int count = file.Write(data);
            if (count < 0)
            {
                throw Error("replace", path, -count);
            }

            data = data[count..];
        }
    }

    private static void CreateDirectory(string path, string real)
    {
        if (Libc.Stat(real, followLinks: true, out FileMetadata metadata) == 0)
        {
            if (metadata.Kind != HostFileKind.Directory)
            {
                throw Error("create", path, (int)Errno.EEXIST);
            }

            return;
        }

        string parent = HostPath.Parent(real);
        if (parent != "/")
        {
            CreateDirectory(path, parent);
        }

        if (Libc.MakeDirectory(real, 0x1FF) != 0 && Libc.LastError is int error and not (int)Errno.EEXIST)
        {
            throw Error("create", path, error);
        }
    }

    private static List<string> List(string path, string real)
    {
        int error = Libc.Stat(real, followLinks: true, out FileMetadata metadata);
        if (error == 0 && metadata.Kind != HostFileKind.Directory)
        {
            error = NotADirectory;
        }

        if (error != 0)
        {
            throw Error("list", path, error);
        }

        try
        {
            List<string> names = [.. new DirectoryInfo(real).EnumerateFileSystemInfos().Select(entry => entry.Name)];
            names.Sort(StringComparer.Ordinal);
            return names;
        }
        catch (UnauthorizedAccessException)
        {
            throw Error("list", path, (int)Errno.EACCES);
        }
        catch (DirectoryNotFoundException)
        {
            throw Error("list", path, NotThere);
        }
        catch (IOException exception)
        {
            throw new HostFileException("list", path, Errno.EIO, exception.Message);
        }
    }

    internal static unsafe string? RealPath(string path, out int error)
    {
        byte* buffer = stackalloc byte[Libc.PathMax];
        if (Libc.RealPath(path, buffer) == 0)
        {
            error = Libc.LastError;
            return null;
        }

        error = 0;
        return Marshal.PtrToStringUTF8((nint)buffer);
    }

    private static void Require(string path, int result)
    {
        if (result != 0)
        {
            throw Error("replace", path, Libc.LastError);
        }
    }

    private static HostFileException Error(string operation, string path, int error) =>
        new(operation, path, (Errno)error, Marshal.GetPInvokeErrorMessage(error));

    private static ValueTask<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        new(Task.Run(work, cancellationToken).WaitAsync(cancellationToken));

    private static ValueTask RunAsync(Action work, CancellationToken cancellationToken) =>
        new(Task.Run(work, cancellationToken).WaitAsync(cancellationToken));

    private string? Resolve(string path, string real)
    {
        string? resolved = RealPath(real, out int error);
        if (resolved is null)
        {
            return error is NotThere or NotADirectory ? null : throw Error("resolve", path, error);
        }

        if (_root.Length == 0)
        {
            return resolved;
        }

        return resolved.StartsWith(_root + "/", StringComparison.Ordinal) ? resolved[_root.Length..] : "/";
    }

    private string Map(string path) => _root + HostPath.Require(path);
}
