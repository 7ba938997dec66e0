using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Hide;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Checks;

/// <summary>What must be known of the host before a device is moved; all of it comes from one bulk read.</summary>
internal sealed record HostSituation
{
    /// <summary>Has the effective user.</summary>
    public const string Status = "/proc/self/status";

    private const string HypervisorType = "/sys/hypervisor/type";
    private const string CommandLine = "/proc/cmdline";
    private const string HideOfModule = "/sys/module/xen_pciback/parameters/hide";
    private const string HideOfClassicModule = "/sys/module/pciback/parameters/hide";

    /// <summary>The files to read.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [Status, PciOwners.Capabilities, HypervisorType, CommandLine, HideOfModule, HideOfClassicModule];

    /// <summary>The names to look for.</summary>
    public static IReadOnlyList<string> Names { get; } = [PcibackPaths.Directory];

    /// <summary>The effective user on dom0; null when it could not be read.</summary>
    public int? UserId { get; init; }

    /// <summary>True in the control domain, false elsewhere; null when the kernel does not tell (xenfs is not mounted).</summary>
    public bool? IsControlDomain { get; init; }

    /// <summary>True when the driver directory of pciback exists.</summary>
    public bool HasPciback { get; init; }

    /// <summary>pciback's hide= parameter, of the loaded module or of the kernel's command line; null when there is none.</summary>
    public string? Hide { get; init; }

    /// <summary>Takes the situation out of an answer.</summary>
    public static HostSituation From(BulkAnswer answer)
    {
        string? capabilities = answer.Files.GetValueOrDefault(PciOwners.Capabilities);
        bool onXen = answer.Files.GetValueOrDefault(HypervisorType)?.Trim() == "xen";

        // sysfs shows "(null)" for a string parameter that was never set.
        string? hide = (answer.Files.GetValueOrDefault(HideOfModule) ?? answer.Files.GetValueOrDefault(HideOfClassicModule))?.Trim()
            is { Length: > 0 } set && set != "(null)"
            ? set
            : HideParameter.Find(answer.Files.GetValueOrDefault(CommandLine) ?? string.Empty);
        return new HostSituation
        {
            UserId = EffectiveUser(answer.Files.GetValueOrDefault(Status)),
            IsControlDomain = capabilities is not null
                ? PciOwners.IsControlling(capabilities)
                : onXen ? null : false,
            HasPciback = answer.Names.Contains(PcibackPaths.Directory),
            Hide = hide,
        };
    }

    private static int? EffectiveUser(string? status)
    {
        foreach (string line in (status ?? string.Empty).Split('\n'))
        {
            // Uid: real effective saved file system (proc_pid_status(5)).
            string[] words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["Uid:", _, var effective, ..]
                && int.TryParse(effective, NumberStyles.None, CultureInfo.InvariantCulture, out int user))
            {
                return user;
            }
        }

        return null;
    }
}
