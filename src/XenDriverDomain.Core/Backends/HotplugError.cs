namespace XenDriverDomain.Backends;

/// <summary>What the hotplug scripts write into <c>hotplug-error</c> (tools/hotplug/Linux/xen-hotplug-common.sh, fatal).</summary>
internal static class HotplugError
{
    /// <summary>True for the words of vif-bridge about a bridge that does not exist.</summary>
    public static bool IsMissingBridge(string? error) =>
        error is not null && error.StartsWith("Could not find bridge", StringComparison.Ordinal);
}
