namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A driver did not let go of a device.</summary>
    public const string PciDriverUnbindFailed = nameof(PciDriverUnbindFailed);

    /// <summary>A driver did not take a device.</summary>
    public const string PciDriverBindFailed = nameof(PciDriverBindFailed);

    /// <summary>pciback's list of slots could not be changed.</summary>
    public const string PcibackSlotFailed = nameof(PcibackSlotFailed);

    /// <summary>A device's driver_override could not be changed.</summary>
    public const string PciDriverOverrideFailed = nameof(PciDriverOverrideFailed);

    /// <summary>Xen did not put a device into quarantine.</summary>
    public const string PciQuarantineFailed = nameof(PciQuarantineFailed);

    /// <summary>Xen did not let a device out of quarantine.</summary>
    public const string PciReleaseFailed = nameof(PciReleaseFailed);

    /// <summary>The driver that the record names for a device is not loaded.</summary>
    public const string OriginalDriverNotLoaded = nameof(OriginalDriverNotLoaded);

    /// <summary>The toolstack's record of a device is not what a toolstack writes.</summary>
    public const string PciRecordMalformed = nameof(PciRecordMalformed);

    /// <summary>The record of a device's driver was removed again and again while the device was made assignable.</summary>
    public const string PciRecordNotKept = nameof(PciRecordNotKept);

    /// <summary>A name for an assignable device breaks a rule.</summary>
    public const string AssignableNameMalformed = nameof(AssignableNameMalformed);

    /// <summary>Another device has that name already.</summary>
    public const string AssignableNameInUse = nameof(AssignableNameInUse);

    /// <summary>This Xen cannot name assignable devices.</summary>
    public const string AssignableNameNotSupported = nameof(AssignableNameNotSupported);
}
