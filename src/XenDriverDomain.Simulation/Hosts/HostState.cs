namespace XenDriverDomain.Simulation.Hosts;

/// <summary>What has come about on a host since it booted.</summary>
/// <param name="Domains">The domains that run, without dom0.</param>
/// <param name="XenStore">All that xenstore holds, parents before children.</param>
public sealed record HostState(IReadOnlyList<RunningDomain> Domains, IReadOnlyList<StoredNode> XenStore);
