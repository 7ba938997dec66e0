namespace XenDriverDomain.Pci.Uses;

/// <summary>What is needed beside sysfs to tell what dom0 uses a device for.</summary>
/// <param name="Mounts">dom0's mounts.</param>
/// <param name="Network">dom0's addresses and routes.</param>
internal sealed record HostUsage(IReadOnlyList<Mount> Mounts, HostNetwork Network);
