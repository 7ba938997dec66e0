namespace XenDriverDomain.Topology;

/// <summary>A link between two nodes of a topology, from the hardware towards the guests. All text in it is fit to be shown.</summary>
public sealed record TopologyLink
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>The <see cref="TopologyNode.Id"/> of the node on the hardware's side.</summary>
    public required string From { get; init; }

    /// <summary>The <see cref="TopologyNode.Id"/> of the node on the guests' side.</summary>
    public required string To { get; init; }

    /// <summary>The name of the node on the hardware's side.</summary>
    public required string FromName { get; init; }

    /// <summary>The name of the node on the guests' side.</summary>
    public required string ToName { get; init; }

    /// <summary>What it stands for.</summary>
    public required TopologyLinkKind Kind { get; init; }

    /// <summary>What to call it beside its two ends: <c>PCI</c>, <c>bridge</c>, <c>vif 0</c>.</summary>
    public required string Label { get; init; }

    /// <summary>How it is doing.</summary>
    public required TopologyLinkState State { get; init; }

    /// <summary>What is wrong or awaited, a sentence; empty when it is healthy.</summary>
    public string Detail { get; init; } = string.Empty;

    /// <summary>What can be done about it, sentences; empty when it is healthy, or when there is nothing to do but wait.</summary>
    public string Remedy { get; init; } = string.Empty;

    /// <summary>The error that <see cref="Detail"/> is, as a constant of <see cref="Errors.ErrorIds"/>; null when it is none.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The MAC address of a network interface; null for other links, or when the record lacks one.</summary>
    public string? Mac { get; init; }

    /// <summary>The links that a picture shows as this one, see <see cref="EqualGuests"/>; empty for one that stands for itself.</summary>
    internal IReadOnlyList<TopologyLink> Members { get; init; } = [];

    /// <summary>The ends and the state.</summary>
    public override string ToString() => $"{FromName} -> {ToName} ({Label}): {State}";
}

/// <summary>What a link of a topology stands for.</summary>
public enum TopologyLinkKind
{
    /// <summary>From a PCI function to the domain that has it or is to get it.</summary>
    Pci,

    /// <summary>From a domain to a bridge inside it.</summary>
    Bridge,

    /// <summary>From a bridge, or from a domain that uses none, to a guest: a network interface.</summary>
    Vif,
}

/// <summary>How a link of a topology is doing.</summary>
public enum TopologyLinkState
{
    /// <summary>It works.</summary>
    Healthy,

    /// <summary>It does not work yet; nothing says that it will not.</summary>
    Waiting,

    /// <summary>It will not work by itself; the detail says why.</summary>
    Broken,
}
