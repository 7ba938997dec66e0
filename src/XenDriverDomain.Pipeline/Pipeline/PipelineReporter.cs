using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Pipeline;

/// <summary>Queues what the core reports, so that it is written on the pipeline thread, the only one that may.</summary>
internal sealed class PipelineReporter : IOperationReporter
{
    private readonly PSCmdlet _cmdlet;
    private readonly BlockingCollection<PipelineRecord> _records;
    private readonly string? _host;
    private readonly string? _about;
    private readonly bool _asksAtVerbose;
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private ProgressRecord? _shown;

    /// <summary>Reports to a cmdlet.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="records">The queue.</param>
    /// <param name="host">The host that is reported of, where there are several.</param>
    /// <param name="about">The host that is waited for; null when there is none yet.</param>
    internal PipelineReporter(PSCmdlet cmdlet, BlockingCollection<PipelineRecord> records, string? host, string? about)
    {
        _about = about;
        _cmdlet = cmdlet;
        _records = records;
        _host = host;

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
            _cmdlet.WriteDebug(HostNames.In(message, _host));
        }
        else
        {
            _cmdlet.WriteVerbose(HostNames.In(message, _host));
        }
    });

    /// <inheritdoc/>
    public void Debug(string message) => Queue(() => _cmdlet.WriteDebug(HostNames.In(message, _host)));

    /// <inheritdoc/>
    public void Warning(string message)
    {
        string told = HostNames.In(message, _host);
        Queue(() => _cmdlet.WriteWarning(told), () => _cmdlet.Host.UI.WriteWarningLine(told));
    }

    /// <inheritdoc/>
    public void Progress(string activity, string status, int percent) => Queue(() =>
    {
        _shown = percent >= 100 ? null : new ProgressRecord(0, HostNames.In(activity, _host), status) { PercentComplete = percent };
        _since.Restart();
        _cmdlet.WriteProgress(_shown ?? Completed(HostNames.In(activity, _host), status));
    });

    /// <summary>Tells, on the pipeline's thread, how long what is shown takes by now; where nothing is shown, that it is waited.</summary>
    public void Tick()
    {
        _shown ??= new ProgressRecord(0, _cmdlet.MyInvocation.MyCommand.Name, _about is null ? "Waiting" : $"Waiting for {_about}");
        _cmdlet.WriteProgress(new ProgressRecord(0, _shown.Activity, $"{_shown.StatusDescription} ({_since.Elapsed.TotalSeconds:0} s)")
        {
            PercentComplete = _shown.PercentComplete,
        });
    }

    /// <summary>Takes away, on the pipeline's thread, what is shown.</summary>
    public void EndProgress()
    {
        if (_shown is { } shown)
        {
            _shown = null;
            _cmdlet.WriteProgress(Completed(shown.Activity, shown.StatusDescription));
        }
    }

    private static ProgressRecord Completed(string activity, string status) =>
        new(0, activity, status) { PercentComplete = 100, RecordType = ProgressRecordType.Completed };

    /// <summary>Writes an object as soon as it is found, before the work has ended.</summary>
    public void Output(object value) => Queue(() => _cmdlet.WriteObject(value));

    private void Queue(Action write, Action? whenStopping = null)
    {
        try
        {
            _records.Add(new PipelineRecord(write, whenStopping));
        }
        catch (InvalidOperationException)
        {
            // The work has ended; a straggler's words have no reader any more.
        }
    }
}

/// <summary>Something to write.</summary>
/// <param name="Write">Writes it to the pipeline.</param>
/// <param name="WhenStopping">
/// Tells it to the host itself while the pipeline stops, when it takes nothing any more; null for what nobody needs then.
/// </param>
/// <remarks>A class, since a collection of a value type would have to be compiled when the first cmdlet runs.</remarks>
internal sealed record PipelineRecord(Action Write, Action? WhenStopping);
