namespace XenDriverDomain.Pci.Uses;

/// <summary>A default route of the main table.</summary>
/// <param name="Interface">The interface it leaves by.</param>
/// <param name="Metric">The lowest one wins.</param>
/// <param name="IsIpv6">The family.</param>
internal sealed record DefaultRoute(string Interface, uint Metric, bool IsIpv6);
