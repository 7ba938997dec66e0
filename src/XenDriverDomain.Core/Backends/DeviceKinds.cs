namespace XenDriverDomain.Backends;

/// <summary>
/// The kinds of split devices that there is code for. Of the others no more is known than that they are there
/// (<see cref="DomainClients"/>).
/// </summary>
internal static class DeviceKinds
{
    /// <summary>Network interfaces.</summary>
    public static VifKind Vifs { get; } = new();

    /// <summary>Disks.</summary>
    public static DiskKind Disks { get; } = new();
}
