using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Lifecycle;

/// <summary>Creates a domain from a file on dom0 with xl, and sees in xenstore what came of it.</summary>
internal sealed class DomainCreator(Dom0 dom0, DomainDirectory domains)
{
    // Building a large domain and starting a device model take their time; libxl alone waits 60 s for the latter.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    // Between the end of a domain that reboots and its next life, nothing shows that there will be one.
    private static readonly TimeSpan s_rebootPatience = TimeSpan.FromSeconds(15);

    // How long an xl that was begun by a killed run may go on before what it made is taken for half made.
    private static readonly TimeSpan s_unfinishedPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(1);
    private bool _mine;

    /// <summary>The domain that was made; null before.</summary>
    public DomainInfo? Made { get; private set; }

    /// <summary>True for a driver domain, whose domid is noted for those who lose it.</summary>
    public bool IsServer { get; init; }

    /// <summary>What an interrupted creation left, which is finished or cleared away first; null when there is nothing.</summary>
    public DomainInfo? Unfinished { get; init; }

    /// <summary>The step that creates a domain; undone by destroying it.</summary>
    public ChangeStep Step(string name, string path, IReadOnlyList<PciAddress> devices) => new(
        Unfinished is null
            ? $"Create the domain {name} from {path} (xl create)"
            : $"Let what an interrupted start left of {name} (domid {Unfinished.Domid}) become whole, or create it anew from {path}",
        new Course(Expected(name, path), (hand, token) => CreateAsync(name, path, devices, hand, token)))
    {
        UndoDescription = Unfinished is null ? $"Destroy the domain {name}" : $"Destroy the domain {name}, where it was created anew",
        Undo =
        [
            new Course(
                [
                    .. Unfinished is null ? (StepPart[])[] : [new Said("# only where it was created anew:")],
                    new Act<XlResult>(DomainStopper.Destroy(name), null),
                    .. IsServer ? (StepPart[])[ServerRecords.EndOf(name)] : [],
                ],
                (hand, token) => DestroyAsync(name, hand, token)),
        ],
    };

    private StepPart[] Expected(string name, string path)
    {
        StepPart[] making = [.. IsServer ? (StepPart[])[ServerRecords.Begin(name)] : [], new Act<XlResult>(Create(path), null)];
        StepPart[] noting = IsServer ? [ServerRecords.NoteOfNew(name)] : [];
        return Unfinished is null
            ? [.. making, .. noting]
            :
            [
                new Said(
                    $"# unless {name} has its devices and runs within {s_unfinishedPatience.TotalSeconds:0} s:\n"
                    + "# "
                    + StepPart.ToShell([DomainStopper.Destroying(Unfinished), .. making]).Replace("\n", "\n# ", StringComparison.Ordinal)),
                .. noting,
            ];
    }

    private static RunXl Create(string path) => new("create", path) { Timeout = s_limit };

    private async Task CreateAsync(
        string name, string path, IReadOnlyList<PciAddress> devices, HostHand hand, CancellationToken cancellationToken)
    {
        DomainRef reference = DomainRef.Parse(name);
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        if (Unfinished is { } left
            && await GetsFinishedAsync(left, devices, store, hand, cancellationToken).ConfigureAwait(false) is { } finished)
        {
            Made = finished;
            await ServerRecords.NoteAsync(hand, name, finished.Domid, finished.Uuid, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (await domains.TryResolveAsync(reference, cancellationToken).ConfigureAwait(false) is { } other)
        {
            throw AlreadyExists(name, other.Domid);
        }

        // From here on a domain of this name is ours, even when xl is ended in the middle.
        _mine = true;
        if (IsServer)
        {
            await hand.DoAsync(ServerRecords.Begin(name), cancellationToken).ConfigureAwait(false);
        }

        XlResult result = await hand.DoAsync(Create(path), cancellationToken).ConfigureAwait(false);
        hand.Reporter.Debug($"xl create ended with {result.ExitCode}: {result.Complaint}");
        DomainInfo? made = await domains.TryResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        if (made is null || result.ExitCode != 0)
        {
            throw Failed(name, made, result);
        }

        Made = made;
        IReadOnlyList<PciAddress> has = await PciRecordReader.ServedAsync(store, made.Domid, cancellationToken).ConfigureAwait(false);
        PciAddress[] missing = [.. devices.Except(has)];
        if (missing.Length > 0)
        {
            throw new XenDriverDomainException(
                ErrorIds.DomainNotAsConfigured,
                ErrorKind.InvalidState,
                $"{name} runs without {string.Join(", ", missing)}, which its configuration lists.",
                "Look at xl's log under /var/log/xen on dom0.",
                name);
        }

        if (IsServer)
        {
            await ServerRecords.NoteAsync(hand, name, made.Domid, made.Uuid, cancellationToken).ConfigureAwait(false);
        }
    }

    // xl does not end with who began it. One that goes on makes the domain whole by itself; what stays half made or paused is nobody's.
    private async Task<DomainInfo?> GetsFinishedAsync(
        DomainInfo left, IReadOnlyList<PciAddress> devices, IXenStore store, HostHand hand, CancellationToken cancellationToken)
    {
        long begun = dom0.Time.GetTimestamp();
        while (true)
        {
            DomainInfo? now = (await domains.ListAsync(cancellationToken).ConfigureAwait(false))
                .FirstOrDefault(d => d.Domid == left.Domid && d.Name == left.Name);
            if (now is null)
            {
                return null;
            }

            IReadOnlyList<PciAddress> has = await PciRecordReader.ServedAsync(store, now.Domid, cancellationToken).ConfigureAwait(false);
            bool isWhole = !devices.Except(has).Any();
            if (isWhole && now.State is DomainState.Running or DomainState.Blocked or DomainState.Unknown)
            {
                return now;
            }

            if (dom0.Time.GetElapsedTime(begun) >= s_unfinishedPatience)
            {
                await DomainStopper.DestroyAsync(now, hand, cancellationToken).ConfigureAwait(false);
                return null;
            }

            await Task.Delay(s_lookAgain, dom0.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DestroyAsync(string name, HostHand hand, CancellationToken cancellationToken)
    {
        if (!_mine)
        {
            return;
        }

        // xl is asked, since xenstored does not know a domain yet that xl was still building when it was ended.
        IReadOnlyList<DomainInfo> all = await domains.ListAsync(cancellationToken).ConfigureAwait(false);
        DomainInfo? left = all.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.Ordinal))
            ?? (Made is null ? null : await FindRebootedAsync(name, cancellationToken).ConfigureAwait(false));
        if (left is not null)
        {
            await DomainStopper.DestroyAsync(left, hand, cancellationToken).ConfigureAwait(false);

            // What has ended by itself may have done so to boot again: xl's monitor, which knows that by then, makes it anew, whoever
            // destroys it.
            if (Made is not null && left.State is (DomainState.Shutdown or DomainState.Crashed or DomainState.Dying)
                && await FindRebootedAsync(name, cancellationToken).ConfigureAwait(false) is { } again)
            {
                await DomainStopper.DestroyAsync(again, hand, cancellationToken).ConfigureAwait(false);
            }
        }

        if (IsServer)
        {
            await ServerRecords.ForgetDeadAsync(hand, name, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The domain that xl's monitor makes again when one has rebooted; null when none comes in time.</summary>
    private async Task<DomainInfo?> FindRebootedAsync(string name, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        return await store.WaitUntilAsync(
            ["@introduceDomain"],
            async token => await domains.TryResolveAsync(DomainRef.Parse(name), token).ConfigureAwait(false),
            s_rebootPatience,
            dom0.Time,
            cancellationToken).ConfigureAwait(false);
    }

    private XenDriverDomainException Failed(string name, DomainInfo? made, XlResult result)
    {
        if (Says(result, "already exists"))
        {
            _mine = false;
            return AlreadyExists(name, made?.Domid);
        }

        string words = $"xl create did not start {name} (exit code {result.ExitCode.ToString(CultureInfo.InvariantCulture)}): "
            + $"{result.Complaint}";
        return Says(result, "is not assignable") || Says(result, "already in use")
            ? new XenDriverDomainException(
                ErrorIds.DriverDomainDeviceNotAssignable,
                ErrorKind.InUse,
                words,
                "Look with Get-XenPciDevice who has the device, and make it assignable with Add-XenPciAssignable.",
                name)
            : new XenDriverDomainException(
                ErrorIds.DomainCreateFailed,
                ErrorKind.Device,
                words,
                "Remove the cause that xl names; more stands in /var/log/xen on dom0 and in xl dmesg.",
                name);
    }

    private static bool Says(XlResult result, string words) =>
        result.Messages.Any(m => m.Text.Contains(words, StringComparison.OrdinalIgnoreCase));

    private static XenDriverDomainException AlreadyExists(string name, int? domid) => new(
        ErrorIds.DomainAlreadyExists,
        ErrorKind.AlreadyExists,
        domid is { } number ? $"A domain named {name} runs already (domid {number})." : $"A domain named {name} runs already.",
        "Stop that domain first, or choose another name.",
        name);
}
