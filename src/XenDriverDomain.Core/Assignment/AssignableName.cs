using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment;

/// <summary>The rules for the name of an assignable device (libxl_pci.c, libxl__device_pci_assignable_add; Xen 4.15 and later).</summary>
internal static class AssignableName
{
    /// <summary>The longest name.</summary>
    public const int MaxLength = 64;

    /// <summary>Why a text cannot be a name, in words that follow a colon; null when it can.</summary>
    public static string? WhyNot(string name)
    {
        if (name.Length == 0)
        {
            return "it is empty";
        }

        if (name.Length > MaxLength)
        {
            return $"it is longer than {MaxLength} characters";
        }

        if (name.Any(c => c is <= ' ' or > '~'))
        {
            return "only printable ASCII characters without blanks are allowed";
        }

        // xl takes the same argument for a name or an address, and looks among the names first.
        return PciAddress.TryParse(name, out _) ? "it looks like a PCI address" : null;
    }
}
