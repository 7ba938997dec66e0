using System.Globalization;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends.Clients;

/// <summary>
/// The vifs that are cut off from a driver domain, or may be in a moment, as they are kept in xenstore for dom0 alone:
/// <c>clients/DRIVER-DOMAIN/GUEST-UUID/DEVID</c>. Written before the first of them is touched, removed when it is connected again, so that
/// whatever ends in between, the next start of the driver domain knows whom it served.
/// </summary>
internal static class ClientRecords
{
    // A guest without a UUID is known by its number.
    private const string ByDomid = "domid-";

    private static readonly string[] s_own = ["guest-domid", "guest-name", "backend-domid"];

    /// <summary>Writes records, all or none, and reads them back.</summary>
    /// <returns>A part that throws ClientsNotRecorded.</returns>
    public static StepPart Write(IReadOnlyList<ClientRecord> records) => new Act<bool>(
        new ChangeNodes(
        [
            .. records.Select(Removal),
            new MakeFolder(OwnRecords.Root),
            new MakeFolder(OwnRecords.Clients),
            .. records.SelectMany(record => (NodeChange[])
            [
                new MakeFolder(PlaceOf(record)),
                .. Nodes(record).Select(node => new WriteNode(PlaceOf(record) / node.Key, node.Value)),
            ]),
        ]),
        async (_, hand, token) =>
        {
            IXenStoreClient store = await hand.Dom0.GetXenStoreAsync(token).ConfigureAwait(false);
            foreach (ClientRecord record in records)
            {
                ClientRecord? there = await TryReadAsync(store, record.Server, PlaceOf(record), token).ConfigureAwait(false);
                if (there is null || !Nodes(there).SequenceEqual(Nodes(record)))
                {
                    throw new XenDriverDomainException(
                        ErrorIds.ClientsNotRecorded,
                        ErrorKind.InvalidState,
                        $"xenstore does not hold what was written of {record}, so it could be lost; nothing was cut off.",
                        "Look at xenstored's log and quotas on dom0, and whether somebody else works on this driver domain.",
                        record.Server);
                }
            }
        });

    /// <summary>The records of one driver domain.</summary>
    public static async Task<IReadOnlyList<ClientRecord>> ReadAsync(IXenStore store, string server, CancellationToken cancellationToken)
    {
        XenStorePath folder = OwnRecords.Clients / OwnRecords.Encode(server);
        IReadOnlyList<string> guests = await store.TryListAsync(folder, cancellationToken).ConfigureAwait(false) ?? [];
        List<ClientRecord> found = [];
        foreach (string guest in guests)
        {
            IReadOnlyList<string>? devids = await store.TryListAsync(folder / guest, cancellationToken).ConfigureAwait(false);
            foreach (int devid in XenPaths.Numbers(devids, int.MaxValue))
            {
                if (await TryReadAsync(store, server, folder / guest / devid, cancellationToken).ConfigureAwait(false) is { } record)
                {
                    found.Add(record);
                }
            }
        }

        return found;
    }

    /// <summary>The records of all driver domains.</summary>
    public static async Task<IReadOnlyList<ClientRecord>> ReadAllAsync(IXenStore store, CancellationToken cancellationToken)
    {
        List<ClientRecord> all = [];
        foreach (string name in await store.TryListAsync(OwnRecords.Clients, cancellationToken).ConfigureAwait(false) ?? [])
        {
            if (OwnRecords.Decode(name) is { } server)
            {
                all.AddRange(await ReadAsync(store, server, cancellationToken).ConfigureAwait(false));
            }
        }

        return all;
    }

    /// <summary>Removes records, and reads back that they are gone.</summary>
    /// <returns>A part that throws ClientsNotRecorded.</returns>
    public static StepPart Remove(IReadOnlyList<ClientRecord> records) => new Act<bool>(
        new ChangeNodes([.. records.Select(Removal)]),
        async (_, hand, token) =>
        {
            IXenStoreClient store = await hand.Dom0.GetXenStoreAsync(token).ConfigureAwait(false);
            foreach (ClientRecord record in records)
            {
                if (await store.TryReadAsync(PlaceOf(record), token).ConfigureAwait(false) is not null)
                {
                    throw new XenDriverDomainException(
                        ErrorIds.ClientsNotRecorded,
                        ErrorKind.InvalidState,
                        $"The record of {record} is still in xenstore although it was removed.",
                        "Look whether somebody else works on this driver domain, and try again.",
                        record.Server);
                }
            }
        });

    /// <summary>The toolstack knows of the vif: the record is not all that is left of it.</summary>
    public static HostCondition IsKnown(ClientRecord record) =>
        new ChildNodesAre(
            XenPaths.DeviceRecords(record.GuestDomid, DeviceKinds.Vifs.Name), ("mac", record.Mac?.ToString() ?? string.Empty));

    /// <summary>The same, and the domain that backs it is there.</summary>
    public static HostCondition IsServed(ClientRecord record) => IsKnown(record) & new NodeExists(XenPaths.Name(record.BackendDomid));

    private static RemoveNode Removal(ClientRecord record) => new(PlaceOf(record)) { UpTo = OwnRecords.Root };

    private static XenStorePath PlaceOf(ClientRecord record) =>
        OwnRecords.Clients / OwnRecords.Encode(record.Server)
            / (record.GuestUuid is { } uuid ? uuid.ToString("D") : ByDomid + record.GuestDomid.ToString(CultureInfo.InvariantCulture))
            / record.Devid;

    private static IEnumerable<(string Key, string Value)> Nodes(ClientRecord record) =>
    [
        ("guest-domid", record.GuestDomid.ToString(CultureInfo.InvariantCulture)),
        ("guest-name", record.GuestName),
        ("backend-domid", record.BackendDomid.ToString(CultureInfo.InvariantCulture)),
        .. record.Settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (s.Key, s.Value)),
    ];

    private static async Task<ClientRecord?> TryReadAsync(
        IXenStore store, string server, XenStorePath place, CancellationToken cancellationToken)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        foreach (string key in await store.TryListAsync(place, cancellationToken).ConfigureAwait(false) ?? [])
        {
            if (await store.TryReadTextAsync(place / key, cancellationToken).ConfigureAwait(false) is { } value)
            {
                settings.Add(key, value);
            }
        }

        string guest = place.Parent!.Value.Name;
        Guid? uuid = Guid.TryParseExact(guest, "D", out Guid read) ? read : null;
        return (uuid is null && !guest.StartsWith(ByDomid, StringComparison.Ordinal))
            || !int.TryParse(place.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int devid)
            || !int.TryParse(settings.GetValueOrDefault("guest-domid"), NumberStyles.None, CultureInfo.InvariantCulture, out int domid)
            || !int.TryParse(settings.GetValueOrDefault("backend-domid"), NumberStyles.None, CultureInfo.InvariantCulture, out int backend)
            || domid > DomainRef.MaxDomid || backend > DomainRef.MaxDomid
            || settings.GetValueOrDefault("guest-name") is not { } name
            ? null
            : new ClientRecord
            {
                Server = server,
                GuestUuid = uuid,
                GuestDomid = domid,
                GuestName = name,
                Devid = devid,
                BackendDomid = backend,
                Settings = settings.Where(s => !s_own.Contains(s.Key)).ToDictionary(StringComparer.Ordinal),
            };
    }
}
