using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Hide;
using XenDriverDomain.Pci;
using XenDriverDomain.Terminal;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Checks;

/// <summary>Asks a host's kernel, xl and xenstored, all at the same time, what it is and can do.</summary>
/// <param name="dom0">The host.</param>
/// <param name="xl">Its xl.</param>
public sealed class HostInspector(Dom0 dom0, XlTool xl)
{
    private const string NodeName = "/proc/sys/kernel/hostname";
    private const string KernelRelease = "/proc/sys/kernel/osrelease";
    private const string VersionFolder = "/sys/hypervisor/version/";
    private static readonly string[] s_version = [VersionFolder + "major", VersionFolder + "minor", VersionFolder + "extra"];

    // As much as sysfs shows of a parameter.
    private const int HideLimit = 4096;

    // xenstored answers in milliseconds; a Get must not hang on one that does not.
    private static readonly TimeSpan s_storeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Reads the facts; what cannot be found out is null, never an error, except a lost connection.</summary>
    public async Task<HostFacts> InspectAsync(CancellationToken cancellationToken)
    {
        BulkQuery query = new([.. HostSituation.Files, NodeName, KernelRelease, .. s_version], [], HostSituation.Names);
        Task<BulkAnswer> reading = dom0.Files.ReadManyAsync(query, cancellationToken).AsTask();
        Task<Toolstack> asking = AskXlAsync(cancellationToken);
        Task<string?> listing = AskXenStoreAsync(isDomainZero: false, cancellationToken);

        // Not as a tuple: every first cmdlet comes here, and what is asynchronous over value types is left to the just-in-time compiler.
        await Task.WhenAll(reading, asking, listing).ConfigureAwait(false);
        BulkAnswer answer = await reading.ConfigureAwait(false);
        (string? path, XlInfo? info) = await asking.ConfigureAwait(false);
        bool store = await listing.ConfigureAwait(false) is not null;
        HostSituation host = HostSituation.From(answer);
        return new HostFacts
        {
            Dom0 = dom0.Id,
            HostName = Read(answer, NodeName) ?? info?.Host,
            KernelVersion = Read(answer, KernelRelease) ?? info?.KernelRelease,
            XenVersion = VersionOf(answer) ?? info?.XenVersion,
            IsControlDomain = host.IsControlDomain ?? info is not null,
            HasIommu = info is { VirtualizationCapabilities.Count: > 0 } ? info.HasIommu : null,
            HasPciback = host.HasPciback,
            PcibackHide = host.Hide is { } hide ? Text.Show(hide, HideLimit) : null,
            PcibackHideError = host.Hide is null ? null : HideParameter.FindFault(host.Hide)?.ToString(),
            XlPath = path,
            HasXenStore = store,
            FreeMemoryMB = info?.FreeMemoryMB,
            TotalMemoryMB = info?.TotalMemoryMB,
        };
    }

    /// <summary>
    /// Whether the host is known to be a dom0: /proc/xen/capabilities says control_d (drivers/xen/xenfs/super.c), or, where xenfs is not
    /// mounted, xenstore says that this is domain 0. False also where neither can be asked.
    /// </summary>
    public async Task<bool> IsControlDomainAsync(CancellationToken cancellationToken)
    {
        BulkQuery query = new([PciOwners.Capabilities], [], []);
        BulkAnswer answer = await dom0.Files.ReadManyAsync(query, cancellationToken).ConfigureAwait(false);
        return answer.Files.TryGetValue(PciOwners.Capabilities, out string? capabilities)
            ? PciOwners.IsControlling(capabilities)
            : await AskXenStoreAsync(isDomainZero: true, cancellationToken).ConfigureAwait(false) == "0";
    }

    private static string? Read(BulkAnswer answer, string path) =>
        answer.Files.GetValueOrDefault(path)?.Trim() is { Length: > 0 } text ? Text.Show(text) : null;

    // major.minor and an extra part that begins with its own dot or dash: 4, 17, ".7" (drivers/xen/sys-hypervisor.c).
    private static string? VersionOf(BulkAnswer answer) =>
        Read(answer, s_version[0]) is { } major && Read(answer, s_version[1]) is { } minor
            ? $"{major}.{minor}{Read(answer, s_version[2])}"
            : null;

    private static bool IsConnection(XenDriverDomainException error) => error.Kind == ErrorKind.Connection;

    private async Task<Toolstack> AskXlAsync(CancellationToken cancellationToken)
    {
        try
        {
            XlInfo info = await xl.GetInfoAsync(cancellationToken).ConfigureAwait(false);
            return new Toolstack((await xl.FindAsync(cancellationToken).ConfigureAwait(false)).Path, info);
        }
        catch (XenDriverDomainException e) when (!IsConnection(e))
        {
            // No xl, or one that cannot work here: that is one of the facts.
            return new Toolstack(null, null);
        }
    }

    // The id that xenstored gives this domain, or "" for whether it answers at all; null when it does not.
    private async Task<string?> AskXenStoreAsync(bool isDomainZero, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(s_storeTimeout, dom0.Time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            IXenStoreClient store = await dom0.GetXenStoreAsync(both.Token).ConfigureAwait(false);
            if (isDomainZero)
            {
                // Relative, so that it is the domain that asks: /local/domain/0 would be there for any.
                return await store.TryReadTextAsync(XenStorePath.Parse("domid"), both.Token).ConfigureAwait(false);
            }

            await store.TryListAsync(XenStorePath.Root, both.Token).ConfigureAwait(false);
            return "";
        }
        catch (XenDriverDomainException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Where xl is, and what it says of the host; null where it cannot work.</summary>
    private sealed record Toolstack(string? Path, XlInfo? Info);
}
