using XenDriverDomain.Reporting;

namespace XenDriverDomain.Tests.DriverDomains;

/// <summary>Keeps what an operation told.</summary>
internal sealed class ReporterLog : IOperationReporter
{
    public List<string> Warnings { get; } = [];

    public List<string> VerboseLines { get; } = [];

    public void Verbose(string message) => VerboseLines.Add(message);

    public void Debug(string message)
    {
    }

    public void Warning(string message) => Warnings.Add(message);

    public void Progress(string activity, string status, int percent)
    {
    }
}
