using XenDriverDomain.Configuration;
using XenDriverDomain.Domains;

namespace XenDriverDomain.Simulation.Hosts;

/// <summary>A domain that runs when the simulation begins.</summary>
/// <param name="Domid">Its number.</param>
/// <param name="Uuid">Its handle.</param>
/// <param name="MemoryMB">Its memory in MiB.</param>
/// <param name="Vcpus">Its virtual CPUs.</param>
/// <param name="State">What it does.</param>
/// <param name="IsDriverDomain">True when it serves others, or has a network card to do so; false for a client.</param>
/// <param name="Configuration">What it was made of, as far as that is known.</param>
internal sealed record RunningDomain(
    int Domid, Guid Uuid, int MemoryMB, int Vcpus, DomainState State, bool IsDriverDomain, DomainConfiguration Configuration);
