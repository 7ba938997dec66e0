using System.Text;

namespace XenDriverDomain.Kernels;

/// <summary>
/// What a directory of modules tells about options: drivers that are built in (modules.builtin) or modules (modules.order,
/// Documentation/kbuild/kbuild.rst). Options that are no drivers follow from those that depend on them, or stay unknown.
/// </summary>
internal static class ModuleLists
{
    /// <summary>The list of drivers that could have been modules and are built in.</summary>
    public const string BuiltIn = "modules.builtin";

    /// <summary>The list of modules, in the order of the build.</summary>
    public const string Order = "modules.order";

    /// <summary>The most bytes of a list; today's have 0.3 million.</summary>
    public const int Limit = 8 * 1024 * 1024;

    // Modules of classic kernels whose names no pvops kernel has (linux-2.6.18-xen drivers/xen/*/Makefile).
    private static readonly string[] s_classicModules = ["netbk", "netloop", "blkbk", "pciback", "xennet", "xenblk"];

    /// <summary>What follows from an option: it depends on these, or selects them (Kconfig of each).</summary>
    private static readonly (string Option, string[] Implied)[] s_implied =
    [
        ("XEN_ACPI_PROCESSOR", ["XEN_DOM0", "XEN"]),
        ("XEN_PCIDEV_BACKEND", ["XEN_BACKEND", "PCI", "XEN"]),
        ("XEN_NETDEV_BACKEND", ["XEN_BACKEND", "XEN"]),
        ("XEN_BLKDEV_BACKEND", ["XEN_BACKEND", "XEN"]),
        ("XEN_PCIDEV_FRONTEND", ["PCI_XEN", "PCI", "XEN_XENBUS_FRONTEND", "XEN"]),
        ("XEN_NETDEV_FRONTEND", ["XEN_XENBUS_FRONTEND", "XEN"]),
        ("XEN_BLKDEV_FRONTEND", ["XEN_XENBUS_FRONTEND", "XEN"]),
        ("XENFS", ["XEN"]),
        ("XEN_DEV_EVTCHN", ["XEN"]),
        ("XEN_GNTDEV", ["XEN"]),
        ("XEN_PRIVCMD", ["XEN"]),
    ];

    /// <summary>Makes a configuration of the lists.</summary>
    /// <param name="directory">The directory: /lib/modules/RELEASE.</param>
    /// <param name="builtIn">Content of modules.builtin.</param>
    /// <param name="order">Content of modules.order.</param>
    public static KernelConfig Read(string directory, ReadOnlySpan<byte> builtIn, ReadOnlySpan<byte> order)
    {
        string root = directory.TrimEnd('/');
        string builtInFile = $"{root}/{BuiltIn}";
        Dictionary<string, KernelOption> modules = new(StringComparer.Ordinal);
        AddAll(modules, $"{root}/{Order}", order, "m");
        AddAll(modules, builtInFile, builtIn, "y");

        Dictionary<string, KernelOption> options = new(StringComparer.Ordinal);
        bool isClassic = s_classicModules.Any(modules.ContainsKey);
        if (isClassic)
        {
            options["XEN_INTERFACE_VERSION"] = new KernelOption("y", builtInFile, null);
            options["XEN_PVHVM"] = new KernelOption("n", builtInFile, null);
        }

        if (builtIn.IndexOf("kernel/arch/arm64/"u8) >= 0 || order.IndexOf("kernel/arch/arm64/"u8) >= 0)
        {
            options["ARM64"] = new KernelOption("y", builtInFile, null);
            options["XEN_PV"] = new KernelOption("n", builtInFile, null);
        }

        foreach (KernelRequirement requirement in isClassic ? ClassicRequirements.All : PvopsRequirements.All)
        {
            if (requirement.Module is { } module)
            {
                options[requirement.Option] = modules.TryGetValue(module.Replace('-', '_'), out KernelOption found)
                    ? found
                    : new KernelOption("n", builtInFile, null);
            }
        }

        foreach ((string option, string[] implied) in s_implied)
        {
            if (options.TryGetValue(option, out KernelOption found) && found.IsSet)
            {
                foreach (string one in implied)
                {
                    options.TryAdd(one, found with { Value = "y" });
                }
            }
        }

        string release = root[(root.LastIndexOf('/') + 1)..];
        return new KernelConfig(directory, options)
        {
            IsComplete = false,
            Release = Terminal.Text.Show(release, 64),
            Version = KernelVersion.Parse(release),
        };
    }

    // kernel/drivers/net/xen-netback/xen-netback.ko, from Linux 5.x on perhaps with .xz or the like; depmod takes - and _ for the same.
    private static void AddAll(Dictionary<string, KernelOption> modules, string file, ReadOnlySpan<byte> content, string value)
    {
        int number = 0;
        foreach (string line in Encoding.Latin1.GetString(content).Split('\n'))
        {
            number++;
            string name = line[(line.LastIndexOf('/') + 1)..];
            int end = name.IndexOf(".ko", StringComparison.Ordinal);
            if (end > 0)
            {
                modules[name[..end].Replace('-', '_')] = new KernelOption(value, file, number);
            }
        }
    }
}
