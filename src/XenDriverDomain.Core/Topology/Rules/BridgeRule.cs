using XenDriverDomain.Backends;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Topology.Rules;

/// <summary>
/// Whether a domain has a bridge. dom0 cannot look inside; it follows from the vifs: one that is connected proves the bridge, one
/// whose hotplug script did not find it disproves it.
/// </summary>
internal static class BridgeRule
{
    /// <summary>The state of the link.</summary>
    /// <param name="vifs">The vifs that are to be on the bridge.</param>
    /// <param name="name">The domain, fit to be shown.</param>
    /// <param name="isThere">Whether the domain is there at all.</param>
    /// <param name="state">What it does.</param>
    /// <param name="isConfigured">Whether it has a file to be started from.</param>
    public static LinkVerdict Judge(IReadOnlyCollection<GuestVif> vifs, string name, bool isThere, DomainState? state, bool isConfigured)
    {
        if (!isThere)
        {
            return LinkVerdict.Waiting("The domain does not run.", $"Start it: Start-XenDriverDomain {name}.");
        }

        LinkVerdict domain = StateRule.Judge(state, name, isConfigured);
        if (domain.State != TopologyLinkState.Healthy)
        {
            return domain;
        }

        // Whatever became of the guest since: netback connects only what the script has put into the bridge.
        if (vifs.Any(v => v.Status == VifStatus.Connected || v is { BackendState: XenbusState.Connected, HotplugStatus: "connected" }))
        {
            return LinkVerdict.Healthy;
        }

        return vifs.FirstOrDefault(v => v.ErrorId == ErrorIds.VifBridgeNotFound) is { } missed
            ? LinkVerdict.Of(TopologyLinkState.Broken, missed)
            : LinkVerdict.Waiting("No connected interface proves yet that it is there.", string.Empty);
    }
}
