using System.Globalization;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Lifecycle;

/// <summary>
/// Shuts domains down, destroys them, and waits until they are really gone: a domain that has shut down stays for seconds until
/// the toolstack has taken its devices back.
/// </summary>
/// <param name="domains">Which domains there are.</param>
internal sealed class DomainStopper(DomainDirectory domains)
{
    private static readonly TimeSpan s_destroyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_goneAfterDestroy = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_keptPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_devicesBack = TimeSpan.FromSeconds(15);

    /// <summary>The steps that stop a domain.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="options">How.</param>
    /// <param name="afterwards">What is to be done when it is gone, in the same step; null for nothing.</param>
    public IReadOnlyList<ChangeStep> Steps(DomainInfo domain, StopOptions options, StepPart? afterwards = null)
    {
        StepPart[] last = afterwards is null ? [] : [afterwards];
        Course ask = new(
            [domain.Type == DomainType.PV ? PowerOff(domain) : new Act<XlResult>(Shutdown(domain), null)],
            (hand, token) => AskAsync(domain, options, hand, token));
        string words = $"Ask {domain.Name} (domid {domain.Domid}) to shut down";
        return options.NoWait
            ? [new ChangeStep(words, [ask, .. last])]
            :
            [
                new ChangeStep(words, ask),
                new ChangeStep(
                    $"Wait until {domain.Name} is gone",
                    [
                        new Course(
                            [
                                new WaitFor(IsGone(domain), options.Timeout) { GoesOn = options.Force },
                                .. options.Force
                                    ? (StepPart[])[
                                        new When(!IsGone(domain), Destroying(domain)), new WaitFor(IsGone(domain), s_goneAfterDestroy)]
                                    : [],
                                LeftByPciback(domain),
                            ],
                            (hand, token) => FinishAsync(domain, options, hand, token)),
                        .. last,
                    ]),
            ];
    }

    /// <summary>The domain has vanished from xenstore, and xenstored has been told that it is dead.</summary>
    public static HostCondition IsGone(DomainInfo domain) =>
        !new NodeExists(XenPaths.Name(domain.Domid)) & !new DomainIsKnown(domain.Domid);

    /// <summary>What destroying a domain does.</summary>
    public static StepPart Destroying(DomainInfo domain) => new Act<XlResult>(Destroy(Number(domain)), null);

    /// <summary>The act.</summary>
    /// <param name="domain">The domid, or the name where that is not known yet.</param>
    public static HostAct<XlResult> Destroy(string domain) => new RunXl("destroy", domain) { Timeout = s_destroyLimit };

    /// <summary>Destroys a domain, waits until it is gone, and tells when the toolstack does not take its devices back.</summary>
    /// <exception cref="XenDriverDomainException">DomainDestroyFailed.</exception>
    public static async Task DestroyAsync(DomainInfo domain, HostHand hand, CancellationToken cancellationToken)
    {
        XlResult result = await hand.DoAsync(Destroy(Number(domain)), cancellationToken).ConfigureAwait(false);
        if (!await WaitGoneAsync(domain, s_goneAfterDestroy, hand, cancellationToken).ConfigureAwait(false))
        {
            throw new XenDriverDomainException(
                ErrorIds.DomainDestroyFailed,
                ErrorKind.Device,
                $"{domain.Name} (domid {domain.Domid}) is still there after xl destroy (exit code {result.ExitCode}): {result.Complaint}",
                "Look at xl list: a domain shown as (null) waits for another domain to give back its memory.",
                domain.Name);
        }

        await WaitDevicesAsync(domain, hand, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// True when a domain has crashed and stays: its configuration says on_crash = "preserve", for someone to look at it. One that is not
    /// kept is still there for the seconds that xl's daemon needs to take it away.
    /// </summary>
    public async Task<bool> IsKeptCrashAsync(DomainInfo domain, HostHand hand, CancellationToken cancellationToken) =>
        await StateAsync(domain, cancellationToken).ConfigureAwait(false) == DomainState.Crashed
        && !await WaitGoneAsync(domain, s_keptPatience, hand, cancellationToken).ConfigureAwait(false);

    /// <summary>Waits until a domain that is ending by itself is gone, and destroys what stays.</summary>
    /// <exception cref="XenDriverDomainException">DomainDestroyFailed.</exception>
    public static async Task EndAsync(DomainInfo domain, HostHand hand, CancellationToken cancellationToken)
    {
        if (await WaitGoneAsync(domain, s_goneAfterDestroy, hand, cancellationToken).ConfigureAwait(false))
        {
            await WaitDevicesAsync(domain, hand, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await DestroyAsync(domain, hand, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until a domain is gone; false when it is not in time.</summary>
    public static Task<bool> WaitGoneAsync(DomainInfo domain, TimeSpan timeout, HostHand hand, CancellationToken cancellationToken) =>
        hand.WaitAsync(new WaitFor(IsGone(domain), timeout), cancellationToken);

    private async Task AskAsync(DomainInfo domain, StopOptions options, HostHand hand, CancellationToken cancellationToken)
    {
        // It would hear of it when it goes on, be it in a week.
        if (await StateAsync(domain, cancellationToken).ConfigureAwait(false) == DomainState.Paused && (!options.Force || options.NoWait))
        {
            throw new XenDriverDomainException(
                ErrorIds.DomainPaused,
                ErrorKind.InvalidState,
                $"{domain.Name} (domid {domain.Domid}) is paused, so that it cannot shut itself down.",
                $"Let it go on first with xl unpause {domain.Name}, or destroy it with "
                    + $"-Force{(options.NoWait ? " and without -NoWait" : string.Empty)}.",
                domain.Name);
        }

        IXenStoreClient store = await hand.Dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        XenStorePath home = XenPaths.Home(domain.Domid);

        // A PV guest, and an HVM guest whose kernel says so, listens to xenstore; any other only to its power button.
        bool listens = domain.Type == DomainType.PV
            || await store.TryReadTextAsync(home / "control" / "feature-poweroff", cancellationToken).ConfigureAwait(false) == "1";
        if (!listens)
        {
            XlResult result = await hand.DoAsync(Shutdown(domain), cancellationToken).ConfigureAwait(false);
            if (result.ExitCode != 0 && !options.Force && await StateAsync(domain, cancellationToken).ConfigureAwait(false) is not null)
            {
                throw new XenDriverDomainException(
                    ErrorIds.XlCommandFailed,
                    ErrorKind.Device,
                    $"{domain.Name} (domid {domain.Domid}) could not be asked to shut down (exit code {result.ExitCode}): "
                        + $"{result.Complaint}",
                    "Shut it down from inside, or destroy it with -Force.",
                    domain.Name);
            }

            return;
        }

        await hand.DoAsync(PowerOff(domain), cancellationToken).ConfigureAwait(false);
    }

    // In a transaction, since a write creates what is missing: a domain that has just gone must not leave a node behind.
    private static ChangeNodes PowerOff(DomainInfo domain)
    {
        XenStorePath home = XenPaths.Home(domain.Domid);
        return new ChangeNodes(new WriteNode(home / "control" / "shutdown", "poweroff") { If = new NodeExists(home / "name") });
    }

    private static RunXl Shutdown(DomainInfo domain) => new("shutdown", "-F", Number(domain));

    private async Task FinishAsync(
        DomainInfo domain, StopOptions options, HostHand hand, CancellationToken cancellationToken)
    {
        DomainState? state = await StateAsync(domain, cancellationToken).ConfigureAwait(false);
        bool hopeless = options.Force && state is DomainState.Crashed or DomainState.Paused;
        bool isGone = !hopeless && await WaitGoneAsync(
            domain, state == DomainState.Crashed ? Min(s_keptPatience, options.Timeout) : options.Timeout, hand,
            cancellationToken).ConfigureAwait(false);
        if (isGone)
        {
            await WaitDevicesAsync(domain, hand, cancellationToken).ConfigureAwait(false);
            return;
        }

        // A domain that has shut down or crashed and is kept has nothing to lose.
        state = await StateAsync(domain, cancellationToken).ConfigureAwait(false);
        if (state is not null && !options.Force && state is not (DomainState.Shutdown or DomainState.Crashed or DomainState.Dying))
        {
            throw new XenDriverDomainException(
                ErrorIds.DomainShutdownTimedOut,
                ErrorKind.Timeout,
                $"{domain.Name} (domid {domain.Domid}) was asked to shut down and still runs after {options.Timeout.TotalSeconds:0} "
                    + $"s ({state}).",
                "Look at its console, allow more time with -Timeout, or destroy it with -Force.",
                domain.Name);
        }

        if (options.Force)
        {
            hand.Reporter.Warning(state is { } why && DomainStop.Of(why, domain.Name) is { } stop
                ? $"{stop.Words}: it is destroyed."
                : $"{domain.Name} did not shut itself down and is destroyed.");
        }

        await DestroyAsync(domain, hand, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DomainState?> StateAsync(DomainInfo domain, CancellationToken cancellationToken) =>
        (await domains.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(d => d.Domid == domain.Domid)?.State;

    // The toolstack's records of who has a device are what makes it assignable again for xl.
    private static async Task WaitDevicesAsync(DomainInfo domain, HostHand hand, CancellationToken cancellationToken)
    {
        bool areBack = await hand.WaitAsync(
            new WaitFor(!new ChildNodesAre(XenPaths.PciRecords, ("domid", Number(domain))), s_devicesBack), cancellationToken)
            .ConfigureAwait(false);
        if (!areBack)
        {
            hand.Reporter.Warning(
                $"{domain.Name} is gone, but the toolstack has not taken back its devices: they show as Stale, and "
                + "Add-XenPciAssignable makes them assignable again.");
        }

        // After an orderly shutdown libxl leaves pciback's own record of the domain behind (seen with 4.17), and pciback with it.
        if (await hand.HoldsAsync(new NodeExists(XenPaths.Backends(0, "pci") / domain.Domid), cancellationToken).ConfigureAwait(false))
        {
            await hand.DoAsync(LeftByPciback(domain), cancellationToken).ConfigureAwait(false);
        }
    }

    private static ChangeNodes LeftByPciback(DomainInfo domain) => new(new RemoveNode(XenPaths.Backends(0, "pci") / domain.Domid));

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static string Number(DomainInfo domain) => domain.Domid.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How a domain is stopped.</summary>
public sealed record StopOptions
{
    /// <summary>How long it may take to shut itself down.</summary>
    public TimeSpan Timeout { get; init; } = Patience.Effect;

    /// <summary>Returns as soon as the domain was asked.</summary>
    public bool NoWait { get; init; }

    /// <summary>Destroys it when it does not shut down in time, and lifts the refusal to cut its clients off.</summary>
    public bool Force { get; init; }

    /// <summary>The domids of clients whose end is under way: they are not cut off from what is stopped.</summary>
    public IReadOnlySet<int> Ending { get; init; } = new HashSet<int>();
}
