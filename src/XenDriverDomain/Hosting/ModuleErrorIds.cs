namespace XenDriverDomain.Hosting;

/// <summary>The ids of errors that belong to the cmdlets, not to the core; documented beside the core's.</summary>
public static class ModuleErrorIds
{
    /// <summary>A host is named that this session is not connected to.</summary>
    public const string Dom0NotConnected = nameof(Dom0NotConnected);

    /// <summary>This session is connected to that host already.</summary>
    public const string Dom0AlreadyConnected = nameof(Dom0AlreadyConnected);

    /// <summary>No driver domain has that name.</summary>
    public const string DriverDomainNotFound = nameof(DriverDomainNotFound);

    /// <summary>No running guest has that name.</summary>
    public const string GuestNotFound = nameof(GuestNotFound);

    /// <summary>The key file does not exist.</summary>
    public const string KeyFileNotFound = nameof(KeyFileNotFound);
}
