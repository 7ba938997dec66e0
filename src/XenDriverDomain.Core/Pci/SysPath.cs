namespace XenDriverDomain.Pci;

/// <summary>
/// Reads paths below /sys/devices as the class and bus links of sysfs store them
/// (<c>../../devices/pci0000:00/0000:00:1f.2/ata1/…/block/sda</c>): the whole chain of buses a thing hangs on is in them.
/// </summary>
internal static class SysPath
{
    private const int AddressLength = 12;

    /// <summary>The PCI functions that a path passes, from the root down; a domain above ffff (Intel VMD) has no address of ours.</summary>
    public static List<PciAddress> Functions(string target)
    {
        List<PciAddress> found = [];
        foreach (string component in target.Split('/'))
        {
            // The short form BB:DD.F, which PciAddress takes too, would be something else here.
            if (component.Length == AddressLength && PciAddress.TryParse(component, out PciAddress address))
            {
                found.Add(address);
            }
        }

        return found;
    }

    /// <summary>The function that a thing belongs to: the last one its path passes; null when there is none.</summary>
    public static PciAddress? Owner(string target) => Functions(target) is [.., PciAddress last] ? last : null;

    /// <summary>The path from <c>/devices</c> on, equal for one thing whatever link led to it.</summary>
    public static string Canonical(string target)
    {
        int at = target.IndexOf("/devices/", StringComparison.Ordinal);
        return at < 0 ? target : target[at..];
    }

    /// <summary>True for what no hardware stands behind.</summary>
    public static bool IsVirtual(string target) => target.Contains("/devices/virtual/", StringComparison.Ordinal);

    /// <summary>The component after the last slash.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The component at an index, counted from the first slash: 3 of <c>/sys/class/net/eth0</c> is <c>eth0</c>.</summary>
    public static string Component(string path, int index)
    {
        ReadOnlySpan<char> rest = path.AsSpan(1);
        for (; index > 0; index--)
        {
            int slash = rest.IndexOf('/');
            if (slash < 0)
            {
                return string.Empty;
            }

            rest = rest[(slash + 1)..];
        }

        int end = rest.IndexOf('/');
        return (end < 0 ? rest : rest[..end]).ToString();
    }
}
