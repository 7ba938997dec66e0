using System.Text;

namespace XenDriverDomain.Access.Ssh;

/// <summary>A script in progress: collects its outputs and completes when both have shown the marker.</summary>
internal sealed class RemoteOperation
{
    private const int ComplaintLimit = 4 * 1024 * 1024;
    private readonly MarkedStream[] _streams;
    private readonly bool _stopAtLimit;
    private readonly TaskCompletionSource<RemoteReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RemoteOperation(string marker, int limit, bool stopAtLimit)
    {
        byte[] bytes = [0, .. Encoding.ASCII.GetBytes(marker)];

        // A limit on what a file may hold is none on what a program may complain.
        _streams = [new MarkedStream(bytes, limit), new MarkedStream(bytes, stopAtLimit ? ComplaintLimit : limit)];
        _stopAtLimit = stopAtLimit;
    }

    public Task<RemoteReply> Reply => _reply.Task;

    public string ErrorText => Encoding.UTF8.GetString(_streams[1].ToArray());

    public void Take(int stream, ReadOnlySpan<byte> data)
    {
        _streams[stream].Append(data);
        bool stop = _stopAtLimit && _streams[0].Truncated;
        if (stop || _streams.All(one => one.IsComplete))
        {
            bool truncated = stop || (!_stopAtLimit && _streams.Any(one => one.Truncated));
            _reply.TrySetResult(new RemoteReply(_streams[0].Status, _streams[0].ToArray(), _streams[1].ToArray(), truncated));
        }
    }

    public void Fail(Exception exception) => _reply.TrySetException(exception);
}

/// <summary>What a script on the far side answered.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Output">Its standard output, up to the limit.</param>
/// <param name="Error">Its standard error, up to the limit.</param>
/// <param name="Truncated">Whether there was more.</param>
internal sealed record RemoteReply(int Status, byte[] Output, byte[] Error, bool Truncated)
{
    /// <summary>The status that <see cref="SshCommands"/> gives a program that is not there; no exit code is as large.</summary>
    public const int NotFound = 999;
}
