namespace XenDriverDomain.Errors;

/// <summary>What sort of failure an error is; a host of the core (the cmdlets) maps it to its own categories.</summary>
public enum ErrorKind
{
    /// <summary>A value is malformed or contradicts another one; nothing was touched.</summary>
    InvalidArgument,

    /// <summary>The named thing does not exist on the host.</summary>
    NotFound,

    /// <summary>The named thing exists already.</summary>
    AlreadyExists,

    /// <summary>The thing is in use by dom0 or by a domain.</summary>
    InUse,

    /// <summary>Root, dom0 or another right is missing.</summary>
    PermissionDenied,

    /// <summary>A program, driver or daemon that is needed is missing or not loaded.</summary>
    NotInstalled,

    /// <summary>The connection to the host failed or was lost.</summary>
    Connection,

    /// <summary>Something did not happen within its time.</summary>
    Timeout,

    /// <summary>The host is in a state in which the request makes no sense.</summary>
    InvalidState,

    /// <summary>A peer broke its protocol: a malformed reply, an unparseable answer.</summary>
    Protocol,

    /// <summary>The kernel, Xen or the device refused the operation.</summary>
    Device,

    /// <summary>The host cannot do this: too old, no IOMMU, a stub domain in the way.</summary>
    NotSupported,

    /// <summary>A step of a change failed and the change was undone.</summary>
    ChangeFailed,

    /// <summary>A fault of this product itself.</summary>
    Internal,
}
