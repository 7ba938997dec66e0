using XenDriverDomain.Domains;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Specs;

/// <summary>
/// A disk string (xl-disk-configuration(5)), kept as it is written; what this product needs of it is taken out. Positional
/// fields are target, format, vdev, access; an old prefix such as <c>phy:</c> or <c>file:</c> takes the format's place.
/// </summary>
public sealed record DiskSpec
{
    internal DiskSpec(string raw) => Raw = raw;

    /// <summary>The string as it was written.</summary>
    public string Raw { get; }

    /// <summary>The image or block device, a path in the back-end domain; null for an empty drive.</summary>
    public string? Target { get; internal init; }

    /// <summary>raw, qcow2, …, or empty for a drive without a disk; null when it is not given, which xl takes for raw.</summary>
    public string? Format { get; internal init; }

    /// <summary>The device in the guest, such as xvda.</summary>
    public string? VirtualDevice { get; internal init; }

    /// <summary>True when the guest may write; never for a CD-ROM drive, whatever is written there.</summary>
    public bool IsWritable { get; internal init; }

    /// <summary>True for a CD-ROM drive.</summary>
    public bool IsCdrom { get; internal init; }

    /// <summary>The back-end domain; null for dom0.</summary>
    public DomainRef? Backend { get; internal init; }

    /// <summary>The script that makes the target a block device; null for none.</summary>
    public string? Script { get; internal init; }

    /// <summary>Reads a disk string.</summary>
    /// <exception cref="XenDriverDomainException">DiskSpecMalformed.</exception>
    public static DiskSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return DiskSpecReader.Read(text);
    }

    /// <summary>The string as it was written.</summary>
    public override string ToString() => Raw;
}
