using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;
using XenDriverDomain.Waiting;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Domains;

/// <summary>
/// The domains of a host. References are resolved from xenstore in two pipelined rounds, since one run of xl takes longer than
/// all of that; only a listing asks xl, too, for the states and for domains that xenstore does not name.
/// </summary>
/// <param name="dom0">The host.</param>
/// <param name="xl">Its xl.</param>
public sealed class DomainDirectory(Dom0 dom0, XlTool xl)
{
    // Names are written by dom0 and short; whatever is longer is not one of ours and not worth carrying.
    private const int MaxNameLength = 256;

    /// <summary>All domains with their states, dom0 included, by domid; runs xl.</summary>
    public async Task<IReadOnlyList<DomainInfo>> ListAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<XlResult> asking = xl.RunAsync(["list"], null, giveUp.Token).AsTask();
        IReadOnlyList<DomainInfo> known;
        try
        {
            known = await ReadAllAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // xl must not outlive this call.
            await giveUp.CancelAsync().ConfigureAwait(false);
            await ((Task)asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        XlResult result = await asking.ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw new XenDriverDomainException(
                ErrorIds.XlCommandFailed,
                ErrorKind.Device,
                $"xl list failed on {dom0.Id} with exit code {result.ExitCode}: {result.Complaint}",
                "Run xl list on dom0 as root and repair what it reports.",
                dom0.Id);
        }

        // The hypervisor says which domains there are; xenstore may hold remains of others.
        Dictionary<int, DomainInfo> byDomid = known.ToDictionary(d => d.Domid);
        return [.. XlListTable.Parse(result.Output).OrderBy(row => row.Domid).Select(row =>
            (byDomid.TryGetValue(row.Domid, out DomainInfo? info) ? info : new DomainInfo(row.Domid, Text.Show(row.Name), null, row.State))
            with
            {
                State = row.State,
                MemoryMB = row.MemoryMB,
                Vcpus = row.Vcpus,
            })];
    }

    /// <summary>
    /// The one domain a reference means now, from xenstore alone: <see cref="DomainInfo.State"/> is
    /// <see cref="DomainState.Unknown"/>, and a domain that is being destroyed is not found any more.
    /// </summary>
    /// <exception cref="Errors.XenDriverDomainException">DomainNotFound or DomainNameAmbiguous.</exception>
    public async Task<DomainInfo> ResolveAsync(DomainRef reference, CancellationToken cancellationToken)
    {
        (DomainInfo? found, string hint) = await FindAsync(reference, cancellationToken).ConfigureAwait(false);
        return found ?? throw new XenDriverDomainException(
            ErrorIds.DomainNotFound,
            ErrorKind.NotFound,
            reference.Domid is { } domid
                ? $"No domain with the domid {domid} runs on {dom0.Id}."
                : $"No domain named '{reference}' runs on {dom0.Id}.",
            hint,
            reference);
    }

    /// <summary>The one domain a reference means now, as <see cref="ResolveAsync"/> finds it, or null when none runs.</summary>
    /// <exception cref="Errors.XenDriverDomainException">DomainNameAmbiguous.</exception>
    public async Task<DomainInfo?> TryResolveAsync(DomainRef reference, CancellationToken cancellationToken) =>
        (await FindAsync(reference, cancellationToken).ConfigureAwait(false)).Found;

    private async Task<(DomainInfo? Found, string Hint)> FindAsync(DomainRef reference, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        if (reference.Domid is { } domid)
        {
            string? name = await ReadNameAsync(store, domid, cancellationToken).ConfigureAwait(false);
            DomainInfo? found = name is not null && await IsThereAsync(store, domid, cancellationToken).ConfigureAwait(false)
                ? await ReadAsync(store, domid, name, cancellationToken).ConfigureAwait(false)
                : null;
            return (found, "A domain gets another domid each time it starts: use its name, or look with xl list.");
        }

        string wanted = reference.Name ?? throw new ArgumentException("An empty reference names no domain.", nameof(reference));
        (int Domid, string Name)[] all = await ReadNamesAsync(store, cancellationToken).ConfigureAwait(false);
        List<(int Domid, string Name)> matches = [];
        foreach ((int Domid, string Name) candidate in all.Where(d => string.Equals(d.Name, wanted, StringComparison.Ordinal)))
        {
            if (await IsThereAsync(store, candidate.Domid, cancellationToken).ConfigureAwait(false))
            {
                matches.Add(candidate);
            }
        }

        return matches.Count switch
        {
            0 => (null, HintFor(wanted, all)),
            1 => (await ReadAsync(store, matches[0].Domid, matches[0].Name, cancellationToken).ConfigureAwait(false), string.Empty),
            _ => throw new XenDriverDomainException(
                ErrorIds.DomainNameAmbiguous,
                ErrorKind.InvalidArgument,
                $"Several domains on {dom0.Id} are named '{reference}': {string.Join(", ", matches.Select(m => $"domid {m.Domid}"))}.",
                "Name the one you mean by its domid, or rename the other with xl rename.",
                reference),
        };
    }

    private async Task<IReadOnlyList<DomainInfo>> ReadAllAsync(CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        (int Domid, string Name)[] names = await ReadNamesAsync(store, cancellationToken).ConfigureAwait(false);
        return await Task.WhenAll(names.Select(d => ReadAsync(store, d.Domid, d.Name, cancellationToken))).ConfigureAwait(false);
    }

    private static async Task<(int Domid, string Name)[]> ReadNamesAsync(IXenStore store, CancellationToken cancellationToken)
    {
        IReadOnlyList<string>? children = await store.TryListAsync(XenPaths.Domains, cancellationToken).ConfigureAwait(false);
        IEnumerable<Task<(int Domid, string? Name)>> reads = XenPaths.Numbers(children, DomainRef.MaxDomid)
            .Select(async domid => (domid, await ReadNameAsync(store, domid, cancellationToken).ConfigureAwait(false)));
        (int Domid, string? Name)[] read = await Task.WhenAll(reads).ConfigureAwait(false);
        return [.. read.Where(d => d.Name is not null).Select(d => (d.Domid, d.Name!)).OrderBy(d => d.Domid)];
    }

    private static async Task<string?> ReadNameAsync(IXenStore store, int domid, CancellationToken cancellationToken)
    {
        string? name = await store.TryReadTextAsync(XenPaths.Name(domid), cancellationToken).ConfigureAwait(false);
        return name is { Length: > MaxNameLength } ? name[..MaxNameLength] : name;
    }

    // A directory that a crashed toolstack left behind still has a name; xenstored knows whether there is a domain to it.
    private static async ValueTask<bool> IsThereAsync(IXenStoreClient store, int domid, CancellationToken cancellationToken) =>
        domid == 0 || await store.IsDomainIntroducedAsync(domid, cancellationToken).ConfigureAwait(false);

    private static async Task<DomainInfo> ReadAsync(IXenStore store, int domid, string name, CancellationToken cancellationToken)
    {
        XenStorePath home = XenPaths.Home(domid);
        (string? vm, string? type, int? memory) = await Together.AllAsync(
            store.TryReadTextAsync(home / "vm", cancellationToken).AsTask(),
            store.TryReadTextAsync(XenPaths.Records(domid) / "type", cancellationToken).AsTask(),
            store.TryReadNumberAsync(home / "memory" / "target", cancellationToken).AsTask()).ConfigureAwait(false);
        return new DomainInfo(domid, Text.Show(name), XenPaths.UuidOf(vm), DomainState.Unknown)
        {
            Type = TypeOf(type),
            MemoryMB = memory / 1024,
        };
    }

    private static DomainType? TypeOf(string? type) => type switch
    {
        "pv" => DomainType.PV,
        "hvm" => DomainType.HVM,
        "pvh" => DomainType.PVH,
        _ => null,
    };

    private static string HintFor(string wanted, (int Domid, string Name)[] all)
    {
        string[] near = [.. all.Select(d => d.Name)
            .Where(name => string.Equals(name, wanted, StringComparison.OrdinalIgnoreCase)).Distinct().Take(3)];
        return near.Length > 0
            ? $"Names are compared exactly, upper and lower case too: there is {string.Join(", ", near.Select(n => $"'{Text.Show(n)}'"))}."
            : NearNames.Hint(wanted, all.Select(d => d.Name))
                + "Look with Get-XenGuest and Get-XenDriverDomain which there are; one that is to run has to be started before.";
    }
}
