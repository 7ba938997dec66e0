namespace XenDriverDomain.Checks;

/// <summary>Finds out what a host is and can do.</summary>
public interface IHostInspector
{
    /// <summary>Reads the facts; what cannot be found out is null, never an error, except a lost connection.</summary>
    Task<HostFacts> InspectAsync(CancellationToken cancellationToken);
}
