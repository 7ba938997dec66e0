using XenDriverDomain.Backends;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.DriverDomains.Probe;

/// <summary>Reads what the hotplug script said about a probe (tools/hotplug/Linux/vif-bridge, xen-network-common.sh).</summary>
internal static class ScriptVerdict
{
    /// <summary>The finding of a script that ran.</summary>
    /// <param name="spec">What was asked.</param>
    /// <param name="status"><c>hotplug-status</c>, not empty.</param>
    /// <param name="error"><c>hotplug-error</c>; null when there is none.</param>
    public static Readiness Judge(ProbeSpec spec, string status, string? error)
    {
        string bridge = spec.Bridge is null ? "its bridge was not checked" : $"the bridge {spec.Bridge} is there";
        Readiness serving = new(ReadinessState.Serving, $"xen-netback and xl devd answer, {bridge}.");
        if (status == "connected" && string.IsNullOrEmpty(error))
        {
            return serving;
        }

        string words = Text.Show(string.IsNullOrEmpty(error) ? status : error);
        if (VifDiagnosis.IsMissingBridge(error))
        {
            return spec.Bridge is null
                ? serving
                : new Readiness(ReadinessState.NoBridge, $"The hotplug script in {spec.Name} found no bridge {spec.Bridge}: {words}.");
        }

        // The script looks for the bridge first and writes the front end's mtu then, at the place where a real guest has it;
        // the probe's front end is elsewhere, so this write fails, and it fails only where a bridge was found (set_mtu).
        return error is not null && error.StartsWith("Writing /local/domain/0/device/vif/", StringComparison.Ordinal)
            && error.Contains("/mtu", StringComparison.Ordinal)
            ? serving
            : new Readiness(ReadinessState.ScriptFailed, $"The hotplug script in {spec.Name} failed: {words}.");
    }
}
