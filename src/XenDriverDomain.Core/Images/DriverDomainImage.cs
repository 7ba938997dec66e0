namespace XenDriverDomain.Images;

/// <summary>
/// The inside of a driver domain, made of dom0's own kernel, modules and programs: a kernel and an initial RAM disk, kept on dom0.
/// </summary>
public sealed record DriverDomainImage
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>Its name: the kernel's release, and the first digits of the sum of all that went in.</summary>
    public required string Id { get; init; }

    /// <summary>The directory on dom0 that it is in.</summary>
    public required string Directory { get; init; }

    /// <summary>The kernel [kernel of xl.cfg].</summary>
    public string Kernel => $"{Directory}/{ImagePaths.Kernel}";

    /// <summary>The initial RAM disk [ramdisk of xl.cfg].</summary>
    public string Ramdisk => $"{Directory}/{ImagePaths.Ramdisk}";

    /// <summary>Whether it can be used, and is what would be made now.</summary>
    public required ImageState State { get; init; }

    /// <summary>What it does for guests; null when the manifest cannot be read.</summary>
    public DriverDomainRole? Role { get; init; }

    /// <summary>The release of its kernel.</summary>
    public string? KernelRelease { get; init; }

    /// <summary>The version of Xen that its tools are of.</summary>
    public string? XenVersion { get; init; }

    /// <summary>The drivers of cards in it.</summary>
    public IReadOnlyList<string> Driver { get; init; } = [];

    /// <summary>What the RAM disk takes of the domain's memory, in bytes.</summary>
    public long? Length { get; init; }

    /// <summary>When it was made (UTC).</summary>
    public DateTime? Made { get; init; }

    /// <summary>The version of this module that made it.</summary>
    public string? MadeBy { get; init; }

    /// <summary>The driver domains whose configurations name it.</summary>
    public IReadOnlyList<string> UsedBy { get; init; } = [];

    /// <summary>What there is to say of it: why it is old, or what is wrong; fit to be shown.</summary>
    public string? Detail { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}

/// <summary>Whether an image can be used.</summary>
public enum ImageState
{
    /// <summary>It is of the kernel and the Xen that dom0 runs.</summary>
    Current,

    /// <summary>dom0 runs another kernel or Xen by now; a domain with it goes on working.</summary>
    Old,

    /// <summary>Its making was interrupted, or its manifest cannot be read.</summary>
    Incomplete,
}
