using System.Globalization;

namespace XenDriverDomain.Checks;

/// <summary>
/// The kernel parameter by which pciback seizes devices at boot: <c>xen-pciback.hide=(D:B:S.F)(B:S.*)…</c>. One element that its
/// parser does not take keeps the whole driver from registering (drivers/xen/xen-pciback/pci_stub.c, xen_pcibk_init), and the
/// only sign is a line in the kernel log.
/// </summary>
internal static class HideParameter
{
    /// <summary>
    /// The value on a kernel command line; null when it is not there. The last one counts. The kernel takes - and _ for the same
    /// character in names of parameters; the module was called pciback before Linux 3.1.
    /// </summary>
    public static string? Find(string commandLine)
    {
        string? value = null;
        foreach (string word in commandLine.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            string bare = word.Replace("\"", string.Empty, StringComparison.Ordinal);
            int equals = bare.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && bare[..equals].Replace('-', '_') is "xen_pciback.hide" or "pciback.hide")
            {
                value = bare[(equals + 1)..];
            }
        }

        return value;
    }

    /// <summary>The part of a value from which on the driver cannot read it; null when the value is well-formed.</summary>
    public static string? FindMalformed(string value)
    {
        int at = 0;
        while (true)
        {
            while (at < value.Length && char.IsWhiteSpace(value[at]))
            {
                at++;
            }

            if (at == value.Length)
            {
                return null;
            }

            int end = value.IndexOf(')', at);
            if (value[at] != '(' || end < 0 || !IsSlot(value.AsSpan(at + 1, end - at - 1).Trim()))
            {
                return end < 0 ? value[at..] : value[at..(end + 1)];
            }

            at = end + 1;
        }
    }

    // D:B:S.F, B:S.F; the function, or slot and function, may be a star.
    private static bool IsSlot(ReadOnlySpan<char> text)
    {
        int dot = text.IndexOf('.');
        if (dot < 0)
        {
            return false;
        }

        ReadOnlySpan<char> function = text[(dot + 1)..];
        ReadOnlySpan<char> rest = text[..dot];
        int lastColon = rest.LastIndexOf(':');
        if (lastColon < 0)
        {
            return false;
        }

        ReadOnlySpan<char> slot = rest[(lastColon + 1)..];
        ReadOnlySpan<char> bus = rest[..lastColon];
        int firstColon = bus.IndexOf(':');
        bool domainOk = firstColon < 0 || IsHex(bus[..firstColon], 0xffff);
        if (firstColon >= 0)
        {
            bus = bus[(firstColon + 1)..];
        }

        bool slotOk = slot is "*" ? function is "*" : IsHex(slot, 0x1f) && (function is "*" || IsHex(function, 7));
        return domainOk && IsHex(bus, 0xff) && slotOk;
    }

    // The kernel's %x takes a leading 0x as well.
    private static bool IsHex(ReadOnlySpan<char> text, int limit) =>
        uint.TryParse(
            text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text,
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out uint value)
        && value <= limit;
}
