namespace XenDriverDomain.Access.Local;

/// <summary>Keeps the first bytes of a stream and remembers whether there were more.</summary>
internal sealed class LimitedBuffer(int limit)
{
    private readonly MemoryStream _kept = new();

    public bool Truncated { get; private set; }

    public void Append(ReadOnlySpan<byte> data)
    {
        int room = limit - (int)_kept.Length;
        Truncated |= data.Length > room;
        _kept.Write(data[..Math.Min(data.Length, room)]);
    }

    public byte[] ToArray() => _kept.ToArray();
}
