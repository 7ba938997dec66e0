using System.IO.Enumeration;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Machine;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>The PCI drivers that are loaded, and the modules that could be.</summary>
internal sealed class DriverTable
{
    private const string Directory = "/sys/bus/pci/drivers/";

    private DriverTable(IReadOnlyList<DriverDescription> drivers) => Drivers = drivers;

    /// <summary>The drivers; those that have a function come first, as they were the first to be offered it.</summary>
    public IReadOnlyList<DriverDescription> Drivers { get; }

    /// <summary>Finds them.</summary>
    public static DriverTable Read(HostSnapshot snapshot, RecordedFiles files, ToolstackRecords records)
    {
        ILookup<string, string> aliases = snapshot.ModuleAliases.Select(line => line.Split(' '))
            .Where(words => words is ["alias", { Length: > 0 }, { Length: > 0 }])
            .ToLookup(words => KernelModules.Spelling(words[2]), words => words[1], StringComparer.Ordinal);
        ILookup<string, string> has = Functions(files)
            .Select(address => (Driver: NativeOf(files, records, address), Alias: files.Text($"{PciQueries.Devices}/{address}/modalias")))
            .Where(one => one is { Driver: not null, Alias: not null })
            .ToLookup(one => one.Driver!, one => one.Alias!, StringComparer.Ordinal);
        string[] names =
        [
            .. files.Names.Where(name => name.StartsWith(Directory, StringComparison.Ordinal)).Select(name => name[Directory.Length..])
                .Where(name => name != PcibackPaths.DriverName && name.Length > 0 && !name.Contains('/', StringComparison.Ordinal)),
        ];
        List<DriverDescription> drivers = [];
        foreach (string name in names.OrderBy(name => has.Contains(name) ? 0 : 1).ThenBy(name => name, StringComparer.Ordinal))
        {
            string? module = files.Resolve($"{Directory}{name}/module") is { } path ? SysPath.Name(path) : null;
            drivers.Add(Describe(name, module, isLoaded: true, module is null ? [] : aliases[module], has[name]));
        }

        HashSet<string> known = [.. drivers.Select(driver => driver.Module).OfType<string>()];
        drivers.AddRange(aliases.Where(group => !known.Contains(group.Key)).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Describe(group.Key, group.Key, isLoaded: false, group, has[group.Key])));
        return new DriverTable(drivers);
    }

    /// <summary>The modules that are no PCI drivers, and whether they are loaded.</summary>
    public static IReadOnlyDictionary<string, bool> OtherModules(RecordedFiles files) => BuiltIn.Modules.Keys.ToDictionary(
        name => name, name => files.Has($"/sys/module/{KernelModules.Spelling(name)}"));

    /// <summary>The driver that a function has while dom0 has it: the one it has, else the one it had; null when nobody knows.</summary>
    public string? NativeOf(RecordedFiles files, ToolstackRecords records, PciAddress address, string moduleAlias) =>
        NativeOf(files, records, address)
        ?? Drivers.FirstOrDefault(
            driver => driver.Aliases.Any(alias => FileSystemName.MatchesSimpleExpression(alias, moduleAlias, ignoreCase: false)))?.Name;

    /// <summary>The driver that has a function; null for none.</summary>
    public static string? CurrentOf(RecordedFiles files, PciAddress address) =>
        files.Resolve($"{PciQueries.Devices}/{address}/driver") is { } path ? SysPath.Name(path) : null;

    private static string? NativeOf(RecordedFiles files, ToolstackRecords records, PciAddress address) =>
        CurrentOf(files, address) is { } driver && driver != PcibackPaths.DriverName ? driver : records.OriginalDriver(address);

    private static IEnumerable<PciAddress> Functions(RecordedFiles files)
    {
        foreach (string link in files.Links.Keys)
        {
            if (link.StartsWith(PciQueries.Devices + "/", StringComparison.Ordinal)
                && PciAddress.TryParse(link[(PciQueries.Devices.Length + 1)..], out PciAddress address))
            {
                yield return address;
            }
        }
    }

    private static DriverDescription Describe(
        string name, string? module, bool isLoaded, IEnumerable<string> aliases, IEnumerable<string> has)
    {
        string[] patterns = [.. aliases.Distinct().Order(StringComparer.Ordinal)];
        return new DriverDescription(name, module, isLoaded, patterns)
        {
            OtherAliases =
            [
                .. has.Distinct().Where(alias =>
                    !patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, alias, ignoreCase: false))),
            ],
        };
    }
}
