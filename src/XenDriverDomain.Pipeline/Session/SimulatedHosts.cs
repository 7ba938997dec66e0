using System.Collections;
using System.Collections.Specialized;
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
    private const string Table = "The table after -Machine";
    private const string OrDescribe = "or give what describes one: the path of a file such as ./machine.psd1, or its table @{ … }";
    private const string HostName = "HostName";
    private const int DeepestTable = 8;

    /// <summary>A machine by its name, by the path of its data file, or by the table that such a file has.</summary>
    /// <param name="machine">What the user gave.</param>
    /// <param name="read">Reads a data file: its path as the user calls it, to a table.</param>
    /// <param name="faults">What else goes wrong on it.</param>
    /// <exception cref="XenDriverDomainException">MachineNotFound, or what is wrong with its file.</exception>
    internal static SimulatedHostOptions OfMachine(object machine, Func<string, IDictionary> read, IEnumerable<string> faults)
    {
        FaultPlan plan = FaultPlan.Parse(faults);
        SimulatedHostOptions options = Bare(machine) switch
        {
            IDictionary table => MachineDescription.Read((IDictionary)Bare(table, 0)!, Table, NameIn(table)),
            string name => OfName(name, read),
            FileInfo file => OfName(file.FullName, read),
            var other => throw NoMachine(other),
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

        // Known to be new there: otherwise PowerShell reflects on the whole type first.
        shown.Properties.Add(new PSNoteProperty("Simulation", host), preValidated: true);
        return shown;
    }

    /// <summary>How a machine is called to whom it was given by.</summary>
    internal static string Show(object machine) => Bare(machine) switch
    {
        IDictionary table => NameIn(table),
        string name => name,
        var other => LanguagePrimitives.ConvertTo<string>(other),
    };

    private static SimulatedHostOptions OfName(string machine, Func<string, IDictionary> read) => machine.ToLowerInvariant() switch
    {
        SimulatedMachines.Default => new SimulatedHostOptions { Host = DefaultHost.Create() },
        SimulatedMachines.Lab => new SimulatedHostOptions { Host = LabHost.Create() },
        _ => Described(SimulatedMachines.IsPath(machine) ? machine : SimulatedMachines.Find(machine) ?? throw NotFound(machine), read),
    };

    private static object? Bare(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    // What a script has put together may be wrapped at any depth, which the reader knows nothing of; no description is that deep.
    private static object? Bare(object? value, int depth)
    {
        object? bare = Bare(value);
        if (depth == DeepestTable)
        {
            return bare;
        }

        switch (bare)
        {
            case IDictionary table:
                OrderedDictionary copy = [];
                foreach (DictionaryEntry entry in table)
                {
                    copy.Add(Bare(entry.Key)!, Bare(entry.Value, depth + 1));
                }

                return copy;
            case IList list:
                return list.Cast<object?>().Select(item => Bare(item, depth + 1)).ToArray();
            default:
                return bare;
        }
    }

    private static string NameIn(IDictionary table) => Bare(table[HostName]) is string { Length: > 0 } name ? name : "described";

    private static XenDriverDomainException NoMachine(object? value) => new(
        ModuleErrorIds.MachineNotFound,
        ErrorKind.InvalidArgument,
        $"A machine to be simulated is a name, a file or a table, and no {((value as PSObject)?.BaseObject ?? value)?.GetType().Name}.",
        $"Name one of {string.Join(", ", SimulatedMachines.Names)}; {OrDescribe}. about_XenDriverDomain_Simulation has an example.",
        value);

    private static SimulatedHostOptions Described(string file, Func<string, IDictionary> read) =>
        MachineDescription.Read(read(file), file, Path.GetFileNameWithoutExtension(file));

    private static XenDriverDomainException NotFound(string machine) => new(
        ModuleErrorIds.MachineNotFound,
        ErrorKind.NotFound,
        $"There is no machine called '{Terminal.Text.Show(machine)}' to be simulated.",
        NearNames.Hint(machine, SimulatedMachines.Names)
            + $"Name one of {string.Join(", ", SimulatedMachines.Names)}; {OrDescribe}.",
        machine);
}
