using XenDriverDomain.Access;
using XenDriverDomain.Reporting;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Changes;

/// <summary>
/// The one hand that changes a host: it carries acts out through the ports. A plan is given one; who only looks has no need of it, and
/// nobody else writes to sysfs, xenstore or files, or has a program do so.
/// </summary>
/// <param name="dom0">The host.</param>
/// <param name="xl">Its xl.</param>
public sealed class HostHand(Dom0 dom0, XlTool xl)
{
    /// <summary>The host.</summary>
    public Dom0 Dom0 { get; } = dom0;

    /// <summary>Its xl.</summary>
    public XlTool Xl { get; } = xl;

    /// <summary>Where it is told what is done.</summary>
    public IOperationReporter Reporter => Dom0.Reporter;

    /// <summary>Carries an act out, and tells what it heard.</summary>
    internal Task<T> DoAsync<T>(HostAct<T> act, CancellationToken cancellationToken)
    {
        Reporter.Debug($"On {Dom0.Id}: {ChangePlan.Printable(act.ToWords())}");
        return act.RunAsync(this, cancellationToken);
    }

    /// <summary>Carries parts of a step out, one after the other.</summary>
    internal async Task RunAsync(IEnumerable<StepPart> parts, CancellationToken cancellationToken)
    {
        foreach (StepPart part in parts)
        {
            await part.RunAsync(this, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether something is so now.</summary>
    internal async Task<bool> HoldsAsync(HostCondition condition, CancellationToken cancellationToken) =>
        await condition.HoldsAsync(Dom0, null, cancellationToken).ConfigureAwait(false);

    /// <summary>Waits until something is so; false when it is not in time.</summary>
    internal async Task<bool> WaitAsync(WaitFor wait, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await Dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        return await store.WaitUntilAsync<object>(
            [.. wait.Until.Watches.Distinct(StringComparer.Ordinal)],
            async token => await wait.Until.HoldsAsync(Dom0, null, token).ConfigureAwait(false) ? wait : null,
            wait.Limit,
            Dom0.Time,
            cancellationToken).ConfigureAwait(false) is not null;
    }
}
