namespace XenDriverDomain.Pci.Uses;

/// <summary>What is needed beside sysfs to tell what dom0 uses a device for.</summary>
/// <param name="Mounts">dom0's mounts.</param>
/// <param name="Network">dom0's addresses and routes.</param>
internal sealed record HostUsage(IReadOnlyList<Mount> Mounts, HostNetwork Network);

/// <summary>One use that dom0 has for a function.</summary>
/// <param name="Function">The function.</param>
/// <param name="Use">What it is used for.</param>
internal sealed record FunctionUse(PciAddress Function, PciUse Use);
