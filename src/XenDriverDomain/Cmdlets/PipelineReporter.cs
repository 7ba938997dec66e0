using System.Collections.Concurrent;
using System.Management.Automation;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Cmdlets;

/// <summary>Queues what the core reports, so that it is written on the pipeline thread, the only one that may.</summary>
internal sealed class PipelineReporter : IOperationReporter
{
    private readonly Cmdlet _cmdlet;
    private readonly BlockingCollection<Action> _records;
    private readonly bool _asksAtVerbose;

    internal PipelineReporter(PSCmdlet cmdlet, BlockingCollection<Action> records)
    {
        _cmdlet = cmdlet;
        _records = records;

        // -Debug without -Verbose has PowerShell ask at every verbose line (MshCommandRuntime.VerbosePreference), and fail where it cannot.
        Dictionary<string, object> bound = cmdlet.MyInvocation.BoundParameters;
        _asksAtVerbose = bound.TryGetValue("Debug", out object? debug) && debug is SwitchParameter { IsPresent: true }
            && !bound.ContainsKey("Verbose");
    }

    /// <inheritdoc/>
    public void Verbose(string message) => Queue(() =>
    {
        if (_asksAtVerbose)
        {
            _cmdlet.WriteDebug(message);
        }
        else
        {
            _cmdlet.WriteVerbose(message);
        }
    });

    /// <inheritdoc/>
    public void Debug(string message) => Queue(() => _cmdlet.WriteDebug(message));

    /// <inheritdoc/>
    public void Warning(string message) => Queue(() => _cmdlet.WriteWarning(message));

    /// <inheritdoc/>
    public void Progress(string activity, string status, int percent) => Queue(() => _cmdlet.WriteProgress(
        new ProgressRecord(0, activity, status)
        {
            PercentComplete = percent,
            RecordType = percent >= 100 ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        }));

    /// <summary>Writes an object as soon as it is found, before the work has ended.</summary>
    public void Output(object value) => Queue(() => _cmdlet.WriteObject(value));

    private void Queue(Action write)
    {
        try
        {
            _records.Add(write);
        }
        catch (InvalidOperationException)
        {
            // The work has ended; a straggler's words have no reader any more.
        }
    }
}
