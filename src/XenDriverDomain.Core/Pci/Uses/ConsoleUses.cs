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
    public static IEnumerable<FunctionUse> Find(BulkAnswer sys, IEnumerable<PciDevice> devices)
    {
        // Of a graphics card, card0-HDMI-A-1 is an output, card0 the card.
        Node[] screens =
        [
            .. NodesOf(sys, "/sys/class/drm/card").Concat(NodesOf(sys, "/sys/class/graphics/fb"))
                .Where(node => !node.Name.Contains('-', StringComparison.Ordinal)),
        ];
        foreach (PciDevice device in devices)
        {
            string[] names =
                [.. screens.Where(node => node.Owner == device.Address).Select(node => node.Name).Order(StringComparer.Ordinal)];
            bool isTextScreen = device is { IsBootVga: true, Driver: not (PcibackPaths.DriverName or "vfio-pci") } && IsActive(sys, "tty0");
            if (names.Length > 0 || isTextScreen)
            {
                bool isConsole = isTextScreen || (device.IsBootVga && names.Length > 0);
                yield return new FunctionUse(device.Address, new PciUse(
                    PciUseKind.Console,
                    names.Length > 0 ? Text.Show(string.Join(' ', names)) : "vga",
                    isConsole ? "dom0's screen" : "display",
                    isConsole));
            }
        }

        foreach ((PciAddress owner, string name) in NodesOf(sys, PciQueries.Tty + "/ttyS"))
        {
            bool isConsole = sys.Files.ContainsKey(ActiveConsoles) && IsActive(sys, name);
            yield return new FunctionUse(
                owner, new PciUse(PciUseKind.Console, Text.Show(name), isConsole ? "dom0's serial console" : "serial port", isConsole));
        }
    }

    private static IEnumerable<Node> NodesOf(BulkAnswer sys, string prefix) =>
        from link in sys.LinksBelow(prefix)
        orderby link
        let owner = SysPath.Owner(sys.Links[link])
        where owner is not null
        select new Node(owner.Value, SysPath.Name(link));

    /// <summary>A screen or a terminal, and the function that it belongs to.</summary>
    private sealed record Node(PciAddress Owner, string Name);
}
