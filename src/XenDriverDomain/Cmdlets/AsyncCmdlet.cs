using System.Management.Automation;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Pipeline;

namespace XenDriverDomain.Cmdlets;

/// <summary>
/// The base of every cmdlet of this module, which is to run the core's asynchronous code from the pipeline's thread: how that is done is
/// said by <see cref="PipelineWork"/>.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    /// <summary>Prepares the work.</summary>
    protected AsyncCmdlet() => Work = new PipelineWork(this, NoteFailure, RemedyFor);

    /// <summary>How it is done.</summary>
    private protected PipelineWork Work { get; }

    /// <summary>Cancelled when the user stops the pipeline.</summary>
    protected CancellationToken StopToken => Work.StopToken;

    /// <summary>The host that is worked on now, whose services tell what they do; null when there is none.</summary>
    private protected HostSession? CurrentHost
    {
        get => Work.CurrentHost;
        set => Work.CurrentHost = value;
    }

    /// <summary>Disposes what the cmdlet holds; PowerShell calls it at the end of the pipeline.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void BeginProcessing() => OutputCopies.Prepare(this);

    /// <inheritdoc/>
    protected override void StopProcessing() => Work.Stop();

    /// <summary>Disposes what the cmdlet holds.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Work.Dispose();
        }
    }

    /// <summary>Runs asynchronous work to its end, writing its records on this thread meanwhile.</summary>
    /// <exception cref="PipelineStoppedException">The user stopped the pipeline.</exception>
    private protected T Wait<T>(Func<PipelineReporter, CancellationToken, Task<T>> work) => Work.Wait(work);

    /// <summary>Runs asynchronous work that has no result.</summary>
    private protected void Wait(Func<PipelineReporter, CancellationToken, Task> work) => Work.Wait(work);

    /// <summary>
    /// Runs work for one input object. An error is written for that object, and the next one can still succeed.
    /// </summary>
    /// <returns>False when an error was written.</returns>
    protected bool TryFor(object? target, Action work) => Work.TryFor(target, work);

    /// <summary>
    /// Writes an error for each object among the arguments that stands for nothing that is taken there; nothing is done with the others of
    /// the same record.
    /// </summary>
    /// <returns>True when there was one.</returns>
    private protected bool RefusesInput() => Work.RefusesInput();

    /// <summary>What nothing can be done without: an error ends the cmdlet.</summary>
    private protected T Require<T>(Func<T> find) => Work.Require(find);

    /// <summary>An error is written for one of several that were to be worked on.</summary>
    private protected virtual void NoteFailure()
    {
    }

    /// <summary>What can be done about an error; what the error itself says, unless the cmdlet knows better.</summary>
    private protected virtual string RemedyFor(XenDriverDomainException error, object? target) => error.Remedy;
}
