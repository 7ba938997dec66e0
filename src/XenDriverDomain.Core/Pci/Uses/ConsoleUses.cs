using XenDriverDomain.Access;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Pci.Uses;

/// <summary>Screens and serial ports, and which of them carry dom0's console.</summary>
internal static class ConsoleUses
{
    private const string ActiveConsoles = PciQueries.Tty + "/console/active";

    /// <summary>True when the kernel's console is on a terminal, or when that is not known.</summary>
    public static bool IsActive(BulkAnswer sys, string tty) =>
        !sys.Files.TryGetValue(ActiveConsoles, out string? active) || active.Split([' ', '\n']).Contains(tty);

    /// <summary>Finds the uses of all functions.</summary>
    public static IEnumerable<(PciAddress Function, PciUse Use)> Find(BulkAnswer sys, IEnumerable<PciDevice> devices)
    {
        ILookup<PciAddress, string> screens = OwnersOf(sys, "/sys/class/drm/card").Concat(OwnersOf(sys, "/sys/class/graphics/fb"))
            .ToLookup(pair => pair.Owner, pair => pair.Name);
        foreach (PciDevice device in devices)
        {
            // Of a graphics card, card0-HDMI-A-1 is an output, card0 the card.
            string[] names = [.. screens[device.Address].Where(name => !name.Contains('-', StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            bool isTextScreen = device is { IsBootVga: true, Driver: not ("pciback" or "vfio-pci") } && IsActive(sys, "tty0");
            if (names.Length > 0 || isTextScreen)
            {
                bool isConsole = isTextScreen || (device.IsBootVga && names.Length > 0);
                yield return (device.Address, new PciUse(
                    PciUseKind.Console,
                    names.Length > 0 ? Text.Show(string.Join(' ', names)) : "vga",
                    isConsole ? "dom0's screen" : "display",
                    isConsole));
            }
        }

        foreach ((PciAddress owner, string name) in OwnersOf(sys, PciQueries.Tty + "/ttyS"))
        {
            bool isConsole = sys.Files.ContainsKey(ActiveConsoles) && IsActive(sys, name);
            yield return (owner, new PciUse(PciUseKind.Console, Text.Show(name), isConsole ? "dom0's serial console" : "serial port", isConsole));
        }
    }

    private static IEnumerable<(PciAddress Owner, string Name)> OwnersOf(BulkAnswer sys, string prefix) =>
        from link in sys.Links
        where link.Key.StartsWith(prefix, StringComparison.Ordinal)
        orderby link.Key
        let owner = SysPath.Owner(link.Value)
        where owner is not null
        select (owner.Value, SysPath.Name(link.Key));
}
