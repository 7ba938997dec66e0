using System.Globalization;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>Makes functions of their recorded attributes, and says who had them.</summary>
internal sealed class FunctionReader
{
    private const int NetworkClass = 0x02;

    private readonly RecordedFiles _files;
    private readonly DeviceTree _devices;
    private readonly DriverTable _drivers;
    private readonly ToolstackRecords _records;

    private FunctionReader(RecordedFiles files, DeviceTree devices, DriverTable drivers, ToolstackRecords records)
    {
        _files = files;
        _devices = devices;
        _drivers = drivers;
        _records = records;
    }

    /// <summary>All functions, bridges before what is behind them; virtual ones are with their physical one.</summary>
    public static IReadOnlyList<FunctionDescription> Read(
        RecordedFiles files, DeviceTree devices, DriverTable drivers, ToolstackRecords records)
    {
        FunctionReader reader = new(files, devices, drivers, records);
        FunctionDescription[] all = [.. devices.Functions.Select(function => reader.Describe(function.Key, function.Value))];
        ILookup<PciAddress, FunctionDescription> virtualOnes = all.Where(one => one.PhysicalFunction is not null)
            .ToLookup(one => one.PhysicalFunction!.Value);
        VirtualFunctionsReader virtualFunctions = new(files);
        FunctionDescription[] physical =
            [.. all.Select(one => one with { VirtualFunctions = virtualFunctions.Read(one, [.. virtualOnes[one.Address]]) })];
        HashSet<PciAddress> made = [.. physical.SelectMany(one => one.VirtualFunctions?.Known ?? []).Select(one => one.Address)];
        return [.. physical.Where(one => !made.Contains(one.Address))];
    }

    private FunctionDescription Describe(string directory, PciAddress address)
    {
        string path = $"{PciQueries.Devices}/{address}";
        string above = directory[..directory.LastIndexOf('/')];
        PciAddress? parent = _devices.Functions.TryGetValue(above, out PciAddress bridge) ? bridge : null;
        FunctionDescription what = new(address)
        {
            Parent = parent,
            Root = parent is null ? above : null,
            VendorId = (ushort)_files.Hex($"{path}/vendor"),
            DeviceId = (ushort)_files.Hex($"{path}/device"),
            SubsystemVendorId = (ushort)_files.Hex($"{path}/subsystem_vendor"),
            SubsystemDeviceId = (ushort)_files.Hex($"{path}/subsystem_device"),
            ClassCode = (int)_files.Hex($"{path}/class") & 0xffffff,
            Revision = (byte)_files.Hex($"{path}/revision"),
            Irq = _files.Number($"{path}/irq") ?? 0,
            NumaNode = _files.Number($"{path}/numa_node") ?? -1,
            Bars = Bars(_files.Lines($"{path}/resource")),
            ResetMethods = _files.Text($"{path}/reset_method") is { } methods ? methods.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                : _files.Has($"{path}/reset") ? [PciDevice.UnnamedReset]
                : [],
            IsPciExpress = _files.Has($"{path}/max_link_speed"),
            IsBootVga = _files.Text($"{path}/boot_vga") == "1",
            PhysicalFunction = _files.Resolve($"{path}/physfn") is { } physical ? SysPath.Owner(physical) : null,
        };
        return Settle(what, _files.Text($"{path}/driver_override"));
    }

    private FunctionDescription Settle(FunctionDescription what, string? onlyDriver)
    {
        string? current = DriverTable.CurrentOf(_files, what.Address);
        string? native = _drivers.NativeOf(_files, _records, what.Address, what.ModuleAlias);
        IReadOnlyList<ChildDevice> children = _devices.ChildrenOf(what.Address);
        if (current != native && children.Count == 0)
        {
            children = Guess(what);
        }

        string messages = $"{PciQueries.Devices}/{what.Address}/{Parts.MessageDirectory}";
        string[] numbers = [.. _files.NamesIn(messages)];
        bool usesMessages = numbers.Length > 0;
        if (usesMessages || _files.Has(messages))
        {
            // Their numbers alone are recorded, not of which sort they are.
            children = [.. children, new ChildDevice(Parts.MessageDirectory) { Attributes = numbers.ToDictionary(n => n, _ => "msi") }];
        }

        return what with
        {
            Driver = native,
            Children = children,
            AtStart = current == native && onlyDriver is null ? null : new FunctionState(
                current,
                onlyDriver,
                _records.Owner(what.Address),
                current == PcibackPaths.DriverName && _records.IsKnown(what.Address),
                usesMessages),
        };
    }

    // What a driver would make of a function that it does not have: the host cannot be asked. The name is one that no interface has.
    private static IReadOnlyList<ChildDevice> Guess(FunctionDescription what)
    {
        PciAddress address = what.Address;
        return what.ClassCode >> 16 != NetworkClass ? [] :
        [
            Parts.NetworkInterface(
                string.Create(CultureInfo.InvariantCulture, $"enp{address.Bus}s{address.Device}f{address.Function}"),
                $"52:54:00:{address.Bus:x2}:{address.Device:x2}:{address.Function:x2}"),
        ];
    }

    private static List<PciBar> Bars(IReadOnlyList<string> lines)
    {
        const int Most = 17;
        List<PciBar> bars = [];
        for (int i = 0; i < lines.Count && i < Most; i++)
        {
            if (lines[i].Split(' ') is [var first, var last, var flags] && Hex(first) is { } start && Hex(last) is { } end
                && Hex(flags) is { } bits && bits != 0 && end >= start)
            {
                bars.Add(new PciBar(i, start, end - start + 1, bits));
            }
        }

        return bars;
    }

    private static ulong? Hex(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
        && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number) ? number : null;
}
