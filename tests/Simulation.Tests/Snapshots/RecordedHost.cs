using System.Text;
using XenDriverDomain.Hosts;
using XenDriverDomain.Simulation.Snapshots;
using XenDriverDomain.Simulation.Tests.WholeHost;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Simulation.Tests.Snapshots;

/// <summary>A host that was made of the recording of another one.</summary>
internal sealed class RecordedHost : IAsyncDisposable
{
    private RecordedHost(HostSnapshot snapshot)
    {
        Dom0 = SimulatedDom0.Create(SnapshotHost.Options(snapshot) with { Id = "copy" });
        Session = HostSession.Of(Dom0.CreateDom0());
    }

    public SimulatedDom0 Dom0 { get; }

    public HostSession Session { get; }

    /// <summary>Records a host, writes the recording, reads it, and simulates what was read.</summary>
    public static async Task<RecordedHost> OfAsync(HostSession session) => new(ThroughJson(await session.Recorder.RecordAsync(default)));

    public static RecordedHost Of(HostSnapshot snapshot) => new(snapshot);

    public static HostSnapshot ThroughJson(HostSnapshot snapshot)
    {
        using MemoryStream file = new();
        snapshot.Write(file);
        file.Position = 0;
        return HostSnapshot.Read(file);
    }

    /// <summary>The text of a recording, whenever it was made, but for what was left out: a copy lacks that from the start.</summary>
    public static string Text(HostSnapshot snapshot)
    {
        using MemoryStream file = new();
        (snapshot with { RecordedAt = default, LeftOut = [] }).Write(file);
        return Encoding.UTF8.GetString(file.ToArray());
    }

    /// <summary>A simulated host on which a driver domain serves a client.</summary>
    public static async Task<SimulatedHost> ServingAsync()
    {
        SimulatedHost host = new();
        await host.ServeAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await Dom0.DisposeAsync();
    }
}
