namespace XenDriverDomain.Simulation.Hosts;

/// <summary>A PCI driver of the kernel.</summary>
/// <param name="Name">Its directory below /sys/bus/pci/drivers.</param>
/// <param name="Module">The module it is in; null when it is built in.</param>
/// <param name="IsLoaded">True when it is there after boot.</param>
/// <param name="Aliases">
/// The devices it knows, as modules.alias has them (<c>pci:v00008086d000010D3sv*sd*bc*sc*i*</c>); none for one that takes only what it
/// is told to.
/// </param>
public sealed record DriverDescription(string Name, string? Module, bool IsLoaded, params IReadOnlyList<string> Aliases)
{
    /// <summary>The devices that it knows beyond those in modules.alias: it is built in, or was told of them.</summary>
    public IReadOnlyList<string> OtherAliases { get; init; } = [];
}
