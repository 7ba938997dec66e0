using XenDriverDomain.Access;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Pci;
using XenDriverDomain.Terminal;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Traces;

/// <summary>Traces in xenstore: this module's own tree, and the toolstack's records of cards that were taken from dom0.</summary>
internal static class RecordTraces
{
    private const int NodesBelowProbe = 2;

    /// <summary>Whether a trace's path is one of xenstore, and of no file.</summary>
    public static bool IsNode(string path) => path.StartsWith(XenPaths.Domains + "/", StringComparison.Ordinal)
        || path.StartsWith(XenPaths.Libxl + "/", StringComparison.Ordinal);

    /// <summary>Finds them.</summary>
    /// <exception cref="Errors.XenDriverDomainException">XenStoreUnavailable.</exception>
    public static async Task<IReadOnlyList<HostTrace>> FindAsync(Dom0 dom0, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        BulkAnswer functions = await dom0.Files.ReadManyAsync(new BulkQuery([], [], [PciQueries.Devices + "/*"]), cancellationToken)
            .ConfigureAwait(false);
        Search search = new(dom0, store, functions, cancellationToken);
        await search.FindOwnAsync().ConfigureAwait(false);
        foreach (XenStorePath folder in (XenStorePath[])[XenPaths.PciRecords, XenPaths.OlderPciRecords])
        {
            await search.FindCardsAsync(folder).ConfigureAwait(false);
        }

        return search.Found;
    }

    private sealed class Search(Dom0 dom0, IXenStoreClient store, BulkAnswer functions, CancellationToken cancellationToken)
    {
        public List<HostTrace> Found { get; } = [];

        public async Task FindOwnAsync()
        {
            if (await store.TryListAsync(OwnRecords.Root, cancellationToken).ConfigureAwait(false) is not { } rooms)
            {
                return;
            }

            int before = Found.Count;
            foreach (string room in rooms.Order(StringComparer.Ordinal))
            {
                XenStorePath folder = OwnRecords.Root / room;
                IReadOnlyList<string> entries = await ListAsync(folder).ConfigureAwait(false);
                Task finding = folder == OwnRecords.Clients ? FindClientsAsync(folder, entries)
                    : folder == OwnRecords.Servers ? FindServersAsync(folder, entries)
                    : folder == OwnRecords.Probes ? FindProbesAsync(folder, entries)
                    : folder == OwnRecords.Pci ? FindQuirksAsync(folder, entries)
                    : FindOthers(folder);
                await finding.ConfigureAwait(false);
            }

            if (Found.Count == before)
            {
                await FindOthers(OwnRecords.Root).ConfigureAwait(false);
            }
        }

        public async Task FindCardsAsync(XenStorePath folder)
        {
            foreach (string key in await ListAsync(folder).ConfigureAwait(false))
            {
                IReadOnlyList<string> nodes = await ListAsync(folder / key).ConfigureAwait(false);
                if (PciAddress.TryParseXenStoreKey(key, out PciAddress address)
                    && (nodes.Contains(PciRecordReader.DriverPathNode) || nodes.Contains(PciRecordReader.NameNode)))
                {
                    string? driver = await store.TryReadTextAsync(folder / key / PciRecordReader.DriverPathNode, cancellationToken)
                        .ConfigureAwait(false);
                    Add(
                        HostTraceKind.Card,
                        folder / key,
                        address.ToString(),
                        driver is null ? "the name that the card was made assignable under"
                            : $"the driver that the card gets back: {Text.Show(SysPath.Name(driver), 40)} (xl keeps the same record)",
                        GiveBack(address) ?? TraceCommands.Node(folder / key));
                }
            }
        }

        private async Task FindClientsAsync(XenStorePath folder, IReadOnlyList<string> servers)
        {
            foreach (string server in servers)
            {
                foreach (string guest in await ListAsync(folder / server).ConfigureAwait(false))
                {
                    foreach (string devid in await ListAsync(folder / server / guest).ConfigureAwait(false))
                    {
                        XenStorePath place = folder / server / guest / devid;
                        string name = Text.Show(
                            await store.TryReadTextAsync(place / "guest-name", cancellationToken).ConfigureAwait(false) ?? guest, 80);
                        Add(
                            HostTraceKind.Client,
                            place,
                            name,
                            $"the vif {Text.Show(devid, 10)} of {name}, which is connected again when {Shown(server)} starts",
                            TraceCommands.Node(place));
                    }
                }
            }
        }

        private async Task FindServersAsync(XenStorePath folder, IReadOnlyList<string> servers)
        {
            foreach (string server in servers)
            {
                string name = Shown(server);
                foreach (string entry in await ListAsync(folder / server).ConfigureAwait(false))
                {
                    // Its own number, and no other domain's that has got it since.
                    int? number = XenPaths.Numbers([entry], DomainRef.MaxDomid).Select(n => (int?)n).FirstOrDefault();
                    bool runs = number is { } domid
                        && await store.TryReadTextAsync(XenPaths.Name(domid), cancellationToken).ConfigureAwait(false)
                            == OwnRecords.Decode(server);

                    // One that was only tried as a back end is a guest, which Stop-XenDriverDomain leaves alone.
                    bool stops = runs && await DriverDomainReader.IsServerAsync(
                        dom0, store, OwnRecords.Decode(server)!, number!.Value, cancellationToken).ConfigureAwait(false);
                    Add(
                        HostTraceKind.Server,
                        folder / server / entry,
                        name,
                        runs ? $"the domid {entry} is that of {name}, which runs{(stops ? string.Empty : " and serves nobody")}"
                            : number is not null ? $"the domid {entry} was that of {name}"
                            : $"{name} is being started, or was when that was interrupted",
                        stops ? $"Stop-XenDriverDomain -Name {TraceCommands.Quote(name)}" : TraceCommands.Node(folder / server / entry));
                }
            }
        }

        private async Task FindProbesAsync(XenStorePath folder, IReadOnlyList<string> probes)
        {
            foreach (string probe in probes)
            {
                // DOMID-NUMBER; its other end lies with the driver domain.
                int[] numbers = [.. probe.Split('-').SelectMany(part => XenPaths.Numbers([part], int.MaxValue))];
                XenStorePath? backend = numbers.Length == NodesBelowProbe ? XenPaths.Backend(numbers[0], "vif", 0, numbers[1]) : null;
                bool hasBackend = backend is { } end
                    && await store.TryListAsync(end, cancellationToken).ConfigureAwait(false) is not null;
                Add(
                    HostTraceKind.Probe,
                    folder / probe,
                    numbers.Length == NodesBelowProbe ? $"domid {numbers[0]}" : null,
                    "a device that a driver domain was probed with, when that was interrupted",
                    (hasBackend ? $"xenstore-rm {backend} && " : string.Empty) + TraceCommands.Node(folder / probe));
            }
        }

        private Task FindQuirksAsync(XenStorePath folder, IReadOnlyList<string> keys)
        {
            foreach (string key in keys)
            {
                bool isAddress = PciAddress.TryParseXenStoreKey(key, out PciAddress address);
                Add(
                    HostTraceKind.Quirk,
                    folder / key,
                    isAddress ? address.ToString() : null,
                    "which registers pciback lets a guest write",
                    (isAddress ? GiveBack(address) : null) ?? TraceCommands.Node(folder / key));
            }

            return Task.CompletedTask;
        }

        private Task FindOthers(XenStorePath path)
        {
            Add(
                HostTraceKind.Record, path, null, "a record of this module's, of another version of it or an empty one",
                TraceCommands.Node(path));
            return Task.CompletedTask;
        }

        // A card that is gone can be given to nobody.
        private string? GiveBack(PciAddress address) =>
            functions.Names.Contains($"{PciQueries.Devices}/{address}") ? $"Remove-XenPciAssignable -Address {address}" : null;

        private async Task<IReadOnlyList<string>> ListAsync(XenStorePath path) =>
            [.. (await store.TryListAsync(path, cancellationToken).ConfigureAwait(false) ?? []).Order(StringComparer.Ordinal)];

        private static string Shown(string encoded) => Text.Show(OwnRecords.Decode(encoded) ?? encoded, 80);

        private void Add(HostTraceKind kind, XenStorePath path, string? subject, string what, string remedy) =>
            Found.Add(HostTrace.Of(dom0.Id, kind, path.ToString(), subject, what, remedy));
    }
}
