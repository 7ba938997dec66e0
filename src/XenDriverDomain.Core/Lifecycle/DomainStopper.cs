using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Lifecycle;

/// <summary>
/// Shuts domains down, destroys them, and waits until they are really gone: a domain that has shut down stays for seconds until
/// the toolstack has taken its devices back.
/// </summary>
internal sealed class DomainStopper(Dom0 dom0, IXl xl, IDomainDirectory domains)
{
    private static readonly TimeSpan s_destroyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_goneAfterDestroy = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_keptPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_devicesBack = TimeSpan.FromSeconds(15);

    /// <summary>The steps that stop a domain.</summary>
    public IReadOnlyList<ChangeStep> Steps(DomainInfo domain, StopOptions options, IOperationReporter reporter)
    {
        ChangeStep ask = new($"Ask {domain.Name} (domid {domain.Domid}) to shut down", token => AskAsync(domain, options, token));
        return options.NoWait
            ? [ask]
            : [ask, new ChangeStep($"Wait until {domain.Name} is gone", token => FinishAsync(domain, options, reporter, token))];
    }

    /// <summary>Destroys a domain and waits until it is gone.</summary>
    /// <exception cref="XenDriverDomainException">DomainDestroyFailed.</exception>
    public Task DestroyAsync(DomainInfo domain, CancellationToken cancellationToken) => DestroyAsync(domain, new SilentReporter(), cancellationToken);

    /// <summary>The same, and tells when the toolstack does not take its devices back.</summary>
    public async Task DestroyAsync(DomainInfo domain, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        XlResult result = await xl.RunAsync(["destroy", Number(domain)], s_destroyLimit, cancellationToken).ConfigureAwait(false);
        if (!await WaitGoneAsync(domain, s_goneAfterDestroy, cancellationToken).ConfigureAwait(false))
        {
            throw new XenDriverDomainException(
                ErrorIds.DomainDestroyFailed,
                ErrorKind.Device,
                $"{domain.Name} (domid {domain.Domid}) is still there after xl destroy (exit code {result.ExitCode}): {result.Complaint}",
                "Look at xl list: a domain shown as (null) waits for another domain to give back its memory.",
                domain.Name);
        }

        await WaitDevicesAsync(domain, reporter, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// True when a domain has crashed and stays: its configuration says on_crash = "preserve", for someone to look at it. One that is not kept
    /// is still there for the seconds that xl's daemon needs to take it away.
    /// </summary>
    public async Task<bool> IsKeptCrashAsync(DomainInfo domain, CancellationToken cancellationToken) =>
        await StateAsync(domain, cancellationToken).ConfigureAwait(false) == DomainState.Crashed
        && !await WaitGoneAsync(domain, s_keptPatience, cancellationToken).ConfigureAwait(false);

    /// <summary>Waits until a domain that is ending by itself is gone, and destroys what stays.</summary>
    /// <exception cref="XenDriverDomainException">DomainDestroyFailed.</exception>
    public async Task EndAsync(DomainInfo domain, CancellationToken cancellationToken)
    {
        if (await WaitGoneAsync(domain, s_goneAfterDestroy, cancellationToken).ConfigureAwait(false))
        {
            await WaitDevicesAsync(domain, new SilentReporter(), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await DestroyAsync(domain, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>True when the domain has vanished from xenstore, and xenstored has been told that it is dead.</summary>
    public async Task<bool> WaitGoneAsync(DomainInfo domain, TimeSpan timeout, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        XenStorePath name = XenPaths.Name(domain.Domid);
        return await store.WaitUntilAsync<object>(
            [name.ToString(), "@releaseDomain"],
            async token => await store.TryReadAsync(name, token).ConfigureAwait(false) is null
                && !await store.IsDomainIntroducedAsync(domain.Domid, token).ConfigureAwait(false)
                ? this
                : null,
            timeout,
            dom0.Time,
            cancellationToken).ConfigureAwait(false) is not null;
    }

    private async Task AskAsync(DomainInfo domain, StopOptions options, CancellationToken cancellationToken)
    {
        // It would hear of it when it goes on, be it in a week.
        if (await StateAsync(domain, cancellationToken).ConfigureAwait(false) == DomainState.Paused && (!options.Force || options.NoWait))
        {
            throw new XenDriverDomainException(
                ErrorIds.DomainPaused,
                ErrorKind.InvalidState,
                $"{domain.Name} (domid {domain.Domid}) is paused, so that it cannot shut itself down.",
                $"Let it go on first with xl unpause {domain.Name}, or destroy it with -Force{(options.NoWait ? " and without -NoWait" : string.Empty)}.",
                domain.Name);
        }

        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        XenStorePath home = XenPaths.Home(domain.Domid);

        // A PV guest, and an HVM guest whose kernel says so, listens to xenstore; any other only to its power button.
        bool listens = domain.Type == DomainType.PV
            || await store.TryReadTextAsync(home / "control" / "feature-poweroff", cancellationToken).ConfigureAwait(false) == "1";
        if (!listens)
        {
            XlResult result = await xl.RunAsync(["shutdown", "-F", Number(domain)], null, cancellationToken).ConfigureAwait(false);
            if (result.ExitCode != 0 && !options.Force && await StateAsync(domain, cancellationToken).ConfigureAwait(false) is not null)
            {
                throw new XenDriverDomainException(
                    ErrorIds.XlCommandFailed,
                    ErrorKind.Device,
                    $"{domain.Name} (domid {domain.Domid}) could not be asked to shut down (exit code {result.ExitCode}): {result.Complaint}",
                    "Shut it down from inside, or destroy it with -Force.",
                    domain.Name);
            }

            return;
        }

        // In a transaction, since a write creates what is missing: a domain that has just gone must not leave a node behind.
        await store.TransactAsync(
            async (tree, token) =>
            {
                bool there = await tree.TryReadAsync(home / "name", token).ConfigureAwait(false) is not null;
                if (there)
                {
                    await tree.WriteTextAsync(home / "control" / "shutdown", "poweroff", token).ConfigureAwait(false);
                }

                return there;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task FinishAsync(
        DomainInfo domain, StopOptions options, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        DomainState? state = await StateAsync(domain, cancellationToken).ConfigureAwait(false);
        bool hopeless = options.Force && state is DomainState.Crashed or DomainState.Paused;
        bool isGone = !hopeless && await WaitGoneAsync(
            domain, state == DomainState.Crashed ? Min(s_keptPatience, options.Timeout) : options.Timeout, cancellationToken).ConfigureAwait(false);
        if (isGone)
        {
            await WaitDevicesAsync(domain, reporter, cancellationToken).ConfigureAwait(false);
            return;
        }

        // A domain that has shut down or crashed and is kept has nothing to lose.
        state = await StateAsync(domain, cancellationToken).ConfigureAwait(false);
        if (state is not null && !options.Force && state is not (DomainState.Shutdown or DomainState.Crashed or DomainState.Dying))
        {
            throw new XenDriverDomainException(
                ErrorIds.DomainShutdownTimedOut,
                ErrorKind.Timeout,
                $"{domain.Name} (domid {domain.Domid}) was asked to shut down and still runs after {options.Timeout.TotalSeconds:0} s ({state}).",
                "Look at its console, allow more time with -Timeout, or destroy it with -Force.",
                domain.Name);
        }

        if (options.Force)
        {
            reporter.Warning(state is { } why && DomainStop.Of(why, domain.Name) is { } stop
                ? $"{stop.Words}: it is destroyed."
                : $"{domain.Name} did not shut itself down and is destroyed.");
        }

        await DestroyAsync(domain, reporter, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DomainState?> StateAsync(DomainInfo domain, CancellationToken cancellationToken) =>
        (await domains.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(d => d.Domid == domain.Domid)?.State;

    // The toolstack's records of who has a device are what makes it assignable again for xl.
    private async Task WaitDevicesAsync(DomainInfo domain, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        bool areBack = await store.WaitUntilAsync<object>(
            [XenPaths.PciRecords.ToString()],
            async token => await PciRecordReader.IsOwnerAsync(store, domain.Domid, token).ConfigureAwait(false) ? null : this,
            s_devicesBack,
            dom0.Time,
            cancellationToken).ConfigureAwait(false) is not null;
        if (!areBack)
        {
            reporter.Warning(
                $"{domain.Name} is gone, but the toolstack has not taken back its devices: they show as Stale, and Add-XenPciAssignable makes "
                + "them assignable again.");
        }

        // After an orderly shutdown libxl leaves pciback's own record of the domain behind (seen with 4.17), and pciback with it.
        XenStorePath record = PciRecordReader.Backends / domain.Domid;
        if (await store.TryReadAsync(record, cancellationToken).ConfigureAwait(false) is not null)
        {
            await store.RemoveAsync(record, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static string Number(DomainInfo domain) => domain.Domid.ToString(CultureInfo.InvariantCulture);
}
