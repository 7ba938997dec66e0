using XenDriverDomain.Domains;

namespace XenDriverDomain.Snapshots;

/// <summary>A running domain as the hypervisor listed it; everything else about it is in the recorded xenstore.</summary>
/// <param name="Domid">Its number.</param>
/// <param name="MemoryMB">Its memory in MiB.</param>
/// <param name="Vcpus">Its virtual CPUs.</param>
/// <param name="State">Running for all that can run: whether it did at that moment says nothing.</param>
public sealed record DomainSnapshot(int Domid, int MemoryMB, int Vcpus, DomainState State);
