using System.Collections.Concurrent;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>Keeps the warnings.</summary>
internal sealed class Told : IOperationReporter
{
    public List<string> Warnings { get; } = [];

    public ConcurrentQueue<string> Debugs { get; } = [];

    public void Verbose(string message)
    {
    }

    public void Debug(string message) => Debugs.Enqueue(message);

    public void Warning(string message) => Warnings.Add(message);

    public void Progress(string activity, string status, int percent)
    {
    }
}
