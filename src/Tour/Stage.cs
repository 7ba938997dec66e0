using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Reporting;
using XenDriverDomain.Simulation;

namespace XenDriverDomain.Tour;

/// <summary>The simulated host that the tour takes place on, and how its steps are told.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly TextWriter _output;
    private readonly Teller _reporter;
    private readonly SimulatedDom0 _dom0 = SimulatedDom0.Create();
    private readonly long _begun;

    public Stage(TextWriter output)
    {
        _output = output;
        _reporter = new Teller(this);
        _begun = _dom0.Time.GetTimestamp();
        Host = HostSession.Of(_dom0.CreateDom0());
    }

    /// <summary>The host's services.</summary>
    public HostSession Host { get; }

    /// <summary>How much time has passed on the host.</summary>
    public TimeSpan HostTime => _dom0.Time.GetElapsedTime(_begun);

    /// <summary>Names a step, and the command lines that do the same.</summary>
    public void Begin(int number, TourStep step)
    {
        _output.WriteLine($"\n{number}. {step.Title}");
        foreach (string line in step.Cmdlets)
        {
            _output.WriteLine($"   PS> {line}");
        }
    }

    /// <summary>Tells something.</summary>
    public void Say(string text) => _output.WriteLine("   " + text.ReplaceLineEndings("\n   "));

    /// <summary>Tells rows in columns.</summary>
    public void Show(params IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            _output.WriteLine("   " + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    /// <summary>Plans a change on the tour's host, shows the plan, carries it out and reads back.</summary>
    public Task<T> ChangeAsync<T>(
        Func<HostSession, Task<PlannedChange<T>>> planAsync, CancellationToken cancellationToken) =>
        ChangeAsync(Host, planAsync, cancellationToken);

    /// <summary>The same on another host.</summary>
    public async Task<T> ChangeAsync<T>(
        HostSession host, Func<HostSession, Task<PlannedChange<T>>> planAsync, CancellationToken cancellationToken)
    {
        host.Dom0.Reporter.Listen(_reporter);
        PlannedChange<T> change = await planAsync(host);
        Say($"Plan: {change.Plan.Title}");
        Say("  " + change.Plan.Describe().ReplaceLineEndings("\n  "));
        await change.Plan.RunAsync(host.Hand, cancellationToken);
        return await change.ReadBackAsync(cancellationToken);
    }

    /// <summary>Does what must fail, and tells how.</summary>
    public async Task FailAsync(string errorId, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (XenDriverDomainException e) when (e.ErrorId == errorId)
        {
            Say($"{e.ErrorId}: {e.Message}");
            Say($"Remedy: {e.Remedy}");
            return;
        }

        throw new TourException($"it did not fail with {errorId}");
    }

    /// <summary>Requires what the step is to show.</summary>
    public static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new TourException(otherwise);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _dom0.DisposeAsync();
    }

    /// <summary>Tells warnings; the plan and what is read back say the rest.</summary>
    private sealed class Teller(Stage stage) : IOperationReporter
    {
        public void Warning(string message) => stage.Say($"Warning: {message}");

        public void Verbose(string message)
        {
        }

        public void Debug(string message)
        {
        }

        public void Progress(string activity, string status, int percent)
        {
        }
    }
}
