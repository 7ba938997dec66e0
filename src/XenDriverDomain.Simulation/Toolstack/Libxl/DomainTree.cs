using System.Globalization;
using XenDriverDomain.Configuration;
using XenDriverDomain.Domains;
using XenDriverDomain.Simulation.Domains;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>
/// What a new domain has in xenstore, nodes and permissions, as libxl 4.17 makes it (libxl__domain_make, libxl__build_post).
/// </summary>
internal static class DomainTree
{
    /// <summary>Makes the tree of a domain that is about to be built.</summary>
    public static void Make(XlProcess process, SimulatedDomain domain, DomainConfiguration configuration)
    {
        DomainStore store = process.Store;
        int id = domain.Domid;
        string home = $"/local/domain/{id}";
        string vm = $"/vm/{domain.Uuid:D}";
        store.Store.Transact(() =>
        {
            store.Remove(home);
            store.Make(home, 0, id);
            store.Remove(vm);
            store.Make(vm, 0, id);
            store.Remove($"/libxl/{id}");
            store.Make($"/libxl/{id}", 0);
            store.Write($"{home}/vm", vm);
            store.Write($"{home}/name", configuration.Name);
            foreach (string directory in (string[])["cpu", "memory", "device", "control", "store"])
            {
                store.Make($"{home}/{directory}", 0, id);
            }

            foreach (string own in (string[])
            [
                "device/suspend/event-channel", "control/shutdown", "control/feature-poweroff", "control/feature-reboot",
                "control/feature-suspend", "control/sysrq", "data", "drivers", "feature", "attr", "error",
            ])
            {
                store.Make($"{home}/{own}", id);
            }

            if (configuration.IsDriverDomain)
            {
                store.Make($"{home}/libxl", id);
                store.Make($"{home}/device-model", id);
            }

            store.Write($"{vm}/uuid", domain.Uuid.ToString("D"));
            store.Write($"{vm}/name", configuration.Name);
            store.Write($"{home}/control/platform-feature-multiprocessor-suspend", "1");
            store.Write($"{home}/control/platform-feature-xs_reset_watches", "1");
            store.Write($"/libxl/{id}/type", TypeWord(domain.Type));
            store.Write($"/libxl/{id}/dm-version", "qemu_xen");
        });
    }

    /// <summary>Adds what is known once the domain is built, and its console.</summary>
    public static void Complete(XlProcess process, SimulatedDomain domain, DomainConfiguration configuration)
    {
        DomainStore store = process.Store;
        int id = domain.Domid;
        string home = $"/local/domain/{id}";
        string vm = $"/vm/{domain.Uuid:D}";
        store.Store.Transact(() =>
        {
            store.Write($"{home}/memory/static-max", Kilobytes(configuration.MaxMemoryMB ?? configuration.MemoryMB));
            store.Write($"{home}/memory/target", Kilobytes(configuration.MemoryMB));
            store.Write($"{home}/memory/videoram", "0");
            store.Write($"{home}/domid", id);
            store.Write($"{home}/store/port", "1");
            store.Write($"{home}/store/ring-ref", "1308161");
            for (int cpu = 0; cpu < domain.Vcpus; cpu++)
            {
                store.Write($"{home}/cpu/{cpu}/availability", "online");
            }

            if (domain.Type != DomainType.HVM)
            {
                store.Write($"{vm}/image/ostype", "linux");
                store.Write($"{vm}/image/kernel", configuration.Kernel ?? string.Empty);
                store.Write($"{vm}/image/ramdisk", configuration.Ramdisk ?? string.Empty);
                store.Write($"{vm}/image/cmdline", CommandLine(configuration));
            }

            store.Write(
                $"{vm}/start_time",
                string.Create(CultureInfo.InvariantCulture, $"{process.World.Time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0:F2}"));
            MakeConsole(store, new DeviceId("console", id, 0, 0));
        });
        process.World.Store.Introduce(id);
    }

    /// <summary>The kernel's command line: cmdline stands above root and extra.</summary>
    public static string CommandLine(DomainConfiguration configuration) => configuration.CommandLine
        ?? string.Join(
            ' ', ((string?[])[configuration.Root is { } root ? $"root={root}" : null, configuration.ExtraArguments]).OfType<string>());

    /// <summary>xl's word for how a domain is virtualised.</summary>
    public static string TypeWord(DomainType type) => type switch
    {
        DomainType.HVM => "hvm",
        DomainType.PVH => "pvh",
        _ => "pv",
    };

    private static void MakeConsole(DomainStore store, DeviceId console)
    {
        (string Key, string Value)[] back =
        [
            ("frontend-id", console.Domid.ToString(CultureInfo.InvariantCulture)), ("online", "1"), ("state", "1"), ("protocol", "vt100"),
        ];
        store.Make(console.Backend, 0, console.Domid);
        store.Write($"{console.Backend}/frontend", console.Frontend);
        store.Make(console.Frontend, 0, console.Domid);
        store.Write($"{console.Frontend}/backend", console.Backend);
        store.Write($"{console.Frontend}/backend-id", "0");
        store.SetPermissions($"{console.Frontend}/backend-id", console.Domid, 0);
        foreach ((string key, string value) in ((string, string)[])
        [
            ("limit", "1048576"), ("type", "xenconsoled"), ("output", "pty"), ("tty", $"/dev/pts/{console.Domid}"), ("port", "2"),
            ("ring-ref", "1308162"),
        ])
        {
            store.Write($"{console.Frontend}/{key}", value);
        }

        store.Write($"{console.Record}/frontend", console.Frontend);
        store.Write($"{console.Record}/backend", console.Backend);
        foreach ((string key, string value) in back)
        {
            store.Write($"{console.Backend}/{key}", value);
            store.Write($"{console.Record}/{key}", value);
        }
    }

    private static string Kilobytes(int? megabytes) => ((megabytes ?? 0) * 1024L).ToString(CultureInfo.InvariantCulture);
}
