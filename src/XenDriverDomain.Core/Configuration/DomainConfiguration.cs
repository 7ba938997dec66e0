using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration;

/// <summary>What a domain is made of, independent of the language it is written in. A null is a setting that is not given.</summary>
internal sealed record DomainConfiguration
{
    /// <summary>The domain's name.</summary>
    public required string Name { get; init; }

    /// <summary>How it is virtualised.</summary>
    public DomainType Type { get; init; } = DomainType.PV;

    /// <summary>Memory at its start, in MiB.</summary>
    public int? MemoryMB { get; init; }

    /// <summary>The most memory it can get, in MiB; null for as much as at its start.</summary>
    public int? MaxMemoryMB { get; init; }

    /// <summary>Virtual CPUs; null for xl's default, 1.</summary>
    public int? Vcpus { get; init; }

    /// <summary>The kernel image, a path in dom0.</summary>
    public string? Kernel { get; init; }

    /// <summary>The initial RAM disk, a path in dom0.</summary>
    public string? Ramdisk { get; init; }

    /// <summary>The kernel's whole command line (cmdline); stands above <see cref="Root"/> and <see cref="ExtraArguments"/>.</summary>
    public string? CommandLine { get; init; }

    /// <summary>The root device on the kernel's command line (root).</summary>
    public string? Root { get; init; }

    /// <summary>More of the kernel's command line (extra).</summary>
    public string? ExtraArguments { get; init; }

    /// <summary>True when it is told to be a driver domain (driver_domain=1, Xen 4.4 and later).</summary>
    public bool IsDriverDomain { get; init; }

    /// <summary>Its PCI devices.</summary>
    public IReadOnlyList<PciSpec> PciDevices { get; init; } = [];

    /// <summary>Its network interfaces.</summary>
    public IReadOnlyList<VifSpec> Vifs { get; init; } = [];

    /// <summary>Its disks.</summary>
    public IReadOnlyList<DiskSpec> Disks { get; init; } = [];

    /// <summary>What happens when it shuts itself down; null for xl's default, destroy.</summary>
    public DomainAction? OnPoweroff { get; init; }

    /// <summary>What happens when it reboots; null for xl's default, restart.</summary>
    public DomainAction? OnReboot { get; init; }

    /// <summary>What happens when it crashes; null for xl's default, destroy.</summary>
    public DomainAction? OnCrash { get; init; }

    /// <summary>Whether it can have devices; null for the default.</summary>
    public PassthroughMode? Passthrough { get; init; }

    /// <summary>Whether a PV domain sees the host's memory map (e820_host); null for xl's default, yes when it has PCI devices.</summary>
    public bool? E820Host { get; init; }

    /// <summary>The bridge expected inside a driver domain; kept in the file as a comment, since xl has no setting for it.</summary>
    public string? Bridge { get; init; }

    /// <summary>Every other setting, by its xl.cfg key, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, XlConfigValue>> Other { get; init; } = [];

    /// <summary>Reads what an xl.cfg says.</summary>
    /// <exception cref="ConfigException">ConfigSettingMissing: no name. ConfigValueInvalid: a value is not what its setting
    /// takes.</exception>
    public static DomainConfiguration FromXlConfig(XlConfigDocument document) => DomainConfigReader.Read(document);

    /// <summary>Writes an xl.cfg.</summary>
    /// <exception cref="XenDriverDomainException">ConfigNotExpressible: a text has characters that xl.cfg cannot carry.</exception>
    public XlConfigDocument ToXlConfig() => DomainConfigWriter.Write(this);
}
