namespace XenDriverDomain.Topology.Rules;

/// <summary>What a rule says about a link.</summary>
/// <param name="State">How it is doing.</param>
/// <param name="Detail">What is wrong or awaited; empty when it is healthy.</param>
internal sealed record LinkVerdict(TopologyLinkState State, string Detail)
{
    /// <summary>It works.</summary>
    public static LinkVerdict Healthy { get; } = new(TopologyLinkState.Healthy, string.Empty);

    /// <summary>It does not work yet.</summary>
    public static LinkVerdict Waiting(string detail) => new(TopologyLinkState.Waiting, detail);

    /// <summary>It will not work by itself.</summary>
    public static LinkVerdict Broken(string detail) => new(TopologyLinkState.Broken, detail);
}
