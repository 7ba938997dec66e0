using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment;

/// <summary>What the toolstack has written down about a function.</summary>
/// <param name="DriverPath">The directory of the driver it gets back, as stored; null when there is none.</param>
/// <param name="Name">The name it was made assignable under; null when it has none.</param>
/// <param name="Domid">The domain that has it, as stored; null when none.</param>
internal sealed record PciRecord(string? DriverPath, string? Name, string? Domid)
{
    /// <summary>The driver's name, when the path is one that a toolstack writes; null otherwise.</summary>
    public string? DriverName
    {
        get
        {
            string prefix = Pciback.DriversDirectory + "/";
            if (DriverPath is null || !DriverPath.StartsWith(prefix, StringComparison.Ordinal))
            {
                return null;
            }

            // The name becomes part of a path that root writes to.
            string name = DriverPath[prefix.Length..];
            return name is "" or "." or ".." or Pciback.DriverName
                || name.Any(c => c is '/' or '*' || char.IsControl(c) || char.IsWhiteSpace(c))
                ? null
                : name;
        }
    }
}
