using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Backends.Connections;

/// <summary>Network front ends and the domains that back them.</summary>
public interface IGuestVifs
{
    /// <summary>All vifs that the toolstack knows (/libxl/G/device/vif), also those whose back end is gone; by guest and devid.</summary>
    Task<IReadOnlyList<GuestVif>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The same vifs without a look at whether their domains run: one that would be Connected is left <see cref="VifStatus.Unknown"/>.
    /// </summary>
    Task<IReadOnlyList<GuestVif>> ListBrieflyAsync(CancellationToken cancellationToken);

    /// <summary>The bridges that the vifs were connected to, each once, as their configuration has them.</summary>
    Task<IReadOnlyList<string>> ListBridgesAsync(CancellationToken cancellationToken);

    /// <summary>Checks a request and plans the new vif: attach, wait for both ends, verify the back end.</summary>
    /// <exception cref="Errors.XenDriverDomainException">A refusal; nothing was touched.</exception>
    Task<PlannedChange<GuestVif?>> PlanConnectAsync(
        ConnectVifRequest request, IOperationReporter reporter, CancellationToken cancellationToken);

    /// <summary>Plans the removal of one vif, which works although its back end died.</summary>
    Task<PlannedChange<bool>> PlanDisconnectAsync(
        GuestVif vif, DisconnectVifOptions options, IOperationReporter reporter, CancellationToken cancellationToken);
}
