using System.Globalization;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Pci;

/// <summary>
/// What xenstore says of one function: the toolstack's record, as it is stored, and the domain that has the function by it or by a back end
/// of pciback's. Everything in it is written by dom0 alone.
/// </summary>
internal sealed record PciRecord
{
    /// <summary>The function.</summary>
    public required PciAddress Address { get; init; }

    /// <summary>The directory of the driver it gets back, as stored: <c>/sys/bus/pci/drivers/e1000e</c>; null for none.</summary>
    public string? DriverPath { get; init; }

    /// <summary>The name it was made assignable under, as stored; null when it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The domain that has it, as stored (since Xen 4.15); null when none. Who removes it must have seen this text.</summary>
    public string? Domid { get; init; }

    /// <summary>Who has it, all that is written down taken together; null for none, and where only this record was read.</summary>
    public PciOwner? Owner { get; init; }

    /// <summary>The domid in <see cref="Domid"/>; null when there is none.</summary>
    public int? RecordedDomid => int.TryParse(Domid, NumberStyles.None, CultureInfo.InvariantCulture, out int domid) ? domid : null;

    /// <summary>
    /// The driver's name, when the path is one that a toolstack writes (libxl_pci.c stores where /sys/bus/pci/devices/…/driver leads); null
    /// otherwise. What is no such path is no driver to bind to, so it is none to show either.
    /// </summary>
    public string? DriverName
    {
        get
        {
            const string Prefix = PcibackPaths.Drivers + "/";
            if (DriverPath is null || !DriverPath.StartsWith(Prefix, StringComparison.Ordinal))
            {
                return null;
            }

            // The name becomes part of a path that root writes to.
            string name = DriverPath[Prefix.Length..];
            return name is "" or "." or ".." or PcibackPaths.DriverName
                || name.Any(c => c is '/' or '*' || char.IsControl(c) || char.IsWhiteSpace(c))
                ? null
                : name;
        }
    }

    /// <summary>The driver's name, fit to be shown.</summary>
    public string? OriginalDriver => DriverName is { } driver ? Text.Show(driver) : null;

    /// <summary>The function's name, fit to be shown; null when it has none.</summary>
    public string? AssignableName => Name is { Length: > 0 } name ? Text.Show(name) : null;
}
