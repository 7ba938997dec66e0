using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Terminal;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Backends;

/// <summary>The vifs of a host, from xenstore; changed by xl and verified in xenstore.</summary>
public sealed class GuestVifs : IGuestVifs
{
    private readonly Dom0 _dom0;
    private readonly IXl _xl;
    private readonly IDomainDirectory _domains;

    /// <summary>Creates the service on a host.</summary>
    public GuestVifs(Dom0 dom0, IXl xl, IDomainDirectory domains)
    {
        _dom0 = dom0;
        _xl = xl;
        _domains = domains;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<GuestVif>> ListAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<DomainStates> asking = DomainStates.ReadAsync(_xl, giveUp.Token);
        IReadOnlyList<VifRecord> vifs;
        try
        {
            vifs = await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // xl must not outlive this call.
            await giveUp.CancelAsync().ConfigureAwait(false);
            await ((Task)asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        DomainStates states = await asking.ConfigureAwait(false);
        return [.. vifs.Select(v => Show(_dom0.Id, v, states))];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<GuestVif>> ListBrieflyAsync(CancellationToken cancellationToken) =>
        [.. (await ReadAsync(cancellationToken).ConfigureAwait(false)).Select(v => Show(_dom0.Id, v, DomainStates.NotAsked))];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListBridgesAsync(CancellationToken cancellationToken)
    {
        IXenStoreClient store = await _dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        return [.. (await new VifReader(store).ListBridgesAsync(cancellationToken).ConfigureAwait(false)).Select(bridge => Text.Show(bridge))];
    }

    /// <inheritdoc/>
    public Task<PlannedChange<GuestVif?>> PlanConnectAsync(
        ConnectVifRequest request, IOperationReporter reporter, CancellationToken cancellationToken) =>
        new VifConnectPlanner(_dom0, _xl, _domains).PlanAsync(request, reporter, cancellationToken);

    /// <inheritdoc/>
    public Task<PlannedChange<bool>> PlanDisconnectAsync(
        GuestVif vif, DisconnectVifOptions options, IOperationReporter reporter, CancellationToken cancellationToken) =>
        new VifDisconnectPlanner(_dom0, _xl).PlanAsync(vif, options, reporter, cancellationToken);

    /// <summary>A record as users see it.</summary>
    internal static GuestVif Show(string dom0, VifRecord vif, DomainStates states)
    {
        VifFinding finding = VifDiagnosis.Explain(vif, states);
        return new GuestVif
        {
            Dom0 = dom0,
            Guest = VifWaiter.NameOf(vif),
            GuestDomid = vif.Address.GuestDomid,
            Devid = vif.Address.Devid,
            Mac = vif.Mac,
            Backend = vif.BackendName is null ? null : Text.Show(vif.BackendName),
            BackendDomid = vif.BackendDomid,
            Bridge = vif.Bridge is null ? null : Text.Show(vif.Bridge),
            FrontendState = vif.FrontendState,
            BackendState = vif.BackendState,
            HotplugStatus = string.IsNullOrEmpty(vif.HotplugStatus) ? null : Text.Show(vif.HotplugStatus, 40),
            Status = finding.Status,
            Detail = finding.Detail,
            Remedy = finding.Remedy,
            ErrorId = finding.ErrorId,
        };
    }

    private async Task<IReadOnlyList<VifRecord>> ReadAsync(CancellationToken cancellationToken) => await new VifReader(
        await _dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false)).ListAsync(cancellationToken).ConfigureAwait(false);
}
