using System.Globalization;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;
using XenDriverDomain.Xm;

namespace XenDriverDomain.Configuration;

/// <summary>
/// Where xl silently does something else than its file seems to say. Measured against xl's own parsers (libxlu_pci.c, xl_parse.c).
/// </summary>
internal static class XlPitfalls
{
    /// <summary>Settings that xl passes over, and numbers that it reads as octal.</summary>
    public static IEnumerable<Finding> OfSettings(XlConfigDocument document)
    {
        foreach (XlConfigAssignment assignment in document.Assignments.DistinctBy(a => a.Key))
        {
            if (!XlKeys.IsKnown(assignment.Key))
            {
                yield return Ignored(assignment.Key).At(assignment.Location);
            }
        }

        foreach (XlConfigAssignment assignment in document.Assignments)
        {
            if (assignment.Value is XlConfigAtom { IsQuoted: false } atom && IsOctal(atom))
            {
                yield return Octal(assignment.Key, atom).At(atom.Location);
            }
        }
    }

    /// <summary>What a malformed PCI device is to xl; null when xl refuses it as well.</summary>
    public static Finding? OfPci(string text)
    {
        foreach (string part in text.Split(','))
        {
            (string key, string? value) = SpecText.Split(part);
            if (value is null || key == "bdf")
            {
                if (OfAddress(text, value ?? key) is { } found)
                {
                    return found;
                }
            }
            else if (key is "permissive" or "msitranslate" or "seize" or "power_mgmt" && value.Length > 0 && value is not ("0" or "1"))
            {
                return Wrong(
                    ErrorIds.PciFlagNotBinary,
                    text,
                    $"{key}={Show(value)} is {(IsNumber(value) ? "neither 0 nor 1" : "0 to xl, which takes any word for 0")}.",
                    $"Write {key}=1 or {key}=0.");
            }
        }

        return null;
    }

    /// <summary>What a malformed vif is to xl; null when xl refuses it as well.</summary>
    public static Finding? OfVif(string text)
    {
        foreach (string part in text.Split(',').Select(p => p.TrimStart(' ', '\t')).Where(p => p.Length > 0))
        {
            (string key, string? value) = SpecText.Split(part);
            if (!VifSpec.IsKey(key))
            {
                return Wrong(
                    ErrorIds.VifKeyUnknown,
                    text,
                    $"xl has no '{Show(key)}' in a vif: it prints a line, and makes the interface without it; dom0 is its back end when "
                        + "that was meant to say otherwise.",
                    "Correct the key. The keys are " + VifSpec.Keys + ".");
            }

            if (key == "backend" && string.IsNullOrEmpty(value))
            {
                return Wrong(
                    ErrorIds.BackendEmpty, text, "The back end is empty, which xl takes for dom0.",
                    "Name the back-end domain, or remove backend=.");
            }

            if (value is { Length: > 0 } && (char.IsWhiteSpace(value[^1]) || char.IsWhiteSpace(value[0])))
            {
                return Wrong(
                    ErrorIds.BlankInValue,
                    text,
                    $"The value of '{key}' has blanks around it, and xl takes them as a part of it.",
                    "Remove the blanks.");
            }
        }

        return null;
    }

    /// <summary>Blanks that xl skips.</summary>
    public static Finding? OfBlanks(string text) => text.Contains(", ", StringComparison.Ordinal) || text.StartsWith(' ')
        ? Wrong(
            ErrorIds.BlankBehindComma,
            text,
            "xl skips the blank in front of a key; in a PCI device, and at the end of a value, it would not.",
            "Write the string without blanks.") with
        {
            Severity = FindingSeverity.Information,
        }
        : null;

    private static Finding? OfAddress(string text, string value)
    {
        int at = value.IndexOf('@', StringComparison.Ordinal);
        string address = at < 0 ? value : value[..at];
        string[] fields = address.Split(':');
        if (fields.Length is 2 or 3 && fields.All(f => f.Length is > 0 and <= 4 && f.All(char.IsAsciiHexDigit)))
        {
            return Wrong(
                ErrorIds.PciFunctionMissing,
                text,
                "The address has no function. xl reads on behind it, and what comes of that is left to chance.",
                $"Write {Show(address)}.0, or {Show(address)}.* for all functions.");
        }

        if (at >= 0)
        {
            string slot = value[(at + 1)..];
            string digits = slot.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? slot[2..] : slot;
            if (digits.Length is > 0 and <= 8 && digits.All(char.IsAsciiHexDigit)
                && int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) is > 0x1f or < 0)
            {
                return Wrong(
                    ErrorIds.PciSlotOutOfRange, text, $"The virtual slot {Show(slot)} is above 1f, the last one.",
                    "Write a slot from 0 to 1f, in hexadecimal.");
            }
        }

        int dot = address.LastIndexOf('.');
        return dot >= 0 && dot + 2 < address.Length && address[dot + 1] is (>= '0' and <= '7') or '*'
            ? Wrong(
                ErrorIds.PciTailIgnored,
                text,
                $"xl drops '{Show(address[(dot + 2)..])}' behind the address without a word.",
                "Remove it, or put a comma before an option.")
            : null;
    }

    private static Finding Ignored(string key) => XmOptions.KindOf(key) is not null
        ? new Finding(
            ErrorIds.SettingIgnored,
            FindingSeverity.Warning,
            key,
            $"xl has no setting '{key}' and passes over it; it is one of xm's.",
            "If the file was written for xm, read it as such (-Format Xm): converting it does what the setting meant.")
        : new Finding(
            ErrorIds.SettingIgnored,
            FindingSeverity.Warning,
            key,
            $"xl has no setting '{key}' and passes over it without a word.",
            "Correct its name as xl.cfg(5) has it, or make a comment of it.");

    private static Finding Octal(string key, XlConfigAtom atom) => new(
        ErrorIds.NumberOctal,
        FindingSeverity.Warning,
        key,
        atom.Number is { } number
            ? $"xl reads {Show(atom.Text)} as octal: {number.ToString(CultureInfo.InvariantCulture)}."
            : $"xl reads {Show(atom.Text)} as octal, and 8 and 9 are no octal digits.",
        $"Write {Show(atom.Text.TrimStart('0'))}, without the leading zero.")
    {
        Evidence = $"{key} = {Show(atom.Text)}",
    };

    private static bool IsOctal(XlConfigAtom atom) => atom.Text.Length > 1 && atom.Text[0] == '0' && atom.Text.All(char.IsAsciiDigit)
        && atom.Text.Any(c => c != '0');

    private static bool IsNumber(string value) => value.All(char.IsAsciiDigit);

    private static Finding Wrong(string id, string text, string cause, string remedy) =>
        new(id, FindingSeverity.Error, Terminal.Text.Show(text), cause, remedy) { Kind = ErrorKind.InvalidArgument };

    private static string Show(string text) => Terminal.Text.Show(text, 40);
}
