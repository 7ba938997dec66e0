using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>
/// A field of the configuration space as pciback's <c>quirks</c> attribute writes it, <c>REGISTER:SIZE:MASK</c> in hexadecimal
/// (drivers/xen/xen-pciback/pci_stub.c, pcistub_reg_add).
/// </summary>
/// <param name="Register">Its offset, 0 to 0xfff.</param>
/// <param name="Size">Its size in bytes: 1, 2 or 4.</param>
/// <param name="Mask">The bits that pciback keeps from the guest; it must fit the size.</param>
public readonly record struct PciConfigField(int Register, int Size, uint Mask)
{
    /// <summary>The last register of PCI Express's configuration space.</summary>
    public const int LastRegister = 0xfff;

    /// <summary>A field, when pciback would take it.</summary>
    /// <exception cref="XenDriverDomainException">PciQuirkFieldMalformed.</exception>
    public static PciConfigField Create(int register, int size, uint mask)
    {
        PciConfigField field = new(register, size, mask);
        return field.WhyNot() is { } why ? throw Malformed(field.ToString(), why) : field;
    }

    /// <summary>Reads <c>REGISTER:SIZE:MASK</c>.</summary>
    /// <exception cref="XenDriverDomainException">PciQuirkFieldMalformed.</exception>
    public static PciConfigField Parse(string text) =>
        TryParse(text, out PciConfigField field, out string? why) ? field : throw Malformed(text, why);

    /// <summary>Reads <c>REGISTER:SIZE:MASK</c>; says why not where that is so.</summary>
    public static bool TryParse(string text, out PciConfigField field, [NotNullWhen(false)] out string? why)
    {
        ArgumentNullException.ThrowIfNull(text);
        field = default;
        string[] parts = text.Split(':');
        if (parts.Length != 3 || !TryHex(parts[0], out uint register) || !TryHex(parts[1], out uint size)
            || !TryHex(parts[2], out uint mask))
        {
            why = "it is not REGISTER:SIZE:MASK in hexadecimal";
            return false;
        }

        field = new PciConfigField((int)Math.Min(register, int.MaxValue), (int)Math.Min(size, int.MaxValue), mask);
        why = field.WhyNot();
        return why is null;
    }

    /// <summary>As the attribute has it: 00000078:4:00000000.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Register:x8}:{Size:x1}:{Mask:x8}");

    private string? WhyNot() => Register is < 0 or > LastRegister ? "the register is not within 0 to fff"
        : Size is not (1 or 2 or 4) ? "the size is not 1, 2 or 4 bytes"
        : Size < 4 && Mask >> (8 * Size) != 0 ? $"the mask does not fit into {Size} byte{(Size == 1 ? string.Empty : "s")}"
        : Register % Size != 0 ? "the register is no multiple of the size"
        : null;

    private static bool TryHex(string text, out uint value)
    {
        ReadOnlySpan<char> digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        return uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && digits.Length <= 8;
    }

    private static XenDriverDomainException Malformed(string text, string why) => new(
        ErrorIds.PciQuirkFieldMalformed,
        ErrorKind.InvalidArgument,
        $"'{Terminal.Text.Show(text, 60)}' is no field of the configuration space that pciback takes: {why}.",
        "Give the register's offset (0 to 0xfff), its size (1, 2 or 4 bytes) and a mask that fits it, usually 0.",
        text);
}
