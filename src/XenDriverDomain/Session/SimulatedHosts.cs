using XenDriverDomain.Errors;
using XenDriverDomain.Simulation;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Snapshots;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Session;

/// <summary>What a simulated host is to be like, from the parameters that describe it.</summary>
internal static class SimulatedHosts
{
    /// <summary>One of the built-in machines.</summary>
    internal static SimulatedHostOptions BuiltIn(SimulatedMachineKind machine, IEnumerable<string> faults) => new()
    {
        Host = machine == SimulatedMachineKind.Lab ? LabHost.Create() : DefaultHost.Create(),
        Faults = FaultPlan.Parse(faults),
    };

    /// <summary>The host that a file of Save-XenDom0 describes.</summary>
    /// <exception cref="XenDriverDomainException">SnapshotFileNotReadable, or what is wrong with its content.</exception>
    internal static SimulatedHostOptions FromSnapshot(string path, IEnumerable<string> faults)
    {
        FaultPlan plan = FaultPlan.Parse(faults);
        try
        {
            using FileStream stream = File.OpenRead(path);
            return SnapshotHost.Options(HostSnapshot.Read(stream)) with { Id = "snapshot", Faults = plan };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new XenDriverDomainException(
                ModuleErrorIds.SnapshotFileNotReadable,
                ErrorKind.NotFound,
                $"The snapshot '{Terminal.Text.Show(path)}' cannot be read: {FileReason.Of(e)}.",
                "Give the path of a file that Save-XenDom0 wrote.",
                path,
                e);
        }
    }
}
