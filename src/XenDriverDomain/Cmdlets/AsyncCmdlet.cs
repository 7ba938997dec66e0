using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.ExceptionServices;
using XenDriverDomain.Binding;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Session;

namespace XenDriverDomain.Cmdlets;

/// <summary>
/// The base of every cmdlet of this module: runs the core's asynchronous code from the pipeline thread, writes what it reports
/// on that thread, turns Ctrl+C into a cancellation, and maps errors, the core's and any other, to error records of ours in one place.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private bool _disposed;

    /// <summary>Cancelled when the user stops the pipeline.</summary>
    protected CancellationToken StopToken => _stop.Token;

    /// <summary>The host that is worked on now, whose services tell what they do; null when there is none.</summary>
    private protected HostSession? CurrentHost { get; set; }

    /// <summary>Disposes what the cmdlet holds; PowerShell calls it at the end of the pipeline.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Whoever is at the other end of a job or a remote session gets copies.
        if (Host.Name == "ServerRemoteHost")
        {
            foreach (OutputTypeAttribute outputs in GetType().GetCustomAttributes<OutputTypeAttribute>())
            {
                foreach (PSTypeName output in outputs.Type.Where(output => output.Type is not null))
                {
                    KeepParts(output.Type);
                    KeepNames(output.Type);
                }
            }
        }
    }

    /// <summary>
    /// Has copies of a type's objects keep the properties of what these consist of, as of a device's uses. PowerShell keeps one level by
    /// itself, and makes text of the rest. A types file could say so too, but would take a tenth of each import of the module.
    /// </summary>
    private protected void KeepParts(Type type) => UpdateType(type, "-SerializationDepth 2");

    // Of a state PowerShell makes a number that only shows as its name, and that Where-Object looks for in vain.
    private void KeepNames(Type type)
    {
        Type[] parts = [type, .. type.GetProperties().SelectMany(property => property.PropertyType.GetGenericArguments())];
        foreach (Type one in parts
            .SelectMany(part => part.GetProperties())
            .Select(property => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
            .Where(one => one.IsEnum && one.Assembly == type.Assembly)
            .Distinct())
        {
            UpdateType(one, "-SerializationMethod String");
        }
    }

    private void UpdateType(Type type, string how)
    {
        try
        {
            InvokeCommand.InvokeScript(
                $@"Microsoft.PowerShell.Utility\Update-TypeData -TypeName {type.FullName} {how} -Force"
                + " -WhatIf:$false -Confirm:$false -Verbose:$false");
        }
        catch (CommandNotFoundException)
        {
            WriteVerbose($"This session has no Update-TypeData: another one gets objects of {type} without what their parts are.");
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
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

    /// <summary>Disposes what the cmdlet holds.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _stop.Dispose();
        }
    }

    /// <summary>Runs asynchronous work to its end, writing its records on this thread meanwhile.</summary>
    /// <exception cref="PipelineStoppedException">The user stopped the pipeline.</exception>
    private protected T Wait<T>(Func<PipelineReporter, CancellationToken, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        using BlockingCollection<PipelineRecord> records = [];
        PipelineReporter reporter = new(this, records, HostToName, CurrentHost?.Dom0.Id);
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
            TellHost(() => Host.UI.WriteErrorLine($"{message} {e.Remedy}".TrimEnd()));
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
    private protected void Wait(Func<PipelineReporter, CancellationToken, Task> work) =>
        Wait<object?>(async (reporter, token) =>
        {
            await work(reporter, token).ConfigureAwait(false);
            return null;
        });

    /// <summary>
    /// Runs work for one input object. An error is written for that object, and the next one can still succeed.
    /// </summary>
    /// <returns>False when an error was written.</returns>
    protected bool TryFor(object? target, Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            work();
            return true;
        }
        catch (Exception e) when (IsToBeTold(e))
        {
            NoteFailure();
            WriteError(Record(Told(e), target));
            return false;
        }
    }

    /// <summary>
    /// Writes an error for each object among the arguments that stands for nothing that is taken there; nothing is done with the others of
    /// the same record.
    /// </summary>
    /// <returns>True when there was one.</returns>
    private protected bool RefusesInput()
    {
        bool isAny = false;
        foreach (string text in MyInvocation.BoundParameters.Values.SelectMany(value => value switch
        {
            string one => (string[])[one],
            string[] several => several,
            _ => [],
        }))
        {
            if (WrongObject.In(text, MyInvocation.MyCommand.Name) is { } error)
            {
                isAny = true;
                TryFor(null, () => throw error);
            }
        }

        return isAny;
    }

    /// <summary>What nothing can be done without: an error ends the cmdlet.</summary>
    private protected T Require<T>(Func<T> find)
    {
        try
        {
            return find();
        }
        catch (Exception e) when (IsToBeTold(e))
        {
            ThrowTerminatingError(Record(Told(e), null));
            throw;
        }
    }

    // PowerShell's own exceptions pass: how a pipeline is stopped, and what failed in another command, into which a Write method led.
    private static bool IsToBeTold(Exception e) => e is not IContainsErrorRecord && !AnyError.IsFatal(e);

    /// <summary>An error is written for one of several that were to be worked on.</summary>
    private protected virtual void NoteFailure()
    {
    }

    private ErrorRecord Record(XenDriverDomainException error, object? target) =>
        ErrorRecords.From(error, target, HostNames.In(error.Message, HostToName), RemedyFor(error, target));

    /// <summary>What can be done about an error; what the error itself says, unless the cmdlet knows better.</summary>
    private protected virtual string RemedyFor(XenDriverDomainException error, object? target) => error.Remedy;

    // Where a session has several hosts, what is told of one says of which.
    private string? HostToName => CurrentHost is { } host && Connections.Here().All.Count > 1 ? host.Dom0.Id : null;

    private XenDriverDomainException Told(Exception e) => AnyError.From(e, MyInvocation.MyCommand.Name, CurrentHost?.Dom0.Id);
}
