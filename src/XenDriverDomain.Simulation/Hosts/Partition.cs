namespace XenDriverDomain.Simulation.Hosts;

/// <summary>A partition of a disk.</summary>
/// <param name="Name">The kernel's name: <c>sda1</c>.</param>
/// <param name="Number">Its device number: <c>8:1</c>.</param>
/// <param name="Sectors">Its size in sectors of 512 bytes.</param>
public sealed record Partition(string Name, string Number, long Sectors);
