namespace XenDriverDomain.Access.Posix;

/// <summary>Both outputs of a process, up to a limit each.</summary>
internal sealed class LimitedOutput(int limit) : IOutputSink
{
    private readonly LimitedBuffer[] _streams = [new(limit), new(limit)];

    public bool Truncated => _streams.Any(stream => stream.Truncated);

    public void Take(int stream, ReadOnlySpan<byte> data) => _streams[stream].Append(data);

    public void End()
    {
    }

    public byte[] ToArray(int stream) => _streams[stream].ToArray();
}
