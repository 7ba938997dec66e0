using System.Globalization;
using System.Text.RegularExpressions;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>A field of the configuration space that a guest may write (conf_space_quirks.c, pci_stub.c).</summary>
/// <param name="Register">Its offset.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Mask">The bits that are not let through.</param>
internal sealed partial record QuirkField(uint Register, uint Size, uint Mask)
{
    private const uint LastRegister = 0xfff;

    /// <summary>Those that every function has: header type 0 (conf_space_header.c).</summary>
    public static IReadOnlyList<QuirkField> Header { get; } =
    [
        .. new (uint Register, uint Size)[]
        {
            (0x00, 2), (0x02, 2), (0x04, 2), (0x3c, 1), (0x3d, 1), (0x0c, 1), (0x0d, 1), (0x0f, 1), (0x10, 4), (0x14, 4), (0x18, 4),
            (0x1c, 4), (0x20, 4), (0x24, 4), (0x30, 4),
        }.Select(field => new QuirkField(field.Register, field.Size, 0)),
    ];

    /// <summary>True for what pciback accepts: a field of one, two or four bytes, which the mask fits.</summary>
    public bool IsValid => Register <= LastRegister && (Size == 4 || (Size is 1 or 2 && Mask >> (int)(Size * 8) == 0));

    /// <summary>Reads <c>[D:]B:S.F-REG:SIZE:MASK</c>; false when the text is no such thing.</summary>
    public static bool TryParse(string text, out SlotPattern? slot, out QuirkField? field)
    {
        slot = null;
        field = null;
        Match match = Form().Match(text);
        if (match.Success && SlotPattern.TryParse(match.Groups["slot"].Value) is { Function: not null } parsed)
        {
            slot = parsed;
            field = new QuirkField(Number(match, "reg"), Number(match, "size"), Number(match, "mask"));
        }

        return field is not null;
    }

    /// <summary>As the attribute shows it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Register:x8}:{Size:x1}:{Mask:x8}");

    private static uint Number(Match match, string group) =>
        uint.TryParse(match.Groups[group].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number)
            ? number
            : uint.MaxValue;

    [GeneratedRegex(
        @"^(?<slot>[^-]+)-\s*(?:0[xX])?(?<reg>[0-9a-fA-F]+):\s*(?:0[xX])?(?<size>[0-9a-fA-F]+):\s*(?:0[xX])?(?<mask>[0-9a-fA-F]+)\s*\z")]
    private static partial Regex Form();
}
