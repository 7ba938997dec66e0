using XenDriverDomain.Backends;
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
    /// <param name="isRunning">Whether the domain runs.</param>
    public static LinkVerdict Judge(IReadOnlyCollection<GuestVif> vifs, bool isRunning)
    {
        if (!isRunning)
        {
            return LinkVerdict.Waiting("The domain does not run.");
        }

        if (vifs.Any(v => v.Status == VifStatus.Connected))
        {
            return LinkVerdict.Healthy;
        }

        return vifs.FirstOrDefault(v => v.ErrorId == ErrorIds.VifBridgeNotFound) is { } missed
            ? LinkVerdict.Broken(missed.Detail)
            : LinkVerdict.Waiting("No connected interface proves yet that it is there.");
    }
}
