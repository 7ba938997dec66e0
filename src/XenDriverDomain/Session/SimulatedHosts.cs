using System.Collections;
using System.Management.Automation;
using XenDriverDomain.Checks;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation;
using XenDriverDomain.Simulation.Descriptions;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Snapshots;
using XenDriverDomain.Snapshots;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Session;

/// <summary>What a simulated host is to be like, from the parameters that describe it.</summary>
internal static class SimulatedHosts
{
    /// <summary>A machine by its name, or by the path of its data file.</summary>
    /// <param name="machine">What the user gave.</param>
    /// <param name="read">Reads a data file: its path as the user calls it, to a table.</param>
    /// <param name="faults">What else goes wrong on it.</param>
    /// <exception cref="XenDriverDomainException">MachineNotFound, or what is wrong with its file.</exception>
    internal static SimulatedHostOptions OfMachine(string machine, Func<string, IDictionary> read, IEnumerable<string> faults)
    {
        FaultPlan plan = FaultPlan.Parse(faults);
        SimulatedHostOptions options = machine.ToLowerInvariant() switch
        {
            SimulatedMachines.Default => new SimulatedHostOptions { Host = DefaultHost.Create() },
            SimulatedMachines.Lab => new SimulatedHostOptions { Host = LabHost.Create() },
            _ => Described(SimulatedMachines.IsPath(machine) ? machine : SimulatedMachines.Find(machine) ?? throw NotFound(machine), read),
        };
        return options with { Faults = new FaultPlan([.. options.Faults.Faults, .. plan.Faults]) };
    }

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
                $"The snapshot '{Terminal.Text.Show(path)}' cannot be read: {FileReason.Of(e, path)}.",
                "Give the path of a file that Save-XenDom0 wrote.",
                path,
                e);
        }
    }

    /// <summary>The facts of a simulated host, with the handle on the host itself: programs on it, its clock, what befalls it.</summary>
    internal static PSObject WithSimulation(HostFacts facts, SimulatedDom0 host)
    {
        PSObject shown = PSObject.AsPSObject(facts);
        shown.Properties.Add(new PSNoteProperty("Simulation", host));
        return shown;
    }

    private static SimulatedHostOptions Described(string file, Func<string, IDictionary> read) =>
        MachineDescription.Read(read(file), file, Path.GetFileNameWithoutExtension(file));

    private static XenDriverDomainException NotFound(string machine) => new(
        ModuleErrorIds.MachineNotFound,
        ErrorKind.NotFound,
        $"There is no machine called '{Terminal.Text.Show(machine)}' to be simulated.",
        NearNames.Hint(machine, SimulatedMachines.Names)
            + $"Name one of {string.Join(", ", SimulatedMachines.Names)}; or a file that describes one, as a path such as ./machine.psd1.",
        machine);
}
