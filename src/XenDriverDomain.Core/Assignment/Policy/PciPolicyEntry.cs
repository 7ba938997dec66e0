using XenDriverDomain.Pci;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>A rule of a policy, and which devices of the host it is about.</summary>
public sealed record PciPolicyEntry
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>The rule as the host's policy file has it: <c>permissive 8086:10d3</c>. Set-XenPciPolicy takes it.</summary>
    public required string Rule { get; init; }

    /// <summary>What it lets a guest do.</summary>
    public required PciPolicyKind Kind { get; init; }

    /// <summary>The address or the ids it is about.</summary>
    public required string Target { get; init; }

    /// <summary>The field that may be written, REGISTER:SIZE:MASK in hexadecimal; null when all of the configuration space may.</summary>
    public string? Field { get; init; }

    /// <summary>What the rule is for, as its file says; null when it says nothing.</summary>
    public string? Name { get; init; }

    /// <summary>File, line and column.</summary>
    public string? Source { get; init; }

    /// <summary>The devices of the host that it is about.</summary>
    public IReadOnlyList<PciAddress> Device { get; init => field = TextList.OfWords(value); } = TextList.OfWords<PciAddress>([]);

    /// <summary>Those of them for which it is in effect now: pciback has them, and lets the guest.</summary>
    public IReadOnlyList<PciAddress> InEffect { get; init => field = TextList.OfWords(value); } = TextList.OfWords<PciAddress>([]);

    /// <summary>The rule.</summary>
    public override string ToString() => Rule;
}
