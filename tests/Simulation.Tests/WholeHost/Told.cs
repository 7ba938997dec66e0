using System.Collections.Concurrent;
using XenDriverDomain.Hosts;
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

/// <summary>Who hears what is told of a host.</summary>
internal static class Hearing
{
    /// <summary>The session, of whose host somebody hears from now on.</summary>
    public static HostSession HeardBy(this HostSession session, IOperationReporter? listener)
    {
        session.Dom0.Reporter.Listen(listener);
        return session;
    }
}
