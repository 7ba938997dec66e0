using XenDriverDomain.Access;
using XenDriverDomain.Boot.Loaders;

namespace XenDriverDomain.Boot;

/// <summary>What must be read to know how dom0 boots: a few small files, in one round trip.</summary>
internal static class BootQueries
{
    /// <summary>The running kernel's command line.</summary>
    public const string CommandLine = "/proc/cmdline";

    /// <summary>The running kernel's release.</summary>
    public const string Release = "/proc/sys/kernel/osrelease";

    /// <summary>The module, built in or not, of Linux as it is since 3.1.</summary>
    public const string Module = "/sys/module/xen_pciback";

    /// <summary>The same in 2.6.18-xen.</summary>
    public const string ClassicModule = "/sys/module/pciback";

    /// <summary>What a module has below its directory that something built in has not (kernel/module/sysfs.c).</summary>
    public const string LoadState = "/initstate";

    /// <summary>The readers of all boot loaders.</summary>
    public static IReadOnlyList<IBootLoaderReader> Loaders { get; } =
    [
        new Grub2Reader(), new GrubLegacyReader(), new SystemdBootReader(), new XenEfiReader(), new UpdateExtlinuxReader(),
        new ExtlinuxReader(),
    ];

    /// <summary>The reader of module options.</summary>
    public static IBootLoaderReader Modprobe { get; } = new ModprobeReader();

    /// <summary>The query.</summary>
    public static BulkQuery All { get; } = new(
        Files: [.. Readers.SelectMany(reader => reader.Files), .. EarlyLoading.Files, CommandLine, Release],
        Links: [],
        Names:
        [
            .. Readers.SelectMany(reader => reader.Names), .. RamDisks.Makers,
            Module, ClassicModule, Module + LoadState, ClassicModule + LoadState,
        ]);

    private static IEnumerable<IBootLoaderReader> Readers => Loaders.Append(Modprobe);
}
