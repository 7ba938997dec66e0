using XenDriverDomain.Backends;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Domains;

namespace XenDriverDomain.Topology.Rules;

/// <summary>Whether a domain does its part of a link: one that is paused or has ended drives no card and forwards nothing.</summary>
internal static class StateRule
{
    /// <summary>The state of a link that is otherwise as it should be.</summary>
    /// <param name="state">What the domain does; null when nobody listed it.</param>
    /// <param name="name">The domain, fit to be shown.</param>
    /// <param name="isConfigured">Whether it has a file of a driver domain to be started from.</param>
    public static LinkVerdict Judge(DomainState? state, string name, bool isConfigured) =>
        (state, ServerRemedies.StopOf(state ?? DomainState.Unknown, name, isConfigured)) switch
        {
            (_, { } stop) => LinkVerdict.Broken($"{stop.Words}.", stop.Remedy),
            (null or DomainState.Unknown, _) => LinkVerdict.Waiting(
                $"Whether {name} runs is not known.", "Run xl list on dom0 as root and repair what it reports."),
            _ => LinkVerdict.Healthy,
        };
}

/// <summary>What a rule says about a link.</summary>
/// <param name="State">How it is doing.</param>
/// <param name="Detail">What is wrong or awaited; empty when it is healthy.</param>
/// <param name="Remedy">What can be done about it; empty when there is nothing to do.</param>
/// <param name="ErrorId">The error that it is; null when it is none.</param>
internal sealed record LinkVerdict(TopologyLinkState State, string Detail, string Remedy, string? ErrorId = null)
{
    /// <summary>It works.</summary>
    public static LinkVerdict Healthy { get; } = new(TopologyLinkState.Healthy, string.Empty, string.Empty);

    /// <summary>It does not work yet.</summary>
    public static LinkVerdict Waiting(string detail, string remedy) => new(TopologyLinkState.Waiting, detail, remedy);

    /// <summary>It will not work by itself.</summary>
    public static LinkVerdict Broken(string detail, string remedy) => new(TopologyLinkState.Broken, detail, remedy);

    /// <summary>As a vif says of itself.</summary>
    public static LinkVerdict Of(TopologyLinkState state, GuestVif vif) => new(state, vif.Detail, vif.Remedy, vif.ErrorId);
}
