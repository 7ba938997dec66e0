namespace XenDriverDomain.Simulation.Hosts;

/// <summary>The virtual functions of a physical one, as its SR-IOV capability tells them.</summary>
/// <param name="Total">The most there can be.</param>
/// <param name="AtBoot">How many there are after boot.</param>
/// <param name="Offset">The first one's distance in routing ids.</param>
/// <param name="Stride">The distance between two.</param>
/// <param name="DeviceId">Their device id.</param>
/// <param name="Driver">The driver that takes them.</param>
/// <param name="InterfacePattern">The name of the network interface, with <c>{0}</c> for the number; null when they are no network cards.</param>
public sealed record VirtualFunctionsDescription(
    int Total, int AtBoot, int Offset, int Stride, ushort DeviceId, string Driver, string? InterfacePattern)
{
    /// <summary>Those that are known better than by this pattern.</summary>
    public IReadOnlyList<FunctionDescription> Known { get; init; } = [];
}
