namespace XenDriverDomain.Simulation.Files;

/// <summary>
/// The one lock of a simulated machine. What others are to be told waits until the lock is free again and is told in order, so that
/// they may come back with questions.
/// </summary>
internal sealed class MachineLock
{
    private readonly object _gate = new();
    private readonly Queue<Action> _later = new();
    private bool _isTelling;

    /// <summary>Does something to the machine.</summary>
    public T Run<T>(Func<T> work)
    {
        try
        {
            lock (_gate)
            {
                return work();
            }
        }
        finally
        {
            Tell();
        }
    }

    /// <summary>Does something to the machine.</summary>
    public void Run(Action work) => Run(() =>
    {
        work();
        return true;
    });

    /// <summary>Has something told to others after the lock is released.</summary>
    public void Later(Action tell)
    {
        lock (_gate)
        {
            _later.Enqueue(tell);
        }
    }

    private void Tell()
    {
        // Within a call that holds the lock, or while another one tells, it waits for that one's end.
        while (!Monitor.IsEntered(_gate) && TryTake(out Action? tell))
        {
            try
            {
                tell!();
            }
            finally
            {
                lock (_gate)
                {
                    _isTelling = false;
                }
            }
        }
    }

    private bool TryTake(out Action? tell)
    {
        lock (_gate)
        {
            tell = null;
            return !_isTelling && (_isTelling = _later.TryDequeue(out tell));
        }
    }
}
