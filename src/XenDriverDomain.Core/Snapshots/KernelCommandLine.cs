namespace XenDriverDomain.Snapshots;

/// <summary>
/// Kernel command lines, reduced to the words that matter for Xen: installers and cloud images put passwords and keys there, in words
/// that nobody can list.
/// </summary>
internal static class KernelCommandLine
{
    private static readonly string[] s_words = ["ro", "rw", "quiet", "nomodeset", "nopat"];

    // Of dom0; the last ones are what the images of driver domains and clients heed.
    private static readonly string[] s_beginnings =
    [
        "xen", "pciback.", "pci=", "guestdev=", "reassign", "iommu=", "intel_iommu=", "amd_iommu=", "swiotlb=", "root=", "rootfstype=",
        "console=", "earlyprintk=", "loglevel=", "rodata=", "role=", "bridge=", "devd=", "netback=",
    ];

    /// <summary>The words that are kept, and how many were not.</summary>
    public static (string Kept, int LeftOut) Reduce(string line)
    {
        string[] words = line.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        string[] kept = [.. words.Where(IsKept)];
        return (string.Join(' ', kept), words.Length - kept.Length);
    }

    private static bool IsKept(string word) => !Secrets.MayHoldSecret(word)
        && (s_words.Contains(word) || s_beginnings.Any(beginning => word.StartsWith(beginning, StringComparison.Ordinal)));
}
