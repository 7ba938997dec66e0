using System.Globalization;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Descriptions;

/// <summary>What holds for a whole machine and is needed to read its parts.</summary>
/// <param name="KernelRelease">dom0's kernel, as uname -r has it.</param>
/// <param name="Addresses">All cards' addresses, as far as they can be read.</param>
internal sealed record MachineFacts(string KernelRelease, IReadOnlyList<PciAddress> Addresses)
{
    private static readonly Version s_namedResets = new(5, 15);

    /// <summary>True for a kernel that says how it resets a function (the attribute reset_method).</summary>
    public bool NamesResets { get; } = VersionOf(KernelRelease) >= s_namedResets;

    /// <summary>The name that udev gives an interface (systemd.net-naming-scheme): enp3s0, enp1s0f1, wlp8s0.</summary>
    public string DefaultInterface(PciAddress address, bool isWireless)
    {
        bool hasSiblings = Addresses.Any(other => other != address && other.SharesSlotWith(address));
        string domain = address.Domain == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"P{address.Domain}");
        string function = hasSiblings ? string.Create(CultureInfo.InvariantCulture, $"f{address.Function}") : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture, $"{(isWireless ? "wl" : "en")}{domain}p{address.Bus}s{address.Device}{function}");
    }

    /// <summary>The first two numbers of a kernel's release.</summary>
    public static Version VersionOf(string release)
    {
        string[] parts = release.Split('.', '-');
        return parts.Length > 1 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor)
            ? new Version(major, minor)
            : new Version(0, 0);
    }
}
