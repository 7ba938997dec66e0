namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A text can be neither the name nor the domid of a domain.</summary>
    public const string DomainReferenceMalformed = nameof(DomainReferenceMalformed);

    /// <summary>No running domain has that name or domid.</summary>
    public const string DomainNotFound = nameof(DomainNotFound);

    /// <summary>Several running domains have that name.</summary>
    public const string DomainNameAmbiguous = nameof(DomainNameAmbiguous);

    /// <summary>A domain of that name runs already, or a configuration of that name is there.</summary>
    public const string DomainAlreadyExists = nameof(DomainAlreadyExists);

    /// <summary>A text cannot be the name of a new domain.</summary>
    public const string DomainNameInvalid = nameof(DomainNameInvalid);

    /// <summary>dom0 itself was named where only another domain can be meant.</summary>
    public const string DomainIsDom0 = nameof(DomainIsDom0);

    /// <summary>The domain is paused, and cannot do what is asked of it.</summary>
    public const string DomainPaused = nameof(DomainPaused);

    /// <summary>xl create did not bring the domain about.</summary>
    public const string DomainCreateFailed = nameof(DomainCreateFailed);

    /// <summary>The domain runs, but not as its configuration says: a device or a back end is another one.</summary>
    public const string DomainNotAsConfigured = nameof(DomainNotAsConfigured);

    /// <summary>The domain did not shut itself down in time.</summary>
    public const string DomainShutdownTimedOut = nameof(DomainShutdownTimedOut);

    /// <summary>The domain is still there although it was destroyed.</summary>
    public const string DomainDestroyFailed = nameof(DomainDestroyFailed);

    /// <summary>A file that the configuration names does not exist in dom0.</summary>
    public const string DriverDomainFileNotFound = nameof(DriverDomainFileNotFound);

    /// <summary>A driver domain without a PCI device.</summary>
    public const string DriverDomainDeviceMissing = nameof(DriverDomainDeviceMissing);

    /// <summary>The guest's configuration file does not exist on dom0.</summary>
    public const string GuestConfigNotFound = nameof(GuestConfigNotFound);

    /// <summary>A domain that shall back one of the guest's devices does not run.</summary>
    public const string GuestBackendNotRunning = nameof(GuestBackendNotRunning);

    /// <summary>A PCI device is not in a state in which a domain can get it.</summary>
    public const string DriverDomainDeviceNotAssignable = nameof(DriverDomainDeviceNotAssignable);

    /// <summary>There is no configuration file of that name.</summary>
    public const string DriverDomainConfigNotFound = nameof(DriverDomainConfigNotFound);

    /// <summary>The configuration file describes another domain than the one that was named.</summary>
    public const string DriverDomainConfigMismatch = nameof(DriverDomainConfigMismatch);

    /// <summary>The path of a configuration file is not absolute or has characters that xl would misread.</summary>
    public const string DomainConfigPathInvalid = nameof(DomainConfigPathInvalid);

    /// <summary>Guests use the driver domain.</summary>
    public const string DriverDomainHasClients = nameof(DriverDomainHasClients);

    /// <summary>The driver domain runs.</summary>
    public const string DriverDomainRunning = nameof(DriverDomainRunning);

    /// <summary>No back-end driver (xen-netback) answers in the driver domain.</summary>
    public const string DriverDomainNoBackendDriver = nameof(DriverDomainNoBackendDriver);

    /// <summary>xl devd does not run in the driver domain.</summary>
    public const string DriverDomainNoDevd = nameof(DriverDomainNoDevd);

    /// <summary>The bridge does not exist in the driver domain.</summary>
    public const string DriverDomainNoBridge = nameof(DriverDomainNoBridge);

    /// <summary>The hotplug script failed in the driver domain.</summary>
    public const string DriverDomainScriptFailed = nameof(DriverDomainScriptFailed);

    /// <summary>The driver domain ended while it was waited for.</summary>
    public const string DriverDomainDied = nameof(DriverDomainDied);

    /// <summary>Some clients could not be connected to the restarted driver domain.</summary>
    public const string DriverDomainClientsNotReconnected = nameof(DriverDomainClientsNotReconnected);

    /// <summary>A configuration file that was not generated stands where one is to be generated.</summary>
    public const string GuestConfigExists = nameof(GuestConfigExists);
}
