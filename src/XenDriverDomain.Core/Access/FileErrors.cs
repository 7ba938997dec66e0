using XenDriverDomain.Errors;

namespace XenDriverDomain.Access;

/// <summary>Errors about files that are the same however dom0 is reached.</summary>
internal static class FileErrors
{
    public static XenDriverDomainException TooLarge(string path, int limit) => new(
        ErrorIds.HostFileTooLarge,
        ErrorKind.Protocol,
        $"The file {path} on dom0 is larger than {limit} bytes, the most that is read of it.",
        "Look at the file: it is not what its name promises.",
        path);

    public static HostFileException Changed(string path, FilePiece piece, long length) => new(
        "replace", path, Errno.EIO, $"{piece.Source}, which goes into it, has {length} bytes now, and had {piece.Length}");
}
