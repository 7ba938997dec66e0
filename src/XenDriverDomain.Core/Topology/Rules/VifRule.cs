using XenDriverDomain.Backends;

namespace XenDriverDomain.Topology.Rules;

/// <summary>How a guest's network interface is doing, in the three states of a link.</summary>
internal static class VifRule
{
    /// <summary>The state of the link.</summary>
    public static LinkVerdict Judge(GuestVif vif) => vif.Status switch
    {
        VifStatus.Connected => LinkVerdict.Healthy,
        VifStatus.Waiting or VifStatus.Unknown => LinkVerdict.Of(TopologyLinkState.Waiting, vif),
        _ => LinkVerdict.Of(TopologyLinkState.Broken, vif),
    };
}
