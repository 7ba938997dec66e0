using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Network;

/// <summary>
/// An Ethernet address of a vif, six bytes written <c>00:16:3e:xx:xx:xx</c>. Xen's parser takes any separator; this one takes
/// colons only. Group addresses (an odd first byte) cannot be an interface's own and are refused.
/// </summary>
public readonly struct MacAddress : IEquatable<MacAddress>, IComparable<MacAddress>
{
    private readonly ulong _value;

    private MacAddress(ulong value) => _value = value;

    /// <summary>The address as it is written, which is what stays of it in JSON.</summary>
    public string Text => ToString();

    /// <summary>Reads an address.</summary>
    /// <exception cref="XenDriverDomainException">MacAddressMalformed: the text is no unicast Ethernet address.</exception>
    public static MacAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out MacAddress mac)
            ? mac
            : throw new XenDriverDomainException(
                ErrorIds.MacAddressMalformed,
                ErrorKind.InvalidArgument,
                $"'{Terminal.Text.Show(text)}' is not the MAC address of an interface: six hexadecimal bytes with colons are, the first "
                    + "of them even.",
                "Write it as 00:16:3e:xx:xx:xx (Xen's own range), or leave it out and let one be chosen.",
                text);
    }

    /// <summary>Reads an address; false when the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MacAddress mac)
    {
        mac = default;
        if (text is null || text.Length != 17)
        {
            return false;
        }

        ulong value = 0;
        for (int i = 0; i < 17; i++)
        {
            char c = text[i];
            if (i % 3 == 2)
            {
                if (c != ':')
                {
                    return false;
                }
            }
            else if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
            else
            {
                value = (value << 4) | (uint)(char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
            }
        }

        if (value == 0 || (value >> 40 & 1) != 0)
        {
            return false;
        }

        mac = new MacAddress(value);
        return true;
    }

    /// <summary>A random address in Xen's range 00:16:3e:00:00:00 to 00:16:3e:7f:ff:ff, as libxl makes it.</summary>
    public static MacAddress NewRandom() => new(0x00163e000000UL | (uint)Random.Shared.Next(0x800000));

    /// <summary>Lower-case text with colons.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_value >> 40 & 0xff:x2}:{_value >> 32 & 0xff:x2}:{_value >> 24 & 0xff:x2}:"
            + $"{_value >> 16 & 0xff:x2}:{_value >> 8 & 0xff:x2}:{_value & 0xff:x2}");

    /// <inheritdoc/>
    public bool Equals(MacAddress other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is MacAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(MacAddress other) => _value.CompareTo(other._value);

    /// <summary>Same address.</summary>
    public static bool operator ==(MacAddress left, MacAddress right) => left.Equals(right);

    /// <summary>Another address.</summary>
    public static bool operator !=(MacAddress left, MacAddress right) => !left.Equals(right);

    /// <summary>Order by value.</summary>
    public static bool operator <(MacAddress left, MacAddress right) => left._value < right._value;

    /// <summary>Order by value.</summary>
    public static bool operator >(MacAddress left, MacAddress right) => left._value > right._value;

    /// <summary>Order by value.</summary>
    public static bool operator <=(MacAddress left, MacAddress right) => left._value <= right._value;

    /// <summary>Order by value.</summary>
    public static bool operator >=(MacAddress left, MacAddress right) => left._value >= right._value;
}
