using XenDriverDomain.Domains;

namespace XenDriverDomain.Topology.Rules;

/// <summary>Whether a domain does its part of a link: one that is paused or has ended drives no card and forwards nothing.</summary>
internal static class StateRule
{
    /// <summary>The state of a link that is otherwise as it should be.</summary>
    /// <param name="state">What the domain does; null when nobody listed it.</param>
    /// <param name="name">The domain, fit to be shown.</param>
    public static LinkVerdict Judge(DomainState? state, string name) => (state, DomainStop.Of(state ?? DomainState.Unknown, name)) switch
    {
        (_, { } stop) => LinkVerdict.Broken($"{stop.Words}. {stop.Remedy}"),
        (null or DomainState.Unknown, _) => LinkVerdict.Waiting($"Whether {name} runs is not known."),
        _ => LinkVerdict.Healthy,
    };
}

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
