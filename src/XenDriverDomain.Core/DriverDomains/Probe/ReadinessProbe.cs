using XenDriverDomain.Domains;
using XenDriverDomain.Reporting;
using XenDriverDomain.Terminal;
using XenDriverDomain.Waiting;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.DriverDomains.Probe;

/// <summary>
/// Finds out whether a driver domain serves network front ends. No xenstore key says that xl devd runs, so a throw-away device
/// is put in, and what the domain makes of it is watched: netback takes it to state 2, devd runs the hotplug script, and the
/// script says whether the bridge is there. The device is removed whatever happens; when the domain serves, it does its part of
/// that by itself, and nobody has to wait for it.
/// </summary>
/// <param name="store">The host's xenstore.</param>
/// <param name="xl">Its xl, which alone knows whether a domain that does not answer is paused or has crashed.</param>
/// <param name="time">The clock.</param>
/// <param name="reporter">Where it is told how it goes.</param>
/// <param name="goOn">Takes the end of the removal, which may outlast the probe.</param>
internal sealed class ReadinessProbe(IXenStoreClient store, XlTool xl, TimeProvider time, IOperationReporter reporter, Action<Task> goOn)
{
    // The bridge, or the script's tools, may come up a little later than devd in a domain that is booting.
    private static readonly TimeSpan s_scriptGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);

    // devd gives a device up when netback does not take it within 10 s (LIBXL_INIT_TIMEOUT), and never looks at it again: a
    // device that was put in before netback came must be replaced by a new one. Each new one gets twice the time, since on a
    // busy host the script itself takes long.
    private static readonly TimeSpan s_renewAfter = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan s_removalPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_removalLimit = TimeSpan.FromSeconds(15);

    /// <summary>Probes until the domain serves, is gone or does not run, or the time is over; the finding is then the last one.</summary>
    public async Task<Readiness> RunAsync(
        ProbeSpec spec, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Readiness found = await new DomainVigil(store, xl, time).RunAsync(
            token => ProbeAsync(spec, timeout, token), states => StopOf(spec, states), cancellationToken).ConfigureAwait(false);

        // An answer proves that the domain ran a moment ago; that none came may have this reason.
        return found.State is ReadinessState.Serving or ReadinessState.NotRunning or ReadinessState.Paused ? found
            : StopOf(spec, await DomainStates.ReadAsync(xl, cancellationToken).ConfigureAwait(false)) ?? found;
    }

    private static Readiness? StopOf(ProbeSpec spec, DomainStates states) =>
        DomainStop.Of(states[spec.Domid], spec.Name) is { } stop ? Readiness.Of(stop) : null;

    private async Task<Readiness> ProbeAsync(
        ProbeSpec spec, TimeSpan timeout, CancellationToken cancellationToken)
    {
        foreach (ProbeDevice left in await ProbeDevice.FindLeftoversAsync(store, spec.Domid, cancellationToken).ConfigureAwait(false))
        {
            reporter.Debug($"Removing what an earlier probe left behind: {left.Backend}");
            await (await BeginRemovalAsync(left).ConfigureAwait(false)).ConfigureAwait(false);
        }

        long begun = time.GetTimestamp();
        long? firstAnswer = null;
        for (TimeSpan patience = s_renewAfter; ; patience *= 2)
        {
            TimeSpan left = timeout - time.GetElapsedTime(begun);
            Readiness found = await ProbeOnceAsync(
                spec, Max(left, TimeSpan.Zero), patience, cancellationToken).ConfigureAwait(false);
            left = timeout - time.GetElapsedTime(begun);
            if (found.State is ReadinessState.NoBridge or ReadinessState.ScriptFailed)
            {
                firstAnswer ??= time.GetTimestamp();
                left = Min(left, s_scriptGrace - time.GetElapsedTime(firstAnswer.Value));
            }

            if (found.State is ReadinessState.Serving or ReadinessState.NotRunning || left <= s_retryAfter)
            {
                return found;
            }

            // Nothing in xenstore tells when a bridge appears inside, so there is nothing to watch.
            reporter.Debug($"{found.Detail} Trying again.");
            await Task.Delay(s_retryAfter, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Readiness> ProbeOnceAsync(
        ProbeSpec spec, TimeSpan timeout, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (await store.TryReadAsync(XenPaths.Name(spec.Domid), cancellationToken).ConfigureAwait(false) is null)
        {
            return Gone(spec);
        }

        ProbeDevice device = await ProbeDevice.CreateAsync(store, spec, cancellationToken).ConfigureAwait(false);
        reporter.Debug($"Put in the probe {device.Backend}");
        Readiness? found = null;
        try
        {
            found = await WatchAsync(spec, device, timeout, patience, cancellationToken).ConfigureAwait(false);
            return found;
        }
        finally
        {
            Task removal = await BeginRemovalAsync(device).ConfigureAwait(false);
            if (found?.State == ReadinessState.Serving)
            {
                goOn(removal);
            }
            else
            {
                await removal.ConfigureAwait(false);
            }
        }
    }

    private async Task<Readiness> WatchAsync(
        ProbeSpec spec,
        ProbeDevice device,
        TimeSpan timeout,
        TimeSpan patience,
        CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        string[] places = [device.Backend.ToString(), XenPaths.Name(spec.Domid).ToString()];
        ProbeSight? sight = await store.WaitUntilAsync(
            places,
            async token => await LookAsync(spec, device, token).ConfigureAwait(false) is { IsTaken: true } seen ? seen : null,
            timeout,
            time,
            cancellationToken).ConfigureAwait(false);
        if (sight is { Verdict: null })
        {
            reporter.Debug($"{spec.Name}: netback has taken the probe.");
            ProbeSight? judged = await store.WaitUntilAsync(
                places,
                async token => await LookAsync(spec, device, token).ConfigureAwait(false) is { Verdict: not null } seen ? seen : null,
                Max(Min(timeout - time.GetElapsedTime(begun), patience), TimeSpan.Zero),
                time,
                cancellationToken).ConfigureAwait(false);
            sight = judged ?? sight;
        }

        return sight?.Verdict ?? (sight is null
            ? new Readiness(
                ReadinessState.NoBackendDriver, await NoBackendDriverAsync(spec, device, cancellationToken).ConfigureAwait(false))
            : new Readiness(
                ReadinessState.NoDevd,
                $"xen-netback in {spec.Name} took the device, but no hotplug script ran: xl devd does not run there."));
    }

    private async Task<string> NoBackendDriverAsync(ProbeSpec spec, ProbeDevice device, CancellationToken cancellationToken)
    {
        string? error = await store.TryReadTextAsync(device.KernelError / "error", cancellationToken).ConfigureAwait(false);
        string words = $"No back-end driver in {spec.Name} took the device: xen-netback is not loaded there, or the domain has not booted.";
        return error is null ? words : $"{words} Its kernel says: {Text.Show(error)}";
    }

    private async ValueTask<ProbeSight> LookAsync(ProbeSpec spec, ProbeDevice device, CancellationToken cancellationToken)
    {
        (string? state, string? script, string? error, byte[]? name) = await Together.AllAsync(
            store.TryReadTextAsync(device.Backend / "state", cancellationToken).AsTask(),
            store.TryReadTextAsync(device.Backend / "hotplug-status", cancellationToken).AsTask(),
            store.TryReadTextAsync(device.Backend / "hotplug-error", cancellationToken).AsTask(),
            store.TryReadAsync(XenPaths.Name(spec.Domid), cancellationToken).AsTask()).ConfigureAwait(false);
        if (name is null)
        {
            return new ProbeSight(true, Gone(spec));
        }

        // A device that vanished, by whose hand ever, counts as taken: no verdict comes of it, and a new one is put in.
        return new ProbeSight(
            state is not "1" || script is { Length: > 0 },
            script is { Length: > 0 } ? ScriptVerdict.Judge(spec, script, error) : null);
    }

    // Never with the caller's token: what was put in is taken out also when the user gives up.
    private async Task<Task> BeginRemovalAsync(ProbeDevice device)
    {
        using CancellationTokenSource limit = new(s_removalLimit, time);
        bool isTaken = await device.BeginRemovalAsync(store, limit.Token).ConfigureAwait(false);
        return FinishRemovalAsync(device, isTaken);
    }

    private async Task FinishRemovalAsync(ProbeDevice device, bool isTaken)
    {
        using CancellationTokenSource limit = new(s_removalLimit, time);
        await device.FinishRemovalAsync(store, isTaken, s_removalPatience, time, limit.Token).ConfigureAwait(false);
    }

    private static Readiness Gone(ProbeSpec spec) =>
        new(ReadinessState.NotRunning, $"{spec.Name} (domid {spec.Domid}) does not run any more.");

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed record ProbeSight(bool IsTaken, Readiness? Verdict);
}

/// <summary>What a readiness probe asks of a driver domain.</summary>
/// <param name="Domid">The domain.</param>
/// <param name="Name">Its name, for messages; fit to be shown.</param>
/// <param name="Bridge">The bridge expected inside; null when any answer of the hotplug script will do.</param>
/// <param name="Script">The hotplug script, the same path in dom0 and inside (libxl stores it absolute).</param>
internal sealed record ProbeSpec(int Domid, string Name, string? Bridge, string Script);
