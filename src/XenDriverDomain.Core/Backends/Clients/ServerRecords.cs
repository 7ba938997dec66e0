using System.Globalization;
using XenDriverDomain.Access.Ssh;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends.Clients;

/// <summary>
/// Which domids a driver domain has had, in xenstore for dom0 alone: <c>servers/NAME/DOMID</c>. libxl's record of a vif has nothing but the
/// domid of its back end, and once that domain is gone, nothing tells whose it was. A note goes when its domain is gone and nobody's device
/// points there any more.
/// </summary>
internal static class ServerRecords
{
    private const string Starting = "starting";

    /// <summary>
    /// Notes that a driver domain is being created, so that what is left when that is interrupted is known to be half made.
    /// </summary>
    public static HostAct<bool> Begin(string name) => new ChangeNodes([.. Make(name), new WriteNode(PlaceOf(name) / Starting, "1")]);

    /// <summary>True when a creation was begun and its end was not seen.</summary>
    public static async Task<bool> IsStartingAsync(IXenStore store, string name, CancellationToken cancellationToken) =>
        await store.TryReadAsync(PlaceOf(name) / Starting, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>Notes the domid of a driver domain that runs.</summary>
    public static async Task NoteAsync(HostHand hand, string name, int domid, Guid? uuid, CancellationToken cancellationToken)
    {
        if (domid == 0)
        {
            return;
        }

        await hand.DoAsync(Note(name, domid, uuid), cancellationToken).ConfigureAwait(false);
        await ForgetDeadAsync(hand, name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The note alone, without what is out of date by it.</summary>
    public static HostAct<bool> Note(string name, int domid, Guid? uuid) => new ChangeNodes(
    [
        .. Make(name),
        new WriteNode(PlaceOf(name) / domid, uuid?.ToString("D") ?? string.Empty),
        new RemoveNode(PlaceOf(name) / Starting) { UpTo = OwnRecords.Root },
    ]);

    /// <summary>What <see cref="NoteAsync"/> is going to do for a domain that xl has yet to make, and so to number.</summary>
    public static StepPart NoteOfNew(string name)
    {
        string place = PosixShell.Quote(PlaceOf(name).ToString());
        return new Said(
            $"xenstore-write {place}/\"$(xl domid {PosixShell.Quote(name)})\" ''\n"
            + $"{new RemoveNode(PlaceOf(name) / Starting) { UpTo = OwnRecords.Root }.ToShell()}\n"
            + $"# with the domain's UUID as the value; other numbers below {PlaceOf(name)} that nobody needs any more are removed");
    }

    /// <summary>What was begun is over.</summary>
    public static HostAct<bool> EndOf(string name) => new ChangeNodes(new RemoveNode(PlaceOf(name) / Starting) { UpTo = OwnRecords.Root });

    /// <summary>The notes of some domids go.</summary>
    public static HostAct<bool> Forget(string name, IEnumerable<int> domids) => new ChangeNodes(
        [.. domids.Select(domid => new RemoveNode(PlaceOf(name) / domid) { UpTo = OwnRecords.Root })]);

    /// <summary>Those of some back ends whose domid is not noted; dom0's never is.</summary>
    public static async Task<IReadOnlyList<DomainInfo>> UnnotedAsync(
        IXenStore store, IEnumerable<DomainInfo> servers, CancellationToken cancellationToken)
    {
        List<DomainInfo> unnoted = [];
        foreach (DomainInfo server in servers.Where(s => s.Domid != 0))
        {
            if (await store.TryReadAsync(PlaceOf(server.Name) / server.Domid, cancellationToken).ConfigureAwait(false) is null)
            {
                unnoted.Add(server);
            }
        }

        return unnoted;
    }

    /// <summary>
    /// The undo of notes that a change made: of back ends that were <see cref="UnnotedAsync"/> before. What somebody else's device points
    /// to meanwhile stays.
    /// </summary>
    public static StepPart Unnote(IReadOnlyList<DomainInfo> noted) => new Course(
        [.. noted.Select(server => (StepPart)Forget(server.Name, [server.Domid]))],
        async (hand, token) =>
        {
            IXenStoreClient store = await hand.Dom0.GetXenStoreAsync(token).ConfigureAwait(false);
            foreach (DomainInfo server in await NotedInVainAsync(store, noted, token).ConfigureAwait(false))
            {
                await hand.DoAsync(Forget(server.Name, [server.Domid]), token).ConfigureAwait(false);
            }
        });

    /// <summary>Those of some back ends that are noted and that nobody's device points to.</summary>
    public static async Task<IReadOnlyList<DomainInfo>> NotedInVainAsync(
        IXenStoreClient store, IReadOnlyList<DomainInfo> servers, CancellationToken cancellationToken)
    {
        IReadOnlyList<DomainInfo> unnoted = await UnnotedAsync(store, servers, cancellationToken).ConfigureAwait(false);
        DomainInfo[] noted = [.. servers.Except(unnoted).Where(s => s.Domid != 0)];
        if (noted.Length == 0)
        {
            return [];
        }

        HashSet<int> used = await UsedAsync(store, cancellationToken).ConfigureAwait(false);
        return [.. noted.Where(server => !used.Contains(server.Domid))];
    }

    /// <summary>The domids that a driver domain has had, as far as they are known.</summary>
    public static async Task<IReadOnlyList<int>> ReadAsync(IXenStore store, string name, CancellationToken cancellationToken) =>
        [.. XenPaths.Numbers(await store.TryListAsync(PlaceOf(name), cancellationToken).ConfigureAwait(false), DomainRef.MaxDomid)];

    /// <summary>The names of all driver domains that are known, by the domids that they have had.</summary>
    public static async Task<IReadOnlyDictionary<int, string>> ReadAllAsync(IXenStore store, CancellationToken cancellationToken)
    {
        Dictionary<int, string> names = [];
        foreach (string encoded in await store.TryListAsync(OwnRecords.Servers, cancellationToken).ConfigureAwait(false) ?? [])
        {
            if (OwnRecords.Decode(encoded) is { } name)
            {
                foreach (int domid in await ReadAsync(store, name, cancellationToken).ConfigureAwait(false))
                {
                    names[domid] = name;
                }
            }
        }

        return names;
    }

    /// <summary>Forgets the domids that are dead and that nobody's device points to, and what was begun.</summary>
    public static async Task ForgetDeadAsync(HostHand hand, string name, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await hand.Dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> noted = await store.TryListAsync(PlaceOf(name), cancellationToken).ConfigureAwait(false) ?? [];
        if (noted.Count == 0)
        {
            return;
        }

        RunningGuests running = await RunningGuests.ReadAsync(store, cancellationToken).ConfigureAwait(false);
        HashSet<int> used = await UsedAsync(store, cancellationToken).ConfigureAwait(false);
        foreach (string entry in noted)
        {
            bool isDomid = int.TryParse(entry, NumberStyles.None, CultureInfo.InvariantCulture, out int domid);
            if (isDomid
                && (used.Contains(domid) || await IsAliveAsync(store, running, name, domid, cancellationToken).ConfigureAwait(false)))
            {
                continue;
            }

            await hand.DoAsync(new ChangeNodes(new RemoveNode(PlaceOf(name) / entry) { UpTo = OwnRecords.Root }), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private static async Task<HashSet<int>> UsedAsync(IXenStoreClient store, CancellationToken cancellationToken) =>
        [.. (await DomainClients.ListAsync(store, cancellationToken).ConfigureAwait(false))
            .Where(c => c.GuestName is not null).Select(c => c.BackendDomid)];

    // Numbers are given anew: whoever has it now need not be who had it.
    private static async Task<bool> IsAliveAsync(
        IXenStore store, RunningGuests running, string name, int domid, CancellationToken cancellationToken) =>
        running.Has(domid)
            && await store.TryReadTextAsync(PlaceOf(name) / domid, cancellationToken).ConfigureAwait(false) is { } uuid
            && (uuid.Length == 0 || uuid == running.UuidOf(domid)?.ToString("D"));

    private static NodeChange[] Make(string name) =>
        [new MakeFolder(OwnRecords.Root), new MakeFolder(OwnRecords.Servers), new MakeFolder(PlaceOf(name))];

    private static XenStorePath PlaceOf(string name) => OwnRecords.Servers / OwnRecords.Encode(name);
}
