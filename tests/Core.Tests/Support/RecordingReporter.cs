using XenDriverDomain.Reporting;

namespace XenDriverDomain.Tests.Support;

/// <summary>Keeps what an operation told.</summary>
internal sealed class RecordingReporter : IOperationReporter
{
    public List<string> Verboses { get; } = [];

    public List<string> Debugs { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<(string Status, int Percent)> Steps { get; } = [];

    public void Verbose(string message) => Verboses.Add(message);

    public void Debug(string message) => Debugs.Add(message);

    public void Warning(string message) => Warnings.Add(message);

    public void Progress(string activity, string status, int percent) => Steps.Add((status, percent));
}
