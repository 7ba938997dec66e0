using XenDriverDomain.Backends;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Errors;
using XenDriverDomain.Guests;
using XenDriverDomain.Network;
using XenDriverDomain.Pci;
using XenDriverDomain.Topology;
using XenDriverDomain.Topology.Reading;

namespace XenDriverDomain.Tests.Topology;

/// <summary>The lists of a host, filled word by word.</summary>
internal sealed class TopologyHost(string id = "root@xen1:22")
{
    private readonly List<PciDevice> _devices = [];
    private readonly List<DriverDomain> _driverDomains = [];
    private readonly List<Guest> _guests = [];
    private readonly List<GuestVif> _vifs = [];

    public static readonly DateTime ReadAt = new(2026, 11, 30, 6, 40, 12, DateTimeKind.Utc);

    public DriverDomainTopology Topology => TopologyBuilder.Build(id, _devices, _driverDomains, _guests, _vifs, ReadAt);

    public TopologyHost Device(
        string address, string name = "82599ES 10-Gigabit", PciDeviceState state = PciDeviceState.Assigned, int? domid = null,
        string? domain = null)
    {
        _devices.Add(new PciDevice
        {
            Dom0 = id,
            Address = PciAddress.Parse(address),
            DeviceName = name,
            Driver = state == PciDeviceState.Host ? "e1000e" : "pciback",
            ClassCode = 0x020000,
            State = state,
            Domid = domid,
            Domain = domain,
            UsedBy = state == PciDeviceState.Host ? [new PciUse(PciUseKind.Network, "eth0", "in xenbr0", false) { Bridge = "xenbr0" }] : [],
        });
        return this;
    }

    /// <summary>A driver domain with its configuration file; its devices are listed apart.</summary>
    public TopologyHost DriverDomain(
        string name, int? domid, string? bridge = "xenbr0", DomainState? state = null, bool hasFile = true, params string[] devices)
    {
        _driverDomains.Add(new DriverDomain
        {
            Dom0 = id,
            Name = name,
            Domid = domid,
            State = state ?? (domid is null ? null : DomainState.Blocked),
            Type = DomainType.PV,
            MemoryMB = 384,
            Vcpus = 1,
            Bridge = bridge,
            ConfigPath = hasFile ? $"/etc/xen/driver-domains/{name}.cfg" : null,
            PciDevice = [.. devices.Select(PciAddress.Parse)],
        });
        if (domid is not null)
        {
            Guest(name, domid.Value);
        }

        return this;
    }

    public TopologyHost Guest(
        string name, int domid, DomainState state = DomainState.Blocked, DomainType type = DomainType.PVH, int memory = 512)
    {
        _guests.Add(new Guest
        {
            Dom0 = id,
            Name = name,
            Domid = domid,
            State = state,
            Type = type,
            MemoryMB = memory,
            Vcpus = 2,
        });
        return this;
    }

    public TopologyHost Vif(
        string guest,
        int guestDomid,
        int devid,
        string? backend,
        int backendDomid,
        VifStatus status = VifStatus.Connected,
        string? bridge = "xenbr0",
        string detail = "",
        string? error = null,
        string remedy = "Look at it.")
    {
        _vifs.Add(new GuestVif
        {
            Dom0 = id,
            Guest = guest,
            GuestDomid = guestDomid,
            Devid = devid,
            Mac = MacAddress.Parse($"00:16:3e:{guestDomid >> 8:x2}:{guestDomid & 255:x2}:{devid:x2}"),
            Backend = backend,
            BackendDomid = backendDomid,
            Bridge = bridge,
            Status = status,
            Finding = error is null && detail.Length == 0
                ? null
                : new Finding(error ?? ErrorIds.VifBackendGone, FindingSeverity.Error, $"vif {devid} of {guest}", detail, remedy),
        });
        return this;
    }
}
