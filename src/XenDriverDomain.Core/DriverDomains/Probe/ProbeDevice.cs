using System.Globalization;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.DriverDomains.Probe;

/// <summary>
/// A throw-away network device in xenstore: its back end lies where the driver domain's netback and devd look, its front end
/// under a scratch path of dom0's. dom0's own kernel looks only below <c>device/</c>, so no interface appears in dom0 or a guest.
/// </summary>
internal sealed class ProbeDevice
{
    /// <summary>What xl takes when no bridge is named (xl.conf(5), vif.default.bridge).</summary>
    public const string DefaultBridge = "xenbr0";

    /// <summary>The scratch node of all probes.</summary>
    public static readonly XenStorePath Scratch = OwnRecords.Probes;

    // Far above what a toolstack gives a real device (it counts from 0), and random: devd never forgets a device whose
    // records were taken from under it, and would not run the script for one of the same number.
    private const int FirstNumber = 40_000;
    private const int Numbers = 9_999;
    private const string Kind = "vif";

    private ProbeDevice(int domid, int number)
    {
        Domid = domid;
        Number = number;
        Backend = XenPaths.Backend(domid, Kind, 0, number);
        Frontend = Scratch / string.Create(CultureInfo.InvariantCulture, $"{domid}-{number}");
    }

    /// <summary>The driver domain.</summary>
    public int Domid { get; }

    /// <summary>The device's number.</summary>
    public int Number { get; }

    /// <summary>The back end.</summary>
    public XenStorePath Backend { get; }

    /// <summary>The front end.</summary>
    public XenStorePath Frontend { get; }

    /// <summary>
    /// Where the driver domain's kernel writes why a back end failed (xenbus_dev_error, drivers/xen/xenbus/xenbus_client.c).
    /// </summary>
    public XenStorePath KernelError => XenPaths.BackendError(Domid, Kind, 0, Number);

    /// <summary>Puts a new device in.</summary>
    public static async Task<ProbeDevice> CreateAsync(IXenStoreClient store, ProbeSpec spec, CancellationToken cancellationToken)
    {
        ProbeDevice device = new(spec.Domid, FirstNumber + Random.Shared.Next(Numbers));
        await store.TransactAsync(
            async (tree, token) =>
            {
                await device.WriteAsync(tree, spec, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return device;
    }

    /// <summary>The devices that earlier probes of this domain, or of domains that are gone, left behind when they were killed.</summary>
    public static async Task<IReadOnlyList<ProbeDevice>> FindLeftoversAsync(
        IXenStoreClient store, int domid, CancellationToken cancellationToken)
    {
        List<ProbeDevice> found = [];
        foreach (string name in await store.TryListAsync(Scratch, cancellationToken).ConfigureAwait(false) ?? [])
        {
            string[] parts = name.Split('-');
            if (parts.Length == 2
                && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int owner)
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && number is >= FirstNumber and < FirstNumber + Numbers
                && (owner == domid
                    || await store.TryReadAsync(XenPaths.Name(owner), cancellationToken).ConfigureAwait(false) is null))
            {
                found.Add(new ProbeDevice(owner, number));
            }
        }

        return found;
    }

    /// <summary>
    /// Begins to take the device out as a toolstack and a front end would: off line, front end closed. From here on netback lets
    /// go and devd deletes the records by themselves, even when nobody comes back to <see cref="FinishRemovalAsync"/>.
    /// </summary>
    /// <returns>True when netback has the device, so that there is something to wait for.</returns>
    public Task<bool> BeginRemovalAsync(IXenStoreClient store, CancellationToken cancellationToken) => store.TransactAsync(
        async (tree, token) =>
        {
            int state = await tree.TryReadNumberAsync(Backend / "state", token).ConfigureAwait(false) ?? 0;
            if (state is < 2 or > 5)
            {
                return false;
            }

            await tree.WriteTextAsync(Backend / "online", "0", token).ConfigureAwait(false);
            await tree.WriteTextAsync(Frontend / "state", "6", token).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>Waits for netback and devd, and removes what neither of them does within the time.</summary>
    /// <param name="store">The host's xenstore.</param>
    /// <param name="isTaken">What <see cref="BeginRemovalAsync"/> said.</param>
    /// <param name="patience">How long netback and devd may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task FinishRemovalAsync(
        IXenStoreClient store, bool isTaken, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        if (isTaken)
        {
            // Whether devd watches shows in its having run the script; without it nobody deletes the records.
            bool devd = await store.TryReadTextAsync(Backend / "hotplug-status", cancellationToken)
                .ConfigureAwait(false) is { Length: > 0 };
            await store.WaitUntilAsync<object>(
                [Backend.ToString()],
                async token =>
                {
                    string? state = await store.TryReadTextAsync(Backend / "state", token).ConfigureAwait(false);
                    return state is null || (state == "6" && !devd) ? this : null;
                },
                patience,
                time,
                cancellationToken).ConfigureAwait(false);
        }

        await store.TransactAsync(
            async (tree, token) =>
            {
                await RemoveRecordsAsync(tree, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static async Task RemoveIfEmptyAsync(IXenStore tree, XenStorePath path, CancellationToken cancellationToken)
    {
        if (await tree.TryListAsync(path, cancellationToken).ConfigureAwait(false) is { Count: 0 })
        {
            await tree.RemoveAsync(path, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task MakeAsync(
        IXenStore tree, XenStorePath path, XenStorePermission[] permissions, CancellationToken cancellationToken)
    {
        await tree.MakeDirectoryAsync(path, cancellationToken).ConfigureAwait(false);
        await tree.SetPermissionsAsync(path, permissions, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(IXenStore tree, ProbeSpec spec, CancellationToken cancellationToken)
    {
        XenStorePermission[] readableInside = [new(XenStoreAccess.None, 0), new(XenStoreAccess.Read, Domid)];
        XenStorePermission[] ownedInside = [new(XenStoreAccess.None, Domid), new(XenStoreAccess.Read, 0)];
        await MakeAsync(tree, Frontend, readableInside, cancellationToken).ConfigureAwait(false);
        await tree.WriteTextAsync(Frontend / "backend", Backend.ToString(), cancellationToken).ConfigureAwait(false);
        await tree.WriteTextAsync(Frontend / "backend-id", Domid.ToString(CultureInfo.InvariantCulture), cancellationToken)
            .ConfigureAwait(false);
        await tree.WriteTextAsync(Frontend / "state", "1", cancellationToken).ConfigureAwait(false);

        // Every node down to the device must be readable inside before its children appear, or netback's look at them fails
        // with -13. Nodes that are there already are the toolstack's and stay as they are.
        XenStorePath above = XenPaths.Home(Domid);
        foreach (string part in (string[])["backend", Kind, "0"])
        {
            above /= part;
            if (await tree.TryReadAsync(above, cancellationToken).ConfigureAwait(false) is null)
            {
                await MakeAsync(tree, above, readableInside, cancellationToken).ConfigureAwait(false);
            }
        }

        await MakeAsync(tree, Backend, ownedInside, cancellationToken).ConfigureAwait(false);
        string number = Number.ToString(CultureInfo.InvariantCulture);
        foreach ((string key, string value) in ((string, string)[])
        [
            ("frontend", Frontend.ToString()),
            ("frontend-id", "0"),
            ("online", "1"),
            ("script", spec.Script),
            ("mac", "00:16:3e:ff:ff:fe"),
            ("bridge", spec.Bridge ?? DefaultBridge),
            ("handle", number),
            ("type", "vif"),
            ("hotplug-status", string.Empty),
            ("state", "1"),
        ])
        {
            await tree.WriteTextAsync(Backend / key, value, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RemoveRecordsAsync(IXenStore tree, CancellationToken cancellationToken)
    {
        if (await tree.TryReadAsync(Backend, cancellationToken).ConfigureAwait(false) is not null)
        {
            await tree.RemoveAsync(Backend, cancellationToken).ConfigureAwait(false);
        }

        if (await tree.TryReadAsync(KernelError, cancellationToken).ConfigureAwait(false) is not null)
        {
            await tree.RemoveAsync(KernelError, cancellationToken).ConfigureAwait(false);
        }

        await RemoveIfEmptyAsync(tree, XenPaths.Backends(Domid, Kind) / 0, cancellationToken).ConfigureAwait(false);
        if (await tree.TryReadAsync(Frontend, cancellationToken).ConfigureAwait(false) is not null)
        {
            await tree.RemoveAsync(Frontend, cancellationToken).ConfigureAwait(false);
        }

        await RemoveIfEmptyAsync(tree, Scratch, cancellationToken).ConfigureAwait(false);
        await RemoveIfEmptyAsync(tree, Scratch.Parent!.Value, cancellationToken).ConfigureAwait(false);
    }
}
