namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A text is no unicast Ethernet address.</summary>
    public const string MacAddressMalformed = nameof(MacAddressMalformed);

    /// <summary>A request for a vif names neither a guest nor a configuration file, or a value that xl would misread.</summary>
    public const string VifRequestInvalid = nameof(VifRequestInvalid);

    /// <summary>A guest cannot back its own vif.</summary>
    public const string VifBackendIsGuest = nameof(VifBackendIsGuest);

    /// <summary>Another vif on this host has the MAC address already.</summary>
    public const string VifMacInUse = nameof(VifMacInUse);

    /// <summary>The guest's configuration file does not exist.</summary>
    public const string VifConfigNotFound = nameof(VifConfigNotFound);

    /// <summary>xl network-attach did not bring the vif about.</summary>
    public const string VifAttachFailed = nameof(VifAttachFailed);

    /// <summary>The vif's back end is another domain than the one that was asked for.</summary>
    public const string VifBackendMismatch = nameof(VifBackendMismatch);

    /// <summary>No back-end driver (xen-netback) in the back-end domain took the vif.</summary>
    public const string VifNoBackendDriver = nameof(VifNoBackendDriver);

    /// <summary>The back-end driver took the vif, but no hotplug script ran: xl devd is missing in the back-end domain.</summary>
    public const string VifHotplugNotRun = nameof(VifHotplugNotRun);

    /// <summary>The hotplug script found no bridge of that name in the back-end domain.</summary>
    public const string VifBridgeNotFound = nameof(VifBridgeNotFound);

    /// <summary>The hotplug script failed in the back-end domain.</summary>
    public const string VifHotplugFailed = nameof(VifHotplugFailed);

    /// <summary>The back-end domain, or the back end in it, is gone.</summary>
    public const string VifBackendGone = nameof(VifBackendGone);

    /// <summary>The back-end domain is paused.</summary>
    public const string VifBackendPaused = nameof(VifBackendPaused);

    /// <summary>The back-end domain has crashed, has shut down, or is being destroyed; it is still there, but serves nobody.</summary>
    public const string VifBackendStopped = nameof(VifBackendStopped);

    /// <summary>The guest is paused, so that nothing passes.</summary>
    public const string VifGuestPaused = nameof(VifGuestPaused);

    /// <summary>The guest has crashed, has shut down, or is being destroyed.</summary>
    public const string VifGuestStopped = nameof(VifGuestStopped);

    /// <summary>Both ends say connected, but whether their domains run could not be found out.</summary>
    public const string VifStateUnknown = nameof(VifStateUnknown);

    /// <summary>The guest's end does not answer: the guest has no xen-netfront, or has not booted.</summary>
    public const string VifFrontendSilent = nameof(VifFrontendSilent);

    /// <summary>The vif or its guest vanished while it was waited for.</summary>
    public const string VifGone = nameof(VifGone);

    /// <summary>One of the ends is closing or closed.</summary>
    public const string VifClosed = nameof(VifClosed);

    /// <summary>The guest has no such vif.</summary>
    public const string VifNotFound = nameof(VifNotFound);

    /// <summary>xl network-detach left records of the vif behind.</summary>
    public const string VifDetachIncomplete = nameof(VifDetachIncomplete);

    /// <summary>A disk's back end is another domain than the one that its configuration names, or the disk is missing.</summary>
    public const string DiskBackendMismatch = nameof(DiskBackendMismatch);

    /// <summary>The guest has such a vif already, with other settings than those asked for.</summary>
    public const string VifAlreadyConnected = nameof(VifAlreadyConnected);

    /// <summary>What must not be forgotten of a driver domain's clients could not be kept in xenstore, or not be taken out again.</summary>
    public const string ClientsNotRecorded = nameof(ClientsNotRecorded);
}
