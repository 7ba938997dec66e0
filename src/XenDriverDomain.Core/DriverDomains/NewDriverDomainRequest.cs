using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Domains;
using XenDriverDomain.Images;
using XenDriverDomain.Pci;

namespace XenDriverDomain.DriverDomains;

/// <summary>What a new driver domain shall be (xl.cfg(5) names in brackets).</summary>
public sealed record NewDriverDomainRequest
{
    /// <summary>Its name [name].</summary>
    public required string Name { get; init; }

    /// <summary>The PCI functions it gets [pci].</summary>
    public required IReadOnlyList<PciAddress> PciDevice { get; init; }

    /// <summary>
    /// Memory in MiB [memory]; an HVM domain gets the same maxmem, since a PCI device forbids populate-on-demand. Null for 256 with an
    /// inside of ours, and 512 otherwise.
    /// </summary>
    public int? MemoryMB { get; init; }

    /// <summary>Largest memory in MiB [maxmem]; null means the same as <see cref="MemoryMB"/>.</summary>
    public int? MaxMemoryMB { get; init; }

    /// <summary>Virtual CPUs [vcpus].</summary>
    public int Vcpus { get; init; } = 1;

    /// <summary>pv or hvm [type].</summary>
    public DomainType Type { get; init; } = DomainType.PV;

    /// <summary>
    /// The kernel, a path in dom0 [kernel]. A PV domain without one, without a RAM disk and without disks gets an inside made of what dom0
    /// has.
    /// </summary>
    public string? Kernel { get; init; }

    /// <summary>The initial RAM disk, a path in dom0 [ramdisk].</summary>
    public string? Ramdisk { get; init; }

    /// <summary>The kernel's command line [cmdline].</summary>
    public string? CommandLine { get; init; }

    /// <summary>Disks in xl-disk-configuration(5) syntax [disk].</summary>
    public IReadOnlyList<string> Disk { get; init; } = [];

    /// <summary>What an inside of ours is to do; null for the usual.</summary>
    public InsideOptions? Inside { get; init; }

    /// <summary>The bridge expected inside.</summary>
    public string? Bridge { get; init; }

    /// <summary>Lets the domain write all configuration space of its devices [permissive].</summary>
    public bool Permissive { get; init; }

    /// <summary>How reserved device memory is treated [rdm_policy].</summary>
    public RdmPolicy? RdmPolicy { get; init; }

    /// <summary>MSI-INTx translation, HVM only [msitranslate].</summary>
    public bool? MsiTranslate { get; init; }

    /// <summary>Where the file goes on dom0; null means /etc/xen/driver-domains/NAME.cfg.</summary>
    public string? Path { get; init; }

    /// <summary>Starts it at once and waits until it serves.</summary>
    public StartOptions? Start { get; init; }
}
