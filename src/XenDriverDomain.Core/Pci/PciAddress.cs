using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Pci;

/// <summary>
/// The address of a PCI function (BDF): domain (segment), bus, device and function. Text form
/// <c>[DDDD:]BB:DD.F</c>, all hexadecimal, exactly so many digits, upper or lower case; <see cref="ToString()"/> always shows the
/// domain. Nothing is guessed: Xen's own parser ignores tails and takes missing parts for 0 (libxlu_pci.c), this one does not.
/// </summary>
public readonly struct PciAddress : IEquatable<PciAddress>, IComparable<PciAddress>, IComparable, ISpanParsable<PciAddress>
{
    private readonly uint _value;

    /// <summary>Creates an address of its parts.</summary>
    /// <param name="domain">PCI domain (segment), 0 to 0xffff.</param>
    /// <param name="bus">Bus, 0 to 0xff.</param>
    /// <param name="device">Device (slot), 0 to 0x1f.</param>
    /// <param name="function">Function, 0 to 7.</param>
    /// <exception cref="ArgumentOutOfRangeException">A part is out of range.</exception>
    public PciAddress(int domain, int bus, int device, int function)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)domain, 0xffffu, nameof(domain));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bus, 0xffu, nameof(bus));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)device, 0x1fu, nameof(device));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)function, 7u, nameof(function));
        _value = ((uint)domain << 16) | ((uint)bus << 8) | ((uint)device << 3) | (uint)function;
    }

    /// <summary>PCI domain (segment), 0 to 0xffff.</summary>
    public int Domain => (int)(_value >> 16);

    /// <summary>Bus, 0 to 0xff.</summary>
    public int Bus => (int)(_value >> 8) & 0xff;

    /// <summary>Device (slot), 0 to 0x1f.</summary>
    public int Device => (int)(_value >> 3) & 0x1f;

    /// <summary>Function, 0 to 7.</summary>
    public int Function => (int)_value & 7;

    /// <summary>The form libxl uses in xenstore, where colons and dots are not allowed: <c>0000-00-10-0</c>.</summary>
    public string XenStoreKey => string.Create(CultureInfo.InvariantCulture, $"{Domain:x4}-{Bus:x2}-{Device:x2}-{Function:x1}");

    /// <summary>The full address as it is written, DDDD:BB:DD.F, which is what is read again of it in JSON.</summary>
    public string Text => ToString();

    /// <summary>The same device and bus with another function.</summary>
    public PciAddress WithFunction(int function) => new(Domain, Bus, Device, function);

    /// <summary>True when both are functions of one device (slot).</summary>
    public bool SharesSlotWith(PciAddress other) => _value >> 3 == other._value >> 3;

    /// <summary>Reads an address.</summary>
    /// <exception cref="XenDriverDomainException">PciAddressMalformed: the text is no address; the message says why.</exception>
    public static PciAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text.AsSpan(), out PciAddress address, out string? why)
            ? address
            : throw new XenDriverDomainException(
                ErrorIds.PciAddressMalformed,
                ErrorKind.InvalidArgument,
                $"'{Terminal.Text.Show(text)}' is not a PCI address: {why}.",
                "Write it as lspci -D and Get-XenPciDevice show it: [DDDD:]BB:DD.F in hexadecimal, for example 0000:00:10.0.",
                text);
    }

    /// <summary>Reads an address; false when the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PciAddress address) =>
        TryParse(text.AsSpan(), out address, out _);

    /// <summary>Reads an address; when the text is none, says why in words that follow a colon.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PciAddress address, [NotNullWhen(false)] out string? why)
    {
        address = default;
        int domain = 0;
        ReadOnlySpan<char> rest = text;
        int colons = text.Count(':');
        if (colons is 0 or > 2)
        {
            why = "it must look like [DDDD:]BB:DD.F";
            return false;
        }

        if (colons == 2)
        {
            int end = rest.IndexOf(':');
            if (!TryHex(rest[..end], 4, out domain))
            {
                why = "the domain (segment) must be exactly 4 hexadecimal digits";
                return false;
            }

            rest = rest[(end + 1)..];
        }

        int colon = rest.IndexOf(':');
        if (!TryHex(rest[..colon], 2, out int bus))
        {
            why = "the bus must be exactly 2 hexadecimal digits";
            return false;
        }

        rest = rest[(colon + 1)..];
        int dot = rest.IndexOf('.');
        if (dot < 0)
        {
            why = "the function is missing (.0 to .7)";
            return false;
        }

        if (!TryHex(rest[..dot], 2, out int device) || device > 0x1f)
        {
            why = "the device must be 2 hexadecimal digits, 00 to 1f";
            return false;
        }

        if (!TryHex(rest[(dot + 1)..], 1, out int function) || function > 7)
        {
            why = "the function must be one digit, 0 to 7";
            return false;
        }

        address = new PciAddress(domain, bus, device, function);
        why = null;
        return true;
    }

    /// <summary>Reads the form of <see cref="XenStoreKey"/>.</summary>
    public static bool TryParseXenStoreKey(ReadOnlySpan<char> key, out PciAddress address)
    {
        address = default;
        if (key.Length != 12 || key[4] != '-' || key[7] != '-' || key[10] != '-')
        {
            return false;
        }

        if (!TryHex(key[..4], 4, out int domain) || !TryHex(key[5..7], 2, out int bus)
            || !TryHex(key[8..10], 2, out int device) || device > 0x1f || !TryHex(key[11..], 1, out int function) || function > 7)
        {
            return false;
        }

        address = new PciAddress(domain, bus, device, function);
        return true;
    }

    /// <inheritdoc/>
    static PciAddress IParsable<PciAddress>.Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    static bool IParsable<PciAddress>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PciAddress result) =>
        TryParse(s, out result);

    /// <inheritdoc/>
    static PciAddress ISpanParsable<PciAddress>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s.ToString());

    /// <inheritdoc/>
    static bool ISpanParsable<PciAddress>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out PciAddress result) =>
        TryParse(s, out result, out _);

    /// <summary>The canonical text, always with the domain: <c>0000:00:10.0</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Domain:x4}:{Bus:x2}:{Device:x2}.{Function:x1}");

    /// <inheritdoc/>
    public bool Equals(PciAddress other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is PciAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(PciAddress other) => _value.CompareTo(other._value);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        PciAddress other => CompareTo(other),
        string text when TryParse(text, out PciAddress parsed) => CompareTo(parsed),
        _ => throw new ArgumentException("Only PCI addresses compare with PCI addresses.", nameof(obj)),
    };

    /// <summary>Equality of all four parts.</summary>
    public static bool operator ==(PciAddress left, PciAddress right) => left.Equals(right);

    /// <summary>Inequality in any part.</summary>
    public static bool operator !=(PciAddress left, PciAddress right) => !left.Equals(right);

    /// <summary>Order by domain, bus, device, function.</summary>
    public static bool operator <(PciAddress left, PciAddress right) => left._value < right._value;

    /// <summary>Order by domain, bus, device, function.</summary>
    public static bool operator >(PciAddress left, PciAddress right) => left._value > right._value;

    /// <summary>Order by domain, bus, device, function.</summary>
    public static bool operator <=(PciAddress left, PciAddress right) => left._value <= right._value;

    /// <summary>Order by domain, bus, device, function.</summary>
    public static bool operator >=(PciAddress left, PciAddress right) => left._value >= right._value;

    private static bool TryHex(ReadOnlySpan<char> digits, int count, out int value)
    {
        value = 0;
        if (digits.Length != count)
        {
            return false;
        }

        foreach (char c in digits)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }

            value = (value << 4) | (char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
        }

        return true;
    }
}
