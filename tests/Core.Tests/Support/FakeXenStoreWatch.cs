using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.Support;

/// <summary>A watch of <see cref="FakeXenStore"/>; events not yet taken are merged by path.</summary>
internal sealed class FakeXenStoreWatch(string path, Action<FakeXenStoreWatch> forget) : IXenStoreWatch
{
    private readonly object _lock = new();
    private readonly List<string> _events = [];
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is watched.</summary>
    public string Path { get; } = path;

    /// <summary>Adds an event.</summary>
    public void Add(string changed)
    {
        lock (_lock)
        {
            if (!_events.Contains(changed))
            {
                _events.Add(changed);
            }

            _arrival.TrySetResult();
        }
    }

    /// <summary>Ends the waits with the loss of the connection.</summary>
    public void Break(Exception lost)
    {
        lock (_lock)
        {
            _arrival.TrySetException(lost);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrival;
            lock (_lock)
            {
                if (_events.Count > 0)
                {
                    string first = _events[0];
                    _events.RemoveAt(0);
                    return first;
                }

                if (_arrival.Task.IsCompletedSuccessfully)
                {
                    _arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                arrival = _arrival.Task;
            }

            await arrival.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        forget(this);
        return ValueTask.CompletedTask;
    }
}
