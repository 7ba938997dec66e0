using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Pci;

/// <summary>
/// Makes devices of what sysfs answered. A device that vanished while it was read, or an attribute that is missing or
/// unreadable, costs that device or that fact only, never the list.
/// </summary>
internal static class PciSysfs
{
    private const int Bars = 6;

    /// <summary>All functions in order of address; names, uses and the toolstack's records are added by others.</summary>
    public static List<PciDevice> Read(string dom0, BulkAnswer answer, IOperationReporter reporter)
    {
        string prefix = PciQueries.Devices + "/";

        // Attributes that came with some kernel: where no function has one, its absence says nothing about a function.
        bool Tells(string attribute) => answer.Names.Any(name =>
            name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(attribute, StringComparison.Ordinal));
        bool tellsPciExpress = Tells("/max_link_speed");
        bool tellsMsi = Tells("/msi_irqs");

        // An empty directory is left behind by a driver that asked for some in vain and uses the line (drivers/base/msi, devm group).
        HashSet<string> withMessages = [.. answer.Names.Where(name => name.Contains("/msi_irqs/", StringComparison.Ordinal))
            .Select(name => name[..name.IndexOf("/msi_irqs/", StringComparison.Ordinal)])];
        ILookup<string, string> virtualFunctions = answer.Links.Keys
            .Where(
                path => path.StartsWith(prefix, StringComparison.Ordinal)
                    && SysPath.Component(path, 5).StartsWith("virtfn", StringComparison.Ordinal))
            .ToLookup(path => SysPath.Component(path, 4), path => answer.Links[path], StringComparer.Ordinal);
        HashSet<PciAddress> listed = Slots(answer, "slots");
        HashSet<PciAddress> permissive = Slots(answer, "permissive");

        List<PciDevice> devices = [];
        foreach ((string path, string target) in answer.Links)
        {
            if (!path.StartsWith(prefix, StringComparison.Ordinal) || path.IndexOf('/', prefix.Length) >= 0)
            {
                continue;
            }

            string name = path[prefix.Length..];
            if (!PciAddress.TryParse(name, out PciAddress address))
            {
                reporter.Verbose(
                    $"PCI function {Terminal.Text.Show(name)} is left out: Xen has no addresses beyond domain ffff.");
                continue;
            }

            string? Get(string attribute) => answer.Files.GetValueOrDefault($"{path}/{attribute}")?.Trim();
            int? Hex(string attribute) => ParseHex(Get(attribute), address, attribute, reporter);
            if (Get("vendor") is null && Get("device") is null && Get("class") is null)
            {
                reporter.Verbose($"PCI function {address} went away while it was read.");
                continue;
            }

            int classCode = Hex("class") ?? 0;
            string? driver = answer.Links.TryGetValue($"{path}/driver", out string? link) ? SysPath.Name(link) : null;
            List<PciAddress> way = SysPath.Functions(target);
            devices.Add(new PciDevice
            {
                Dom0 = dom0,
                Address = address,
                ClassCode = classCode,
                VendorId = (ushort)(Hex("vendor") ?? 0),
                DeviceId = (ushort)(Hex("device") ?? 0),
                SubsystemVendorId = (ushort)(Hex("subsystem_vendor") ?? 0),
                SubsystemDeviceId = (ushort)(Hex("subsystem_device") ?? 0),
                Revision = (byte)(Hex("revision") ?? 0),
                Driver = driver,
                State = driver == PcibackPaths.DriverName ? PciDeviceState.Assignable
                    : listed.Contains(address) ? PciDeviceState.Listed
                    : driver is null ? PciDeviceState.Unbound
                    : PciDeviceState.Host,
                Irq = Number(Get("irq")) is { } irq and > 0 and < 255 ? irq : null,
                UsesMsi = tellsMsi ? withMessages.Contains(path) : null,
                NumaNode = Number(Get("numa_node")),
                Bars = Resources(Get("resource")),
                ResetMethods = Get("reset_method") is { } methods
                    ? methods.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    : answer.Names.Contains($"{path}/reset") ? [PciDevice.UnnamedReset] : [],
                PhysicalFunction = answer.Links.TryGetValue($"{path}/physfn", out string? physical) ? SysPath.Owner(physical) : null,
                VirtualFunctions = [.. Owners(virtualFunctions[name])],
                BridgePath = [.. way.GetRange(0, Math.Max(0, way.Count - 1))],
                IsPciExpress = tellsPciExpress ? answer.Names.Contains($"{path}/max_link_speed") : null,
                IsHostBridge = classCode >> 8 == 0x0600,
                IsBootVga = Get("boot_vga") == "1",
                IsPermissive = permissive.Contains(address),
            });
        }

        devices.Sort((left, right) => left.Address.CompareTo(right.Address));
        return Relate(devices);
    }

    private static List<PciDevice> Relate(List<PciDevice> devices)
    {
        HashSet<PciAddress> parents = [];
        Dictionary<PciAddress, List<PciAddress>> slots = [];
        foreach (PciDevice device in devices)
        {
            parents.UnionWith(device.BridgePath);
            PciAddress slot = device.Address.WithFunction(0);
            if (!slots.TryGetValue(slot, out List<PciAddress>? functions))
            {
                slots[slot] = functions = [];
            }

            functions.Add(device.Address);
        }

        return devices.ConvertAll(device => device with
        {
            // "Other bridge" (80) is what some network cards on old chip sets call themselves.
            IsBridge = parents.Contains(device.Address) || (device.ClassCode >> 16 == 0x06 && device.ClassCode >> 8 != 0x0680),
            Siblings = [.. slots[device.Address.WithFunction(0)].FindAll(address => address != device.Address)],
        });
    }

    private static List<PciAddress> Owners(IEnumerable<string> targets)
    {
        // Links to siblings: their texts sort as the addresses in them do.
        List<PciAddress> owners = [];
        foreach (string target in targets.Order(StringComparer.Ordinal))
        {
            if (SysPath.Owner(target) is { } owner)
            {
                owners.Add(owner);
            }
        }

        return owners;
    }

    private static HashSet<PciAddress> Slots(BulkAnswer answer, string attribute)
    {
        HashSet<PciAddress> slots = [];
        foreach (string line in answer.Files.GetValueOrDefault($"{PcibackPaths.Directory}/{attribute}", string.Empty).Split('\n'))
        {
            if (PciAddress.TryParse(line.Trim(), out PciAddress address))
            {
                slots.Add(address);
            }
        }

        return slots;
    }

    /// <summary>The lines "start end flags" of pci_resource: six BARs, the ROM, then bridge windows, which are no BARs.</summary>
    private static List<PciBar> Resources(string? text)
    {
        List<PciBar> bars = [];
        string[] lines = (text ?? string.Empty).Split('\n');
        for (int index = 0; index < lines.Length && index <= Bars; index++)
        {
            if (lines[index].Split(' ') is [var start, var end, var flags] && TryHex(start, out ulong first)
                && TryHex(end, out ulong last) && TryHex(flags, out ulong bits) && bits != 0 && last >= first)
            {
                bars.Add(new PciBar(index, first, last - first + 1, bits));
            }
        }

        return bars;
    }

    private static int? ParseHex(string? text, PciAddress address, string attribute, IOperationReporter reporter)
    {
        if (text is null)
        {
            return null;
        }

        if (TryHex(text, out ulong value) && value <= 0xffffff)
        {
            return (int)value;
        }

        reporter.Debug($"{address}: attribute {attribute} is '{Terminal.Text.Show(text)}', not a hexadecimal number.");
        return null;
    }

    private static bool TryHex(string text, out ulong value)
    {
        ReadOnlySpan<char> digits = text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
