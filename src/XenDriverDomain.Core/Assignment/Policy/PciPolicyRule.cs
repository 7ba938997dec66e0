using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>
/// A rule of the policy: <c>permissive TARGET</c> or <c>quirk TARGET REGISTER:SIZE:MASK</c>, where TARGET is a full address
/// (0000:03:00.0) or ids (8086:10d3, 8086:10d3:8086:a01f).
/// </summary>
public sealed record PciPolicyRule
{
    private const string PermissiveWord = "permissive";
    private const string QuirkWord = "quirk";

    private PciPolicyRule(PciAddress? address, PciIdPattern? ids, PciConfigField? field)
    {
        Address = address;
        Ids = ids;
        Field = field;
    }

    /// <summary>The one device that is meant; null when <see cref="Ids"/> says which.</summary>
    public PciAddress? Address { get; }

    /// <summary>The devices that are meant, by their ids; null when <see cref="Address"/> says which.</summary>
    public PciIdPattern? Ids { get; }

    /// <summary>The field that may be written; null when all may.</summary>
    public PciConfigField? Field { get; }

    /// <summary>What it lets a guest do.</summary>
    public PciPolicyKind Kind => Field is null ? PciPolicyKind.Permissive : PciPolicyKind.Quirk;

    /// <summary>The address or the ids.</summary>
    public string Target => Address?.ToString() ?? Ids!.ToString();

    /// <summary>Which part of what file it was read from, where one was: tg3.</summary>
    public string? Name { get; init; }

    /// <summary>Where it was read; null when it was not.</summary>
    public string? Source { get; init; }

    /// <summary>A rule for the devices of some ids.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="field">The field; null for all.</param>
    public static PciPolicyRule For(PciIdPattern ids, PciConfigField? field) => new(null, ids, field);

    /// <summary>Reads a rule.</summary>
    /// <exception cref="XenDriverDomainException">PciPolicyRuleMalformed.</exception>
    public static PciPolicyRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        PciConfigField? field = words switch
        {
            [PermissiveWord, _] => null,
            [QuirkWord, _, var last] => PciConfigField.TryParse(last, out PciConfigField read, out string? no)
                ? read
                : throw Malformed(text, $"in its field '{Terminal.Text.Show(last, 40)}', {no}"),
            _ => throw Malformed(text, "it is neither 'permissive TARGET' nor 'quirk TARGET REGISTER:SIZE:MASK'"),
        };
        string target = words[1];
        if (target.Contains('.', StringComparison.Ordinal))
        {
            return PciAddress.TryParse(target, out PciAddress address, out string? wrong)
                ? new PciPolicyRule(address, null, field)
                : throw Malformed(text, $"in its address '{Terminal.Text.Show(target, 40)}', {wrong}");
        }

        return PciIdPattern.TryParse(target, out PciIdPattern? ids, out string? why)
            ? new PciPolicyRule(null, ids, field)
            : throw Malformed(text, $"'{Terminal.Text.Show(target, 40)}' is no address, and not ids either: {why}");
    }

    /// <summary>Whether a device is meant.</summary>
    public bool Matches(PciDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Address is { } address ? device.Address == address : Ids!.Matches(device);
    }

    /// <summary>The rule as a file has it.</summary>
    public override string ToString() => Field is { } field ? $"{QuirkWord} {Target} {field}" : $"{PermissiveWord} {Target}";

    private static XenDriverDomainException Malformed(string text, string why) => new(
        ErrorIds.PciPolicyRuleMalformed,
        ErrorKind.InvalidArgument,
        $"'{Terminal.Text.Show(text, 80)}' is no rule of a PCI policy: {why}.",
        "Write it as 'permissive 8086:10d3', 'permissive 0000:03:00.0' or 'quirk 14e4:1645 78:4:0'.",
        text);
}

/// <summary>What a rule of the policy lets a guest do.</summary>
public enum PciPolicyKind
{
    /// <summary>Write all of the configuration space.</summary>
    Permissive,

    /// <summary>Write one field of the configuration space.</summary>
    Quirk,
}
