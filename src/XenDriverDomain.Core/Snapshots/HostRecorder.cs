using XenDriverDomain.Access;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.Snapshots.Redaction;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Snapshots;

/// <summary>
/// Records a host through the ports alone, and changes nothing on it. What does not work on the host (xl, xenstored, ip) is
/// missing from the snapshot and named in it; only a lost connection is an error.
/// </summary>
/// <param name="dom0">The host.</param>
/// <param name="xl">Its xl.</param>
/// <param name="here">The files of the machine that this runs on, asked for pci.ids before dom0's are; null when that is dom0
/// itself.</param>
public sealed class HostRecorder(Dom0 dom0, XlTool xl, IDom0Files? here = null)
{
    private static readonly TimeSpan s_ipTimeout = TimeSpan.FromSeconds(20);
    private static readonly string[] s_volatile = ["sharing_freed_memory", "sharing_used_memory", "outstanding_claims", "free_cpus"];

    /// <summary>Records the host as it is now.</summary>
    /// <param name="cancellationToken">Ends the recording.</param>
    public async Task<HostSnapshot> RecordAsync(CancellationToken cancellationToken)
    {
        LeftOutLog leftOut = new();
        Task<StoreRecording?> store = TryAsync("xenstore", leftOut, RecordStoreAsync);
        Task<IReadOnlyList<string>?> addresses = TryAsync("addresses of dom0", leftOut, RecordAddressesAsync);
        Task<IReadOnlyDictionary<string, string>?> info = TryAsync("xl info", leftOut, RecordInfoAsync);
        Task<IReadOnlyList<DomainSnapshot>?> domains = TryAsync("the list of domains", leftOut, RecordDomainsAsync);
        Task<(SortedDictionary<string, FileText> Files, BulkAnswer Answer)> reading =
            new FileRecorder(dom0.Files, leftOut).RecordAsync(cancellationToken);
        Task<IReadOnlyDictionary<string, FileText>> kernel = KernelConfigs.RecordAsync(dom0.Files, leftOut, cancellationToken);
        Task<PciIds> names = new PciIdsSource(dom0.Files, here).GetAsync(cancellationToken);

        // All are awaited even when one fails, so that nothing is left running.
        await Task.WhenAll(store, addresses, info, domains, reading, kernel, names).ConfigureAwait(false);
        (SortedDictionary<string, FileText> files, BulkAnswer answer) = await reading.ConfigureAwait(false);
        foreach ((string path, FileText text) in await kernel.ConfigureAwait(false))
        {
            files[path] = text;
        }

        StoreRecording? nodes = await store.ConfigureAwait(false);
        IReadOnlyList<PciDevice> devices = PciSysfs.Read(dom0.Id, answer, new SilentReporter());
        if (PciIdsExcerpt.Make(await names.ConfigureAwait(false), devices) is { Length: > 0 } excerpt)
        {
            files[PciIdsExcerpt.Path] = new FileText(excerpt);
        }

        return new HostSnapshot
        {
            RecordedAt = new DateTimeOffset(dom0.Time.GetUtcNow().Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero),
            Files = files,
            Links = Sorted(answer.Links),
            Names = [.. SnapshotQueries.NamesOf(answer).Concat(await ImagesAsync(nodes, files, cancellationToken).ConfigureAwait(false))
                .Distinct().Order(StringComparer.Ordinal)],
            Addresses = await addresses.ConfigureAwait(false),
            ModuleAliases = await AliasesAsync(answer, cancellationToken).ConfigureAwait(false),
            XlInfo = await info.ConfigureAwait(false),
            Domains = await domains.ConfigureAwait(false) ?? [],
            XenStore = nodes?.Nodes,
            XenStorePermissions = nodes?.Permissions ?? new Dictionary<string, string>(),
            LeftOut = leftOut.ToList(),
        };

        async Task<T?> TryAsync<T>(string what, LeftOutLog log, Func<LeftOutLog, CancellationToken, Task<T>> record)
            where T : class
        {
            try
            {
                return await record(log, cancellationToken).ConfigureAwait(false);
            }
            catch (XenDriverDomainException e) when (e.Kind != ErrorKind.Connection || e.ErrorId == ErrorIds.XenStoreUnavailable)
            {
                log.Add(what, e.Message);
                return null;
            }
        }
    }

    private static SortedDictionary<string, string> Sorted(IReadOnlyDictionary<string, string> pairs) =>
        new(pairs.ToDictionary(), StringComparer.Ordinal);

    private async Task<StoreRecording> RecordStoreAsync(LeftOutLog leftOut, CancellationToken cancellationToken) =>
        await new StoreRecorder(await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false), leftOut)
            .RecordAsync(cancellationToken).ConfigureAwait(false);

    private async Task<IReadOnlyList<string>> RecordAddressesAsync(LeftOutLog leftOut, CancellationToken cancellationToken)
    {
        CommandResult result = await dom0.Commands.RunAsync(
            new CommandRequest("ip", ["-o", "addr", "show"]) { Timeout = s_ipTimeout }, cancellationToken).ConfigureAwait(false);
        return KernelTables.Addresses(result.StandardOutput);
    }

    private async Task<IReadOnlyDictionary<string, string>> RecordInfoAsync(LeftOutLog leftOut, CancellationToken cancellationToken)
    {
        XlInfo info = await xl.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        return Sorted(info.Values.Where(pair => !s_volatile.Contains(pair.Key)).ToDictionary(
            pair => pair.Key,
            pair => ByteText.Of(pair.Key == "xen_commandline" ? XenCommandLine(pair.Value) : pair.Value)));

        string XenCommandLine(string line)
        {
            (string kept, int count) = HarmlessWords.ReduceInPlace(line, HarmlessWords.Kind.Xen);
            leftOut.Add("words of Xen's command line", "they are not known to be harmless", count);
            return kept;
        }
    }

    private async Task<IReadOnlyList<DomainSnapshot>> RecordDomainsAsync(LeftOutLog leftOut, CancellationToken cancellationToken)
    {
        XlResult result = await xl.RunAsync(["list"], null, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            leftOut.Add("the list of domains", $"xl list failed with exit code {result.ExitCode}");
            return [];
        }

        return
        [
            .. XlListTable.Parse(result.Output).OrderBy(row => row.Domid).Select(row => new DomainSnapshot(
                row.Domid, row.MemoryMB, row.Vcpus, row.State is DomainState.Blocked ? DomainState.Running : row.State)),
        ];
    }

    private async Task<IReadOnlyList<string>> AliasesAsync(BulkAnswer answer, CancellationToken cancellationToken) =>
    [
        .. (await new ModuleAliases(dom0.Commands).FindPatternsAsync(answer, cancellationToken).ConfigureAwait(false))
        .Select(line => ByteText.Of($"alias {line.Pattern} {line.Module}")).Distinct().Order(StringComparer.Ordinal),
    ];

    // A rehearsed start needs the kernel and the initial RAM disk that a configuration names to be there; what is in them does not matter.
    private async Task<IEnumerable<string>> ImagesAsync(
        StoreRecording? store, IReadOnlyDictionary<string, FileText> files, CancellationToken cancellationToken)
    {
        string[] named = GuestImages.Find(store?.Nodes, files);
        return named.Length == 0
            ? []
            : (await dom0.Files.ReadManyAsync(new BulkQuery([], [], named), cancellationToken).ConfigureAwait(false)).Names;
    }
}
