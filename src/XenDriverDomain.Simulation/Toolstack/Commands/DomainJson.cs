using System.Globalization;
using System.Text;
using System.Text.Json;
using XenDriverDomain.Configuration;
using XenDriverDomain.Simulation.Domains;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary>
/// What <c>xl list -l</c> prints: the stored configurations as JSON, in yajl's layout; settings with default values are left out.
/// </summary>
internal static class DomainJson
{
    /// <summary>The array of domains.</summary>
    public static string Write(XlProcess process, IEnumerable<SimulatedDomain> domains)
    {
        object[] all = [.. domains.Select(d => (object)new Dictionary<string, object>
        {
            ["domid"] = d.Domid,
            ["config"] = Configuration(process, d),
        })];
        StringBuilder text = new();
        Append(text, all, 0);
        return text.Append('\n').ToString();
    }

    private static Dictionary<string, object> Configuration(XlProcess process, SimulatedDomain domain)
    {
        process.World.Configurations.TryGetValue(domain.Domid, out DomainConfiguration? known);
        Dictionary<string, object> info = new()
        {
            ["type"] = DomainTree.TypeWord(domain.Type),
            ["name"] = DomainNames.Of(process, domain.Domid) ?? string.Empty,
            ["uuid"] = domain.Uuid.ToString("D"),
            ["run_hotplug_scripts"] = "True",
        };
        if (known?.IsDriverDomain == true)
        {
            info["driver_domain"] = "True";
        }

        Dictionary<string, object> build = new()
        {
            ["max_vcpus"] = domain.Vcpus,
            ["max_memkb"] = domain.MemoryKB,
            ["target_memkb"] = domain.MemoryKB,
        };
        Add(build, "kernel", known?.Kernel);
        Add(build, "cmdline", known is null ? null : DomainTree.CommandLine(known));
        Add(build, "ramdisk", known?.Ramdisk);
        Dictionary<string, object> whole = new() { ["c_info"] = info, ["b_info"] = build };
        object[] nics = [.. VifDevices.List(process, domain.Domid).Select(devid => Nic(process, domain.Domid, devid))];
        if (nics.Length > 0)
        {
            whole["nics"] = nics;
        }

        object[] functions = [.. PciDevices.List(process, domain.Domid).Select(Function)];
        if (functions.Length > 0)
        {
            whole["pcidevs"] = functions;
        }

        whole["on_reboot"] = "restart";
        return whole;
    }

    private static Dictionary<string, object> Nic(XlProcess process, int domid, int devid)
    {
        string record = DeviceId.RecordOf(domid, "vif", devid);
        DeviceId? device = VifDevices.Find(process, domid, devid);
        Dictionary<string, object> nic = new() { ["devid"] = devid };
        Add(nic, "backend_domname", device is null ? null : DomainNames.Of(process, device.BackendDomid));
        Add(nic, "mac", process.Store.TryRead($"{record}/mac"));
        Add(nic, "bridge", process.Store.TryRead($"{record}/bridge"));
        Add(nic, "nictype", process.Store.TryRead($"{record}/type"));
        return nic;
    }

    private static Dictionary<string, object> Function(Pci.PciAddress address)
    {
        Dictionary<string, object> function = [];
        foreach ((string key, int value) in ((string, int)[])[
            ("func", address.Function), ("dev", address.Device), ("bus", address.Bus), ("domain", address.Domain),
        ])
        {
            if (value != 0)
            {
                function[key] = value;
            }
        }

        function["vfunc_mask"] = 1;
        function["rdm_policy"] = "strict";
        return function;
    }

    private static void Add(Dictionary<string, object> map, string key, string? value)
    {
        if (value is not null)
        {
            map[key] = value;
        }
    }

    private static void Append(StringBuilder text, object value, int depth)
    {
        switch (value)
        {
            case Dictionary<string, object> map:
                Append(text, '{', '}', [.. map], depth, pair =>
                {
                    text.Append(JsonSerializer.Serialize(pair.Key)).Append(": ");
                    Append(text, pair.Value, depth + 1);
                });
                break;
            case object[] list:
                Append(text, '[', ']', list, depth, item => Append(text, item, depth + 1));
                break;
            case string word:
                text.Append(JsonSerializer.Serialize(word));
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
        }
    }

    private static void Append<T>(StringBuilder text, char open, char close, T[] items, int depth, Action<T> append)
    {
        text.Append(open).Append('\n');
        for (int i = 0; i < items.Length; i++)
        {
            text.Append(' ', (depth + 1) * 4);
            append(items[i]);
            text.Append(i + 1 < items.Length ? ",\n" : "\n");
        }

        text.Append(' ', depth * 4).Append(close);
    }
}
