using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Time;

namespace XenDriverDomain.Simulation.Programs;

/// <summary>One run of a program: what it was called with, and how it waits.</summary>
internal sealed class ProgramRun
{
    private readonly CommandRequest _request;
    private readonly SimulatedTime _time;
    private IDisposable _busy;

    /// <summary>Begins a run; the clock is held until <see cref="End"/>.</summary>
    internal ProgramRun(CommandRequest request, SimulatedTime time)
    {
        _request = request;
        _time = time;
        _busy = time.Busy();
    }

    /// <summary>The arguments, without the program's own name.</summary>
    public IReadOnlyList<string> Arguments => _request.Arguments;

    /// <summary>What it reads from its standard input.</summary>
    public ReadOnlyMemory<byte> StandardInput => _request.StandardInput;

    /// <summary>Sleeps on the simulated clock.</summary>
    /// <param name="time">How long.</param>
    /// <param name="cancellationToken">Ends the sleep.</param>
    public Task DelayAsync(TimeSpan time, CancellationToken cancellationToken) =>
        WaitAsync(Task.Delay(time, _time, cancellationToken));

    /// <summary>Waits for something that the simulated world brings about, and lets its clock go on.</summary>
    /// <param name="task">What is waited for; it should observe the run's cancellation.</param>
    public async Task WaitAsync(Task task)
    {
        _busy.Dispose();
        try
        {
            await task.ConfigureAwait(false);
        }
        finally
        {
            _busy = _time.Busy();
        }
    }

    /// <summary>Lets the clock go on.</summary>
    internal void End() => _busy.Dispose();
}
