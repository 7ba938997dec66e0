namespace XenDriverDomain.Domains;

/// <summary>One line of xl list's table.</summary>
/// <param name="Domid">ID.</param>
/// <param name="Name">Name as printed; <c>(null)</c> when the domain has none.</param>
/// <param name="MemoryMB">Mem: what the domain has now.</param>
/// <param name="Vcpus">VCPUs online.</param>
/// <param name="State">From the six letters.</param>
internal sealed record XlListRow(int Domid, string Name, int MemoryMB, int Vcpus, DomainState State);
