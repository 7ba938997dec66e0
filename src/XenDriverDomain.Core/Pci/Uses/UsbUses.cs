using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Pci.Uses;

/// <summary>
/// The USB devices behind each controller: keyboards, mice, storage and others. Hubs are passed over, and so are disks and network
/// interfaces, which have uses of their own.
/// </summary>
internal static class UsbUses
{
    private const string Hid = "03";
    private const string MassStorage = "08";
    private const string Hub = "09";

    /// <summary>EV_REP: only keyboards repeat keys by themselves (include/uapi/linux/input-event-codes.h).</summary>
    private const ulong Repeats = 1UL << 0x14;

    /// <summary>Finds the uses of all functions.</summary>
    public static IEnumerable<FunctionUse> Find(BulkAnswer sys)
    {
        string prefix = PciQueries.Usb + "/";
        string[] keyboards = [.. Keyboards(sys)];
        string[] shownOtherwise =
        [
            .. sys.LinksBelow(PciQueries.Block).Concat(sys.LinksBelow(PciQueries.Net)).Select(link => SysPath.Canonical(sys.Links[link])),
        ];
        bool hasScreen = ConsoleUses.IsActive(sys, "tty0");

        foreach (string path in sys.LinksBelow(prefix).Order(StringComparer.Ordinal))
        {
            // 1-1.2 is a device, 1-1.2:1.0 one of its interfaces, usb1 a root hub.
            string name = path[prefix.Length..], target = sys.Links[path];
            if (name.Contains(':', StringComparison.Ordinal) || name.StartsWith("usb", StringComparison.Ordinal)
                || SysPath.Owner(target) is not { } owner)
            {
                continue;
            }

            string[] classes =
            [
                .. sys.Files.Keys.Where(file => file.StartsWith($"{path}:", StringComparison.Ordinal)
                    && file.EndsWith("/bInterfaceClass", StringComparison.Ordinal)).Select(file => sys.Files[file].Trim()),
            ];
            string below = SysPath.Canonical(target) + "/";
            bool isHub = classes.Length > 0 && classes.All(one => one == Hub);
            if (isHub || shownOtherwise.Any(other => other.StartsWith(below, StringComparison.Ordinal)))
            {
                continue;
            }

            PciUseKind kind = classes.Contains(Hid) ? PciUseKind.UsbInput
                : classes.Contains(MassStorage) ? PciUseKind.UsbStorage
                : PciUseKind.Usb;
            bool isKeyboard = keyboards.Any(one => one.StartsWith(below, StringComparison.Ordinal));
            bool isLastKeyboard = isKeyboard && hasScreen && keyboards.All(one => SysPath.Owner(one) == owner);
            yield return new FunctionUse(
                owner, new PciUse(kind, Text.Show(name), Describe(sys, path, isKeyboard, isLastKeyboard), isLastKeyboard));
        }
    }

    private static IEnumerable<string> Keyboards(BulkAnswer sys) =>
        from link in sys.LinksBelow(PciQueries.Input + "/")
        where !SysPath.IsVirtual(sys.Links[link])
        where ulong.TryParse(
            sys.Files.GetValueOrDefault($"{link}/capabilities/ev", string.Empty).Trim(),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out ulong events) && (events & Repeats) != 0
        select SysPath.Canonical(sys.Links[link]);

    private static string Describe(BulkAnswer sys, string path, bool isKeyboard, bool isLastKeyboard)
    {
        // A device on the bus chooses these words itself.
        string product = Text.Show(sys.Files.GetValueOrDefault($"{path}/product", string.Empty).Trim(), 64);
        string manufacturer = Text.Show(sys.Files.GetValueOrDefault($"{path}/manufacturer", string.Empty).Trim(), 64);
        string name = product.StartsWith(manufacturer, StringComparison.OrdinalIgnoreCase) ? product : $"{manufacturer} {product}".Trim();
        string role = isLastKeyboard ? "dom0's only keyboard" : isKeyboard ? "keyboard" : string.Empty;
        return name.Length == 0 ? role : role.Length == 0 ? name : $"{name}, {role}";
    }
}
