namespace XenDriverDomain.Access;

/// <summary>A piece of a file that dom0 puts together: bytes that are sent there, or a whole other file of dom0's, which is not.</summary>
public sealed record FilePiece
{
    private FilePiece(ReadOnlyMemory<byte> bytes, string? source, long length)
    {
        Bytes = bytes;
        Source = source;
        Length = length;
    }

    /// <summary>The bytes; empty for a file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Absolute path of the other file, links followed; null for bytes.</summary>
    public string? Source { get; }

    /// <summary>How many bytes it has: a file must not have changed its length since it was looked at.</summary>
    public long Length { get; }

    /// <summary>Bytes that are sent.</summary>
    public static FilePiece Of(ReadOnlyMemory<byte> bytes) => new(bytes, null, bytes.Length);

    /// <summary>Another file, as it is.</summary>
    /// <param name="source">Absolute path.</param>
    /// <param name="length">Its length in bytes.</param>
    public static FilePiece Of(string source, long length) => new(default, HostPath.Require(source), length);
}
