namespace XenDriverDomain.Checks;

/// <summary>Finds out what a host is and can do.</summary>
public interface IHostInspector
{
    /// <summary>Reads the facts; what cannot be found out is null, never an error, except a lost connection.</summary>
    Task<HostFacts> InspectAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Whether the host is known to be a dom0: /proc/xen/capabilities says control_d (drivers/xen/xenfs/super.c), or, where xenfs is not
    /// mounted, xenstore says that this is domain 0. False also where neither can be asked.
    /// </summary>
    Task<bool> IsControlDomainAsync(CancellationToken cancellationToken);
}
