namespace XenDriverDomain.Checks;

/// <summary>What Get-XenDom0 shows of a connected host.</summary>
public sealed record HostFacts
{
    /// <summary>The id of the connection.</summary>
    public required string Dom0 { get; init; }

    /// <summary>True for the default of the runspace.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The host's name.</summary>
    public string? HostName { get; init; }

    /// <summary>Xen's full version (4.17.7); null when this is no Xen host.</summary>
    public string? XenVersion { get; init; }

    /// <summary>The kernel's release.</summary>
    public string? KernelVersion { get; init; }

    /// <summary>True in the control domain (/proc/xen/capabilities has control_d).</summary>
    public bool IsControlDomain { get; init; }

    /// <summary>True when devices can be passed through (virt_caps has hvm_directio or pv_directio); null when unknown.</summary>
    public bool? HasIommu { get; init; }

    /// <summary>True when the driver directory of pciback exists.</summary>
    public bool HasPciback { get; init; }

    /// <summary>What pciback was told to hide (hide= of the module or of the running kernel's command line); null when nothing.</summary>
    public string? PcibackHide { get; init; }

    /// <summary>
    /// The part of <see cref="PcibackHide"/> that pciback cannot read, and the rule that it breaks; null when it can read all. One such
    /// part keeps the whole driver from loading.
    /// </summary>
    public string? PcibackHideError { get; init; }

    /// <summary>The path of xl; null when there is none.</summary>
    public string? XlPath { get; init; }

    /// <summary>True when xenstored answered.</summary>
    public bool HasXenStore { get; init; }

    /// <summary>Memory that Xen has free for new domains, in MiB; null when unknown.</summary>
    public int? FreeMemoryMB { get; init; }

    /// <summary>All memory of the machine, in MiB; null when unknown.</summary>
    public int? TotalMemoryMB { get; init; }
}
