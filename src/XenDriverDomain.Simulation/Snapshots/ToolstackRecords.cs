using System.Globalization;
using XenDriverDomain.Pci;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>What the recorded xenstore says about functions.</summary>
internal sealed class ToolstackRecords
{
    private readonly IReadOnlyDictionary<string, string> _store;
    private readonly HashSet<int> _live;
    private readonly Dictionary<PciAddress, int> _served = [];

    public ToolstackRecords(HostSnapshot snapshot)
    {
        const string Backends = "/local/domain/0/backend/pci/";
        _store = snapshot.XenStore ?? new Dictionary<string, string>();
        _live = [.. snapshot.Domains.Select(domain => domain.Domid)];
        foreach ((string path, string value) in _store)
        {
            if (path.StartsWith(Backends, StringComparison.Ordinal)
                && path.Split('/')[^1].StartsWith("dev-", StringComparison.Ordinal)
                && PciAddress.TryParse(value, out PciAddress address)
                && Number(path[Backends.Length..].Split('/')[0]) is { } domid && _live.Contains(domid))
            {
                _served[address] = domid;
            }
        }
    }

    /// <summary>The driver that a function had before; null when nobody wrote it down.</summary>
    public string? OriginalDriver(PciAddress address) => new PciRecord
    {
        Address = address,
        DriverPath = Value(address, "pci", "driver_path") ?? Value(address, "pciback", "driver_path"),
    }.DriverName;

    /// <summary>The running domain that has a function; null for none.</summary>
    public int? Owner(PciAddress address) =>
        Number(Value(address, "pci", "domid")) is { } domid && _live.Contains(domid) ? domid
        : _served.TryGetValue(address, out int served) ? served
        : null;

    /// <summary>True when xl has made it assignable: then Xen has it in quarantine. One that was hidden at boot is not.</summary>
    public bool IsKnown(PciAddress address) =>
        _store.ContainsKey($"/libxl/pci/{address.XenStoreKey}") || _store.ContainsKey($"/libxl/pciback/{address.XenStoreKey}");

    private string? Value(PciAddress address, string folder, string key) =>
        _store.GetValueOrDefault($"/libxl/{folder}/{address.XenStoreKey}/{key}");

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
