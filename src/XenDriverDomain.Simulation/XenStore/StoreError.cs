namespace XenDriverDomain.Simulation.XenStore;

/// <summary>The refusals of xenstored that occur here; the names are what the wire carries (xsd_errors, xs_wire.h).</summary>
internal enum StoreError
{
    None,
    EINVAL,
    EACCES,
    EEXIST,
    ENOENT,
    ENOMEM,
    ENOSPC,
    ENOSYS,
    EBUSY,
    EAGAIN,
    E2BIG,
    EPERM,
}
