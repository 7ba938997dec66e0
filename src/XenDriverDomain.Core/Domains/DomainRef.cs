using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Domains;

/// <summary>
/// What a user calls a domain: a name, or a domid. All digits is a domid, never a name, as xl has it; anything else is a name,
/// compared exactly. A reference is resolved each time it is used, since domids change when a domain restarts.
/// </summary>
public readonly struct DomainRef : IEquatable<DomainRef>
{
    /// <summary>The largest domid of an ordinary domain (DOMID_FIRST_RESERVED - 1, xen/include/public/xen.h).</summary>
    public const int MaxDomid = 0x7fef;

    private DomainRef(int? domid, string? name)
    {
        Domid = domid;
        Name = name;
    }

    /// <summary>The domid, when the reference is one.</summary>
    public int? Domid { get; }

    /// <summary>The name, when the reference is one.</summary>
    public string? Name { get; }

    /// <summary>A reference by domid.</summary>
    /// <exception cref="XenDriverDomainException">DomainReferenceMalformed: out of range.</exception>
    public static DomainRef FromDomid(int domid) => domid is >= 0 and <= MaxDomid
        ? new DomainRef(domid, null)
        : throw Malformed(domid.ToString(CultureInfo.InvariantCulture), $"a domid is a number from 0 to {MaxDomid}");

    /// <summary>Reads a reference.</summary>
    /// <exception cref="XenDriverDomainException">DomainReferenceMalformed: the text can be neither; the message says why.</exception>
    public static DomainRef Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out DomainRef reference, out string? why) ? reference : throw Malformed(text, why);
    }

    /// <summary>Reads a reference; false with the reason when the text can be none.</summary>
    public static bool TryParse(string? text, out DomainRef reference, [NotNullWhen(false)] out string? why)
    {
        reference = default;
        if (string.IsNullOrEmpty(text))
        {
            why = "it is empty";
            return false;
        }

        if (text.All(char.IsAsciiDigit))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int domid) || domid > MaxDomid)
            {
                why = $"all digits is a domid, and a domid is a number from 0 to {MaxDomid}";
                return false;
            }

            reference = new DomainRef(domid, null);
            why = null;
            return true;
        }

        why = DomainName.WhyNot(text);
        if (why is not null)
        {
            return false;
        }

        reference = new DomainRef(null, text);
        return true;
    }

    /// <summary>The name or the domid.</summary>
    public override string ToString() => Name ?? Domid?.ToString(CultureInfo.InvariantCulture) ?? string.Empty;

    /// <inheritdoc/>
    public bool Equals(DomainRef other) => Domid == other.Domid && string.Equals(Name, other.Name, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is DomainRef other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Domid, Name);

    /// <summary>Same name or same domid.</summary>
    public static bool operator ==(DomainRef left, DomainRef right) => left.Equals(right);

    /// <summary>Another name or domid.</summary>
    public static bool operator !=(DomainRef left, DomainRef right) => !left.Equals(right);

    private static XenDriverDomainException Malformed(string text, string why) => new(
        ErrorIds.DomainReferenceMalformed,
        ErrorKind.InvalidArgument,
        $"'{Terminal.Text.Show(text)}' cannot name a domain: {why}.",
        "Give a domain's name or its domid as Get-XenGuest, Get-XenDriverDomain or xl list shows it.",
        text);
}
