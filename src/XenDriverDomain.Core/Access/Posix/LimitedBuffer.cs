namespace XenDriverDomain.Access.Posix;

/// <summary>Keeps the first bytes of a stream and remembers whether there were more.</summary>
internal sealed class LimitedBuffer(int limit)
{
    private byte[] _kept = [];
    private int _length;

    public bool Truncated { get; private set; }

    public void Append(ReadOnlySpan<byte> data)
    {
        int taken = Math.Min(data.Length, limit - _length);
        Truncated |= taken < data.Length;
        if (_length + taken > _kept.Length)
        {
            Array.Resize(ref _kept, Math.Min(limit, Math.Max(_length + taken, _kept.Length * 2)));
        }

        data[..taken].CopyTo(_kept.AsSpan(_length));
        _length += taken;
    }

    public byte[] ToArray() => _kept[.._length];
}
