namespace XenDriverDomain.DriverDomains.Probe;

/// <summary>What a readiness probe asks of a driver domain.</summary>
/// <param name="Domid">The domain.</param>
/// <param name="Name">Its name, for messages; fit to be shown.</param>
/// <param name="Bridge">The bridge expected inside; null when any answer of the hotplug script will do.</param>
/// <param name="Script">The hotplug script, the same path in dom0 and inside (libxl stores it absolute).</param>
internal sealed record ProbeSpec(int Domid, string Name, string? Bridge, string Script);
