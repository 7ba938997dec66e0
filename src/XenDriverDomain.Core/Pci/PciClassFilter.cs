using System.Globalization;
using System.IO.Enumeration;

namespace XenDriverDomain.Pci;

/// <summary>
/// What <c>-Class</c> takes: the name of a <see cref="PciClass"/> group, two to six hexadecimal digits as lspci -nn shows them
/// (<c>02</c>, <c>0c03</c>, <c>0c0330</c>), or a wildcard text (<c>*</c> and <c>?</c>) for the group's name or the class's. Case does not
/// matter.
/// </summary>
public sealed class PciClassFilter
{
    private static readonly PciClass[] s_groups = Enum.GetValues<PciClass>();

    private readonly string _text;
    private readonly Func<PciDevice, bool> _matches;

    private PciClassFilter(string text, Func<PciDevice, bool> matches, bool isName = false)
    {
        _text = text;
        _matches = matches;
        IsName = isName;
    }

    /// <summary>True when it is neither a group, nor digits, nor a pattern: a slip, if no class is called so.</summary>
    public bool IsName { get; }

    /// <summary>Reads a filter; every text is one.</summary>
    public static PciClassFilter Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string asked = text.Trim();
        string digits = asked.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? asked[2..] : asked;
        if (asked.Length > 0 && char.IsAsciiLetter(asked[0]) && Enum.TryParse(asked, ignoreCase: true, out PciClass group))
        {
            return new PciClassFilter(asked, device => IsIn(device.ClassCode, group));
        }

        if (digits.Length is 2 or 4 or 6
            && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code))
        {
            int shift = 24 - (digits.Length * 4);
            return new PciClassFilter(asked, device => device.ClassCode >> shift == code);
        }

        // A backslash would escape in the matcher; no class has one.
        string pattern = asked.Replace("\\", "\\\\", StringComparison.Ordinal);
        return new PciClassFilter(
            asked,
            device => FileSystemName.MatchesSimpleExpression(pattern, device.ClassName)
                || Array.Exists(
                    s_groups, one => IsIn(device.ClassCode, one) && FileSystemName.MatchesSimpleExpression(pattern, one.ToString())),
            isName: !asked.AsSpan().ContainsAny('*', '?'));
    }

    /// <summary>True when a device is of the class.</summary>
    public bool Matches(PciDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return _matches(device);
    }

    /// <summary>The text it was read of.</summary>
    public override string ToString() => _text;

    private static bool IsIn(int classCode, PciClass group) => group switch
    {
        PciClass.Audio => classCode >> 8 is 0x0401 or 0x0403,
        > (PciClass)0xff => classCode >> 8 == (int)group,
        _ => classCode >> 16 == (int)group,
    };
}
