namespace XenDriverDomain.Simulation.Hosts;

/// <summary>Who has a function when the machine starts, where that is not the driver that is made for it.</summary>
/// <param name="Driver">The driver that has it; null for none.</param>
/// <param name="Override">The only driver that may take it (driver_override); null for any.</param>
/// <param name="Domid">The domain that Xen has given it to; null for none.</param>
/// <param name="IsQuarantined">True in Xen's quarantine.</param>
public sealed record FunctionState(string? Driver, string? Override, int? Domid, bool IsQuarantined);
