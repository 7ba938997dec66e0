using System.Text;

namespace XenDriverDomain.Access.Ssh;

/// <summary>A script in progress: collects its outputs and completes when both have shown the marker.</summary>
internal sealed class RemoteOperation
{
    private readonly MarkedStream[] _streams;
    private readonly bool _stopAtLimit;
    private readonly TaskCompletionSource<RemoteReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RemoteOperation(string marker, int limit, bool stopAtLimit)
    {
        byte[] bytes = [0, .. Encoding.ASCII.GetBytes(marker)];
        _streams = [new MarkedStream(bytes, limit), new MarkedStream(bytes, limit)];
        _stopAtLimit = stopAtLimit;
    }

    public Task<RemoteReply> Reply => _reply.Task;

    public string ErrorText => Encoding.UTF8.GetString(_streams[1].ToArray());

    public void Take(int stream, ReadOnlySpan<byte> data)
    {
        _streams[stream].Append(data);
        bool truncated = _streams[0].Truncated || _streams[1].Truncated;
        if (_streams.All(one => one.IsComplete) || (truncated && _stopAtLimit))
        {
            _reply.TrySetResult(new RemoteReply(_streams[0].Status, _streams[0].ToArray(), _streams[1].ToArray(), truncated));
        }
    }

    public void Fail(Exception exception) => _reply.TrySetException(exception);
}
