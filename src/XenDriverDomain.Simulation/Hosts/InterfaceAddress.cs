namespace XenDriverDomain.Simulation.Hosts;

/// <summary>An address of one of dom0's interfaces.</summary>
/// <param name="Interface">The interface.</param>
/// <param name="Address">With its prefix length: <c>192.168.1.10/24</c>.</param>
/// <param name="Scope">As ip shows it: <c>global</c>, <c>link</c>, <c>host</c>.</param>
public sealed record InterfaceAddress(string Interface, string Address, string Scope = "global");
