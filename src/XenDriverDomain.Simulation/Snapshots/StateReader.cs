using System.Globalization;
using System.Text;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Snapshots;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>What ran on the recorded host: xenstore as it was, and the domains with the roles that they play.</summary>
internal sealed class StateReader
{
    private const int NetworkClass = 0x02;

    private readonly HostSnapshot _snapshot;
    private readonly IReadOnlyDictionary<string, string> _store;

    private StateReader(HostSnapshot snapshot, IReadOnlyDictionary<string, string> store)
    {
        _snapshot = snapshot;
        _store = store;
    }

    /// <summary>The state; null when xenstore was not recorded, and so nothing is known of any domain.</summary>
    public static HostState? Read(HostSnapshot snapshot)
    {
        if (snapshot.XenStore is not { } store)
        {
            return null;
        }

        StateReader reader = new(snapshot, store);
        return new HostState(
            [.. snapshot.Domains.Where(domain => domain.Domid != 0).Select(reader.Describe)],
            [.. reader.Nodes()]);
    }

    private IEnumerable<StoredNode> Nodes()
    {
        Dictionary<string, IReadOnlyList<XenStorePermission>> permissions = new(StringComparer.Ordinal)
        {
            [string.Empty] = [new XenStorePermission(XenStoreAccess.None, 0)],
        };

        // Parents come first in ordinal order, as a path begins with its parent's.
        foreach ((string path, string value) in _store.OrderBy(node => node.Key, StringComparer.Ordinal))
        {
            string above = path[..path.LastIndexOf('/')];
            IReadOnlyList<XenStorePermission> own =
                _snapshot.XenStorePermissions.TryGetValue(path, out string? text)
                    && StorePermissions.TryParse(text, out IReadOnlyList<XenStorePermission> read)
                    ? read
                    : permissions.GetValueOrDefault(above) ?? permissions[string.Empty];
            permissions[path] = own;
            yield return new StoredNode(path, Encoding.Latin1.GetBytes(value), own);
        }
    }

    private RunningDomain Describe(DomainSnapshot domain)
    {
        string home = $"/local/domain/{domain.Domid}";
        string vm = _store.GetValueOrDefault($"{home}/vm") ?? string.Empty;
        DomainConfiguration configuration = Configuration(domain, vm);
        bool serves = Backends(domain.Domid).Any();
        bool isDriverDomain = serves || configuration.IsDriverDomain || HasNetworkCard(domain.Domid);
        return new RunningDomain(
            domain.Domid,
            Guid.TryParse(vm.Split('/')[^1], out Guid uuid) ? uuid : Guid.Empty,
            domain.MemoryMB,
            Math.Max(1, domain.Vcpus),
            domain.State,
            isDriverDomain,
            configuration with { Bridge = Bridge(domain.Domid) ?? configuration.Bridge });
    }

    // The file of a driver domain says most; of others xenstore knows what matters here.
    private DomainConfiguration Configuration(DomainSnapshot domain, string vm)
    {
        string name = Text($"/local/domain/{domain.Domid}/name") ?? string.Create(CultureInfo.InvariantCulture, $"domain-{domain.Domid}");
        DomainType type = _store.GetValueOrDefault($"/libxl/{domain.Domid}/type") switch
        {
            "hvm" => DomainType.HVM,
            "pvh" => DomainType.PVH,
            _ => DomainType.PV,
        };
        return FromFile(name) is { } file ? file with { Name = name, Type = type } : new DomainConfiguration
        {
            Name = name,
            Type = type,
            MemoryMB = domain.MemoryMB,
            Vcpus = Math.Max(1, domain.Vcpus),
            Kernel = Text($"{vm}/image/kernel"),
            Ramdisk = Text($"{vm}/image/ramdisk"),
            CommandLine = Text($"{vm}/image/cmdline"),
        };
    }

    private DomainConfiguration? FromFile(string name)
    {
        try
        {
            return _snapshot.Files.TryGetValue(DriverDomainFiles.PathOf(name), out FileText text)
                ? DomainConfiguration.FromXlConfig(XlConfigDocument.Parse(Encoding.Latin1.GetBytes(text.Text + "\n")))
                : null;
        }
        catch (XenDriverDomainException)
        {
            return null;
        }
    }

    private IEnumerable<string> Backends(int domid)
    {
        string prefix = $"/local/domain/{domid}/backend/vif/";
        return _store.Keys.Where(
            path => path.StartsWith(prefix, StringComparison.Ordinal) && path.EndsWith("/state", StringComparison.Ordinal))
            .Select(path => path[..path.LastIndexOf('/')]);
    }

    // The bridge that a script has found inside.
    private string? Bridge(int domid) => Backends(domid)
        .Where(path => _store.GetValueOrDefault($"{path}/hotplug-status") == "connected")
        .Select(path => Text($"{path}/bridge")).FirstOrDefault(bridge => bridge is not null);

    private bool HasNetworkCard(int domid)
    {
        string prefix = $"/local/domain/0/backend/pci/{domid}/0/dev-";
        return _store.Any(node => node.Key.StartsWith(prefix, StringComparison.Ordinal)
            && PciAddress.TryParse(node.Value, out PciAddress address)
            && _snapshot.Files.TryGetValue($"{PciQueries.Devices}/{address}/class", out FileText code)
            && code.Text.StartsWith($"0x{NetworkClass:x2}", StringComparison.Ordinal));
    }

    private string? Text(string path) =>
        _store.TryGetValue(path, out string? value) && value.Length > 0 ? Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(value)) : null;
}
