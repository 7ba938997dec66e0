using XenDriverDomain.Changes;
using XenDriverDomain.Configuration;
using XenDriverDomain.Domains;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Guests;

/// <summary>The guests of a host.</summary>
public interface IGuests
{
    /// <summary>All running domains but dom0, by domid.</summary>
    Task<IReadOnlyList<Guest>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Checks a configuration on dom0, of xl or of older days, and plans the start of the guest it describes; the back end of each vif and
    /// disk is verified afterwards.
    /// </summary>
    /// <param name="configPath">The file on dom0.</param>
    /// <param name="options">How it is started, and the variables that its configuration gets.</param>
    /// <param name="reporter">Gets what there is to say meanwhile.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<PlannedChange<Guest>> PlanStartAsync(
        string configPath, GuestStartOptions options, IOperationReporter reporter, CancellationToken cancellationToken);

    /// <summary>The same for a configuration that was read already; the guest is started from an xl.cfg that is generated on dom0.</summary>
    Task<PlannedChange<Guest>> PlanStartAsync(
        XenDomainConfig config, GuestStartOptions options, IOperationReporter reporter, CancellationToken cancellationToken);

    /// <summary>Checks and plans the shutdown; force destroys it.</summary>
    Task<PlannedChange<Guest>> PlanStopAsync(
        DomainRef reference, StopOptions options, IOperationReporter reporter, CancellationToken cancellationToken);
}
