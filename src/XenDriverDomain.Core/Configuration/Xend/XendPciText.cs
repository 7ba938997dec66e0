using System.Globalization;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>A PCI device as xm reads its text.</summary>
internal sealed record XendPciText
{
    /// <summary>The slot as xl writes it, <c>[DDDD:]BB:SS</c>.</summary>
    public string Slot { get; private init; } = string.Empty;

    /// <summary>The functions; a single null for all of them.</summary>
    public IReadOnlyList<int?> Functions { get; private init; } = [];

    /// <summary>The virtual slot, hexadecimal; null for none.</summary>
    public string? VirtualSlot { get; private init; }

    /// <summary>What follows: option=value with commas between.</summary>
    public string Options { get; private init; } = string.Empty;

    /// <summary>What reading it has to remark.</summary>
    public IReadOnlyList<string> Reasons { get; private init; } = [];

    /// <summary>Why it cannot be read; null when it can.</summary>
    public string? WhyNot { get; private init; }

    /// <summary>Reads a text without blanks.</summary>
    public static XendPciText Read(string text)
    {
        if (!text.AsSpan().ContainsAny(':', '.') && text.Split(',') is { Length: 3 } fields)
        {
            return ReadOfXen2(fields);
        }

        // With a domain first, as xm tries it: 1,5,0,1 is function 1 of slot 0 on bus 5.
        return new Reader(text).Read(withDomain: true) ?? new Reader(text).Read(withDomain: false)
            ?? No("it is no PCI device for xm: BB:SS.F, with a domain before it, a list of functions, @VSLOT and options behind it");
    }

    // Read as numbers of Python, hexadecimal with 0x alone. Xen from 3.0 on reads the same text as hexadecimal.
    private static XendPciText ReadOfXen2(string[] fields)
    {
        int[] numbers = new int[3];
        for (int i = 0; i < 3; i++)
        {
            string field = fields[i];
            bool isMarked = field.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
            string digits = isMarked ? field[2..] : field;
            if (digits.Length is 0 or > 2
                || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return No("it is no PCI device for xm: three numbers with commas are bus, device and function");
            }

            if (!isMarked && digits.All(char.IsAsciiDigit) && numbers[i] > 9)
            {
                return No($"Xen 2.0 reads {field} as decimal, Xen 3 and later as hexadecimal: write BB:SS.F, which has one meaning");
            }
        }

        return numbers[1] > 0x1f || numbers[2] > 7
            ? No("a device is 0 to 1f, a function 0 to 7")
            : new XendPciText
            {
                Slot = string.Create(CultureInfo.InvariantCulture, $"{numbers[0]:x2}:{numbers[1]:x2}"),
                Functions = [numbers[2]],
                Reasons = ["bus, device and function have their own signs between them since Xen 3.0"],
            };
    }

    private static XendPciText No(string why) => new() { WhyNot = why };

    /// <summary>The regular expression of parse_pci_name_extended, by hand.</summary>
    private sealed class Reader(string text)
    {
        private int _at;

        private char Next => _at < text.Length ? text[_at] : '\0';

        public XendPciText? Read(bool withDomain)
        {
            string? domain = null;
            if (withDomain && ((domain = Hex(4)) is null || !Take(':', ',')))
            {
                return null;
            }

            if (Hex(2) is not { } bus || !Take(':', ',') || Hex(2) is not { } slot || !Take('.', ','))
            {
                return null;
            }

            string list = FunctionText();
            string? virtualSlot = null;
            if (list.Length == 0 || (Next == '@' && (virtualSlot = VirtualSlotText()) is null))
            {
                return null;
            }

            string options = string.Empty;
            if (Next == ',')
            {
                options = text[(_at + 1)..];
                _at = text.Length;
            }

            return _at < text.Length ? null : Functions(list, out bool isMapped) is not { } functions
                ? No("its list of functions is none for xm, or has one twice")
                : new XendPciText
                {
                    Slot = $"{(domain is null ? string.Empty : domain.PadLeft(4, '0') + ":")}{bus.PadLeft(2, '0')}:{slot.PadLeft(2, '0')}",
                    Functions = functions,
                    VirtualSlot = virtualSlot,
                    Options = options,
                    Reasons = isMapped ? ["the functions' numbers in the guest are xl's choice"] : [],
                };
        }

        // A list goes on only where a function follows: 0,msitranslate=1 has one function.
        private string FunctionText()
        {
            int start = _at;
            if (Next == '*')
            {
                _at++;
            }
            else if (Next is >= '0' and <= '7')
            {
                _at++;
                while (Next is ',' or '-' or '=' && _at + 1 < text.Length && text[_at + 1] is >= '0' and <= '7')
                {
                    _at += 2;
                }
            }

            return text[start.._at];
        }

        private string? VirtualSlotText()
        {
            _at++;
            return Hex(2) is { } slot && (slot.Length == 1 || slot[0] is '0' or '1') ? slot : null;
        }

        private string? Hex(int most)
        {
            int start = _at;
            while (_at < text.Length && _at - start < most && char.IsAsciiHexDigit(text[_at]))
            {
                _at++;
            }

            return _at > start ? text[start.._at] : null;
        }

        private bool Take(char one, char other)
        {
            bool found = Next == one || Next == other;
            _at += found ? 1 : 0;
            return found;
        }

        // 0-3, 0,2, 0=1, 0=1-2=3; null when xm refuses it.
        private static List<int?>? Functions(string list, out bool isMapped)
        {
            isMapped = list.Contains('=', StringComparison.Ordinal);
            if (list == "*")
            {
                return [null];
            }

            List<int?> functions = [];
            List<int> virtuals = [];
            foreach (string part in list.Split(','))
            {
                int[][] ends = [.. part.Split('-').Select(end => end.Split('=').Select(d => d[0] - '0').ToArray())];
                if (ends.Length > 2 || ends.Any(e => e.Length > 2))
                {
                    return null;
                }

                int[] physical = [.. Range(ends[0][0], ends[^1][0])];
                int[] mapped = [.. Range(ends[0][^1], ends[^1][^1])];
                if (physical.Length != mapped.Length)
                {
                    return null;
                }

                functions.AddRange(physical.Select(f => (int?)f));
                virtuals.AddRange(mapped);
            }

            return functions.Distinct().Count() == functions.Count && virtuals.Distinct().Count() == virtuals.Count ? functions : null;
        }

        private static IEnumerable<int> Range(int from, int to) =>
            from <= to ? Enumerable.Range(from, to - from + 1) : Enumerable.Range(to, from - to + 1).Reverse();
    }
}
