using XenDriverDomain.Pci;

namespace XenDriverDomain.Hide;

/// <summary>
/// A value of pciback's <c>hide=</c>, read as the driver reads it: six sscanf forms in turn, blanks before an element and before each
/// number, an optional 0x (drivers/xen/xen-pciback/pci_stub.c, pcistub_init; lib/vsprintf.c, vsscanf). The driver gives up at the first
/// part that it cannot read; here reading goes on at the next parenthesis, so that all of them can be named.
/// </summary>
/// <param name="Parts">All parts, in order.</param>
internal sealed record HideList(IReadOnlyList<HidePart> Parts)
{
    private static readonly string[] s_forms = ["(x:x:x.x)", "(x:x:x.*)", "(x:x:*.*)", "(x:x.x)", "(x:x.*)", "(x:*.*)"];

    /// <summary>The elements that can be read.</summary>
    public IEnumerable<HideElement> Elements => Parts.Select(part => part.Element).OfType<HideElement>();

    /// <summary>The first part that cannot be read, at which the driver gives up; null when it can read all.</summary>
    public HideFault? Fault => Parts.Select(part => part.Fault).OfType<HideFault>().FirstOrDefault();

    /// <summary>Reads a value.</summary>
    public static HideList Parse(string value)
    {
        List<HidePart> parts = [];
        int at = 0;
        while (true)
        {
            while (at < value.Length && char.IsWhiteSpace(value[at]))
            {
                at++;
            }

            if (at == value.Length)
            {
                return new HideList(parts);
            }

            HidePart part = ReadPart(value, at);
            parts.Add(part);
            at += part.Length;
        }
    }

    /// <summary>Whether a function is hidden by it: all can be read, and an element stands for the function.</summary>
    public bool Hides(PciAddress address) => Fault is null && Elements.Any(element => element.Covers(address));

    private static HidePart ReadPart(string value, int start)
    {
        foreach (string form in s_forms)
        {
            List<uint> numbers = [];
            int at = start;
            if (Matches(value, ref at, form, numbers))
            {
                return InRange(form, numbers, out HideElement? element)
                    ? new HidePart(start, at - start, element, null)
                    : Faulty(value, start, at - start, HideRule.Range);
            }
        }

        int length = LengthOfFault(value, start);
        return Faulty(value, start, length, Diagnose(value.Substring(start, length)));
    }

    private static HidePart Faulty(string value, int start, int length, HideRule rule) =>
        new(start, length, null, new HideFault(value.Substring(start, length), rule, start));

    private static bool Matches(string value, ref int at, string form, List<uint> numbers)
    {
        foreach (char c in form)
        {
            if (c == 'x')
            {
                if (!ReadNumber(value, ref at, out uint number))
                {
                    return false;
                }

                numbers.Add(number);
            }
            else if (at >= value.Length || value[at++] != c)
            {
                return false;
            }
        }

        return true;
    }

    // %x of the kernel's sscanf, where a number that is too long wraps.
    private static bool ReadNumber(string value, ref int at, out uint number)
    {
        number = 0;
        while (at < value.Length && char.IsWhiteSpace(value[at]))
        {
            at++;
        }

        if (at >= value.Length || !char.IsAsciiHexDigit(value[at]))
        {
            return false;
        }

        if (value[at] == '0' && at + 1 < value.Length && value[at + 1] is 'x' or 'X')
        {
            at += 2;
        }

        for (; at < value.Length && char.IsAsciiHexDigit(value[at]); at++)
        {
            uint digit = (uint)Convert.ToInt32(value[at].ToString(), 16);
            number = unchecked(number << 4) | digit;
        }

        return true;
    }

    private static bool InRange(string form, List<uint> numbers, out HideElement? element)
    {
        int colons = form.Count(c => c == ':');
        if (colons == 1)
        {
            numbers.Insert(0, 0);
        }

        uint? device = numbers.Count > 2 ? numbers[2] : null;
        uint? function = numbers.Count > 3 ? numbers[3] : null;
        bool isInRange = numbers[0] <= 0xffff && numbers[1] <= 0xff && device is null or <= 0x1f && function is null or <= 7;
        element = isInRange ? new HideElement((int)numbers[0], (int)numbers[1], (int?)device, (int?)function) : null;
        return isInRange;
    }

    // Up to the end of its parentheses; without them, or when they do not close, up to the next one.
    private static int LengthOfFault(string value, int start)
    {
        int next = value.IndexOf('(', start + 1);
        int close = value.IndexOf(')', start);
        int end = close >= 0 && (next < 0 || close < next) ? close + 1 : next < 0 ? value.Length : next;
        return end - start;
    }

    private static HideRule Diagnose(string part)
    {
        if (part.StartsWith(','))
        {
            return HideRule.NoCommas;
        }

        if (part is not ['(', .., ')'])
        {
            return HideRule.Parentheses;
        }

        string inner = part[1..^1];
        if (inner.Contains(',', StringComparison.Ordinal))
        {
            return HideRule.NoCommas;
        }

        if (inner.Count(c => c == ':') is not (1 or 2) || inner.Count(c => c == '.') != 1
            || inner.LastIndexOf(':') > inner.IndexOf('.', StringComparison.Ordinal) || inner.Contains("::", StringComparison.Ordinal))
        {
            return HideRule.Form;
        }

        if (inner.Contains('*', StringComparison.Ordinal))
        {
            return HideRule.Wildcard;
        }

        string[] numbers = inner.Split(':', '.');
        return numbers.Any(number => number.Trim().Length == 0) ? HideRule.Form
            : numbers.All(number => number.Trim().All(char.IsAsciiHexDigit)) ? HideRule.Blank
            : HideRule.Hexadecimal;
    }
}
