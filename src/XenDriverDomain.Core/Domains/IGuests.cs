using XenDriverDomain.Changes;

namespace XenDriverDomain.Domains;

/// <summary>The guests of a host.</summary>
public interface IGuests
{
    /// <summary>All running domains but dom0, by domid.</summary>
    Task<IReadOnlyList<Guest>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Checks an xl.cfg on dom0 and plans the start of the guest it describes; each vif's back end is verified afterwards.</summary>
    Task<PlannedChange<Guest>> PlanStartAsync(
        string configPath, StartOptions options, IOperationReporter reporter, CancellationToken cancellationToken);

    /// <summary>Checks and plans the shutdown; force destroys it.</summary>
    Task<PlannedChange<Guest>> PlanStopAsync(
        DomainRef reference, StopOptions options, IOperationReporter reporter, CancellationToken cancellationToken);
}
