using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.ExceptionServices;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Session;

namespace XenDriverDomain.Pipeline;

/// <summary>
/// What every cmdlet of this module does with the core: runs its asynchronous code from the pipeline's thread, writes what it reports on
/// that thread, turns Ctrl+C into a cancellation, and maps errors, the core's and any other, to error records of ours in one place.
/// </summary>
internal sealed class PipelineWork : IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private readonly PSCmdlet _cmdlet;
    private readonly Action _noteFailure;
    private readonly Func<XenDriverDomainException, object?, string> _remedyFor;
    private readonly CancellationTokenSource _stop = new();
    private bool _disposed;

    /// <summary>Prepares the work of a cmdlet.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="noteFailure">Told that an error is written for one of several that were to be worked on.</param>
    /// <param name="remedyFor">What can be done about an error that happened to an object.</param>
    internal PipelineWork(PSCmdlet cmdlet, Action noteFailure, Func<XenDriverDomainException, object?, string> remedyFor)
    {
        _cmdlet = cmdlet;
        _noteFailure = noteFailure;
        _remedyFor = remedyFor;
    }

    /// <summary>Cancelled when the user stops the pipeline.</summary>
    internal CancellationToken StopToken => _stop.Token;

    /// <summary>The host that is worked on now, whose services tell what they do; null when there is none.</summary>
    internal HostSession? CurrentHost { get; set; }

    /// <summary>Cancels the work.</summary>
    internal void Stop()
    {
        // Runs on another thread than the pipeline's, possibly after it has ended or while it does.
        if (!_disposed)
        {
            try
            {
                _stop.Cancel();
            }
            catch (Exception e) when (e is ObjectDisposedException or AggregateException)
            {
                // The cmdlet has ended; or what was to end threw, which the work tells if it matters.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _stop.Dispose();
        }
    }

    /// <summary>Runs asynchronous work to its end, writing its records on this thread meanwhile.</summary>
    /// <exception cref="PipelineStoppedException">The user stopped the pipeline.</exception>
    internal T Wait<T>(Func<PipelineReporter, CancellationToken, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        using BlockingCollection<PipelineRecord> records = [];
        PipelineReporter reporter = new(_cmdlet, records, HostToName, CurrentHost?.Dom0.Id);
        CurrentHost?.Dom0.Reporter.Listen(reporter);
        TimeProvider? time = CurrentHost?.Dom0.Time;
        Task<T> task = Task.Run(
            () =>
            {
                // A simulated host's clock stands while there is anything to do in the name of whoever looks at it: all of this.
                time?.GetTimestamp();
                return work(reporter, _stop.Token);
            },
            CancellationToken.None);
        _ = task.ContinueWith(
            _ => records.CompleteAdding(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        ExceptionDispatchInfo? stopped = WriteAll(records, reporter);
        try
        {
            T result = task.GetAwaiter().GetResult();
            stopped?.Throw();
            return result;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            stopped?.Throw();
            throw new PipelineStoppedException();
        }
        catch (XenDriverDomainException e) when (_stop.IsCancellationRequested)
        {
            // The pipeline takes no error any more, and what could not be undone must not be lost.
            string message = HostNames.In(e.Message, HostToName);
            TellHost(() => _cmdlet.Host.UI.WriteErrorLine($"{message} {e.Remedy}".TrimEnd()));
            stopped?.Throw();
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (IsToBeTold(e) && e is not XenDriverDomainException)
        {
            throw Told(e);
        }
        finally
        {
            CurrentHost?.Dom0.Reporter.Listen(null);
        }
    }

    // A Write method throws when the pipeline stops: by Ctrl+C, by -WarningAction Stop, by Select-Object -First. The work is then
    // cancelled, and must still end (and undo what it did) before the cmdlet does.
    private ExceptionDispatchInfo? WriteAll(BlockingCollection<PipelineRecord> records, PipelineReporter reporter)
    {
        ExceptionDispatchInfo? stopped = null;
        bool isOver = false;
        while (!isOver)
        {
            // Whatever takes longer than that is seen to be at work, and for how long.
            bool isAny = records.TryTake(out PipelineRecord? record, s_tick);
            isOver = !isAny && records.IsCompleted;
            if (_stop.IsCancellationRequested)
            {
                TellHost(record?.WhenStopping);
                continue;
            }

            try
            {
                if (isAny)
                {
                    record!.Write();
                }
                else if (isOver)
                {
                    reporter.EndProgress();
                }
                else
                {
                    reporter.Tick();
                }
            }
            catch (Exception e) when (!AnyError.IsFatal(e))
            {
                stopped = ExceptionDispatchInfo.Capture(e);
                _stop.Cancel();
            }
        }

        return stopped;
    }

    // A host that cannot be told, because its window is gone or it is another machine's, must not keep the work from its end.
    private static void TellHost(Action? tell)
    {
        try
        {
            tell?.Invoke();
        }
        catch (Exception e) when (!AnyError.IsFatal(e))
        {
            // Nobody is left to tell.
        }
    }

    /// <summary>Runs asynchronous work that has no result.</summary>
    internal void Wait(Func<PipelineReporter, CancellationToken, Task> work) =>
        Wait<object?>(async (reporter, token) =>
        {
            await work(reporter, token).ConfigureAwait(false);
            return null;
        });

    /// <summary>Runs work on every host that is meant; an error on one is written, and the next one goes on.</summary>
    /// <param name="names">The hosts' ids, or patterns of them; null for the default host.</param>
    /// <param name="check">Looks whether anything may be done on a host, before it is looked for what.</param>
    /// <param name="work">The work.</param>
    /// <returns>False when nothing was begun: the arguments were not what is taken, or no host is meant.</returns>
    internal bool ForEachHost(string[]? names, Action<HostSession> check, Action<HostSession> work)
    {
        IReadOnlyList<HostSession> hosts = [];
        if (RefusesInput() || !TryFor(null, () => hosts = Connections.Here().Meant(names)))
        {
            return false;
        }

        foreach (HostSession host in hosts)
        {
            ForHost(host, check, () => work(host));
        }

        return true;
    }

    /// <summary>Runs work on one host, whose services are heard meanwhile; an error is written.</summary>
    internal void ForHost(HostSession host, Action<HostSession> check, Action work)
    {
        HostSession? before = CurrentHost;
        CurrentHost = host;
        try
        {
            TryFor(null, () =>
            {
                check(host);
                work();
            });
        }
        finally
        {
            CurrentHost = before;
        }
    }

    /// <summary>
    /// Runs work for one input object. An error is written for that object, and the next one can still succeed.
    /// </summary>
    /// <returns>False when an error was written.</returns>
    internal bool TryFor(object? target, Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            work();
            return true;
        }
        catch (Exception e) when (IsToBeTold(e))
        {
            _noteFailure();
            _cmdlet.WriteError(Record(Told(e), target));
            return false;
        }
    }

    /// <summary>
    /// Writes an error for each object among the arguments that stands for nothing that is taken there; nothing is done with the others of
    /// the same record.
    /// </summary>
    /// <returns>True when there was one.</returns>
    internal bool RefusesInput()
    {
        bool isAny = false;
        foreach (object? value in _cmdlet.MyInvocation.BoundParameters.Values)
        {
            foreach (string text in value as string[] ?? (value is string one ? [one] : []))
            {
                if (WrongObject.In(text, _cmdlet.MyInvocation.MyCommand.Name) is { } error)
                {
                    isAny = true;
                    TryFor(null, () => throw error);
                }
            }
        }

        return isAny;
    }

    /// <summary>What nothing can be done without: an error ends the cmdlet.</summary>
    internal T Require<T>(Func<T> find)
    {
        try
        {
            return find();
        }
        catch (Exception e) when (IsToBeTold(e))
        {
            _cmdlet.ThrowTerminatingError(Record(Told(e), null));
            throw;
        }
    }

    // PowerShell's own exceptions pass: how a pipeline is stopped, and what failed in another command, into which a Write method led.
    private static bool IsToBeTold(Exception e) => e is not IContainsErrorRecord && !AnyError.IsFatal(e);

    private ErrorRecord Record(XenDriverDomainException error, object? target) =>
        ErrorRecords.From(error, target, HostNames.In(error.Message, HostToName), _remedyFor(error, target));

    // Where a session has several hosts, what is told of one says of which.
    private string? HostToName => CurrentHost is { } host && Connections.Here().All.Count > 1 ? host.Dom0.Id : null;

    private XenDriverDomainException Told(Exception e) => AnyError.From(e, _cmdlet.MyInvocation.MyCommand.Name, CurrentHost?.Dom0.Id);
}
