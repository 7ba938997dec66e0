using System.Text;
using XenDriverDomain.Assignment.AtBoot;

namespace XenDriverDomain.Snapshots;

/// <summary>
/// Kernel command lines, reduced to the words that matter for Xen and those that are known to be harmless: installers and cloud images
/// put passwords and keys there, in words that nobody can list.
/// </summary>
internal static class KernelCommandLine
{
    // The last ones divide the line (init's words, syslinux's modules), or are what GRUB's scripts put first.
    private static readonly string[] s_words =
        ["ro", "rw", "quiet", "splash", "nosplash", "rhgb", "nomodeset", "nopat", "single", "recovery", "--", "---", "placeholder"];

    // Of dom0; the last line is what the images of driver domains and clients heed.
    private static readonly string[] s_beginnings =
    [
        "xen", "pciback.", "pci=", "guestdev=", "reassign", "iommu=", "intel_iommu=", "amd_iommu=", "swiotlb=", "root=", "rootfstype=",
        "rootflags=", "initrd=", "modules=", "resume=", "rd.lvm.lv=", "rd.md.uuid=", "rd.luks.uuid=", "net.ifnames=", "biosdevname=",
        "console=", "earlyprintk=", "loglevel=", "rodata=", "crashkernel=", "mitigations=", "apparmor=", "selinux=", "security=", "acpi=",
        "clocksource=", "tsc=", "usbcore.", "vga=", "video=",
        "role=", "bridge=", "devd=", "netback=",
    ];

    /// <summary>The words that are kept, one blank between them, and how many were not.</summary>
    public static (string Kept, int LeftOut) Reduce(string line)
    {
        (string kept, int leftOut) = ReduceInPlace(line);
        return (string.Join(' ', kept.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)), leftOut);
    }

    /// <summary>The same line without the words that are not kept and the blanks before them; what is between the others stays.</summary>
    public static (string Kept, int LeftOut) ReduceInPlace(string line)
    {
        StringBuilder kept = new(line.Length);
        int at = 0, leftOut = 0;
        foreach ((int start, int length) in HideWord.AllWords(line))
        {
            if (IsKept(line.Substring(start, length)))
            {
                kept.Append(line, at, start + length - at);
            }
            else
            {
                leftOut++;
            }

            at = start + length;
        }

        return (kept.Append(line, at, line.Length - at).ToString(), leftOut);
    }

    private static bool IsKept(string word)
    {
        // A word, or its value, may stand in quotes, which are escaped in a shell's.
        string bare = word.TrimStart('\\', '"');
        return !Secrets.MayHoldSecret(word) && !bare.Any(char.IsWhiteSpace)
            && (bare.Length == 0 || s_words.Contains(bare) || IsReference(bare) || s_beginnings.Any(beginning => bare.StartsWith(beginning, StringComparison.Ordinal)));
    }

    // $NAME or ${NAME}: what it stands for is looked at where it is set.
    private static bool IsReference(string word) => word is ['$', .. var name]
        && (name is ['{', .. var inner, '}'] ? inner : name) is { Length: > 0 } variable
        && variable.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
