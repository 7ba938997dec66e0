using System.Globalization;
using XenDriverDomain.Backends;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Guests;
using XenDriverDomain.Pci;
using XenDriverDomain.Terminal;
using XenDriverDomain.Topology.Rules;

namespace XenDriverDomain.Topology.Reading;

/// <summary>Puts the lists of a host together to a topology. Nothing is asked of the host here.</summary>
internal sealed class TopologyBuilder
{
    private const int LongestName = 128;
    private const int NetworkClass = (int)PciClass.Network;

    private readonly string _dom0;
    private readonly IReadOnlyList<PciDevice> _devices;
    private readonly IReadOnlyList<DriverDomain> _driverDomains;
    private readonly IReadOnlyList<Guest> _guests;
    private readonly IReadOnlyList<GuestVif> _vifs;
    private readonly DateTime? _readAt;
    private readonly HashSet<int> _clients;

    // Those that its vifs are in; the empty name stands for those in none.
    private readonly HashSet<string> _bridgesOfDom0;
    private readonly Dictionary<string, TopologyNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (TopologyNode Server, List<GuestVif> Vifs)> _bridges = new(StringComparer.Ordinal);
    private readonly List<TopologyLink> _links = [];

    private TopologyBuilder(
        string dom0,
        IReadOnlyList<PciDevice> devices,
        IReadOnlyList<DriverDomain> driverDomains,
        IReadOnlyList<Guest> guests,
        IReadOnlyList<GuestVif> vifs,
        DateTime? readAt)
    {
        _dom0 = dom0;
        _devices = devices;
        _driverDomains = driverDomains;
        _guests = guests;
        _vifs = vifs;
        _readAt = readAt;
        _clients = [.. vifs.Select(v => v.GuestDomid)];
        _bridgesOfDom0 = [.. vifs.Where(v => v.BackendDomid == 0).Select(v => v.Bridge ?? string.Empty)];
    }

    /// <summary>Makes the topology of one host.</summary>
    /// <param name="dom0">The id of the host.</param>
    /// <param name="devices">Its PCI functions; shown are those that a domain has or is to get, those that none has but could, and
    /// dom0's network cards where dom0 itself backs interfaces.</param>
    /// <param name="driverDomains">Its driver domains, running and configured.</param>
    /// <param name="guests">Its running domains other than dom0.</param>
    /// <param name="vifs">Their network interfaces.</param>
    /// <param name="readAt">When all that was read, in UTC; null when that is not known.</param>
    public static DriverDomainTopology Build(
        string dom0,
        IReadOnlyList<PciDevice> devices,
        IReadOnlyList<DriverDomain> driverDomains,
        IReadOnlyList<Guest> guests,
        IReadOnlyList<GuestVif> vifs,
        DateTime? readAt = null)
    {
        ArgumentNullException.ThrowIfNull(dom0);
        ArgumentNullException.ThrowIfNull(devices);
        ArgumentNullException.ThrowIfNull(driverDomains);
        ArgumentNullException.ThrowIfNull(guests);
        ArgumentNullException.ThrowIfNull(vifs);
        return new TopologyBuilder(dom0, devices, driverDomains, guests, vifs, readAt).Build();
    }

    private DriverDomainTopology Build()
    {
        foreach (DriverDomain domain in _driverDomains.Where(IsServer))
        {
            AddDriverDomain(domain);
        }

        AddGuests();
        AddVifs();
        AddBridgeLinks();
        AddDevices();
        return new DriverDomainTopology(
            _dom0,
            [.. _nodes.Values.OrderBy(n => n.Kind).ThenBy(n => n.Name, StringComparer.Ordinal).ThenBy(n => n.Domid)],
            [
                .. _links.OrderBy(l => l.Kind).ThenBy(l => l.FromName, StringComparer.Ordinal)
                    .ThenBy(l => l.ToName, StringComparer.Ordinal).ThenBy(l => l.Label, StringComparer.Ordinal),
            ])
        {
            ReadAt = _readAt,
        };
    }

    // A guest that was given a graphics card is a client with a device, not somebody's back end.
    private bool IsServer(DriverDomain domain) =>
        domain.Domid is not { } domid || domain.ConfigPath is not null || domain.Client.Count > 0 || !_clients.Contains(domid);

    private void AddDriverDomain(DriverDomain domain)
    {
        TopologyNode node = Add(new TopologyNode
        {
            Dom0 = _dom0,
            Id = IdOf(domain),
            Kind = TopologyNodeKind.DriverDomain,
            Name = Show(domain.Name),
            Domid = domain.Domid,
            Detail = domain.Domid is null ? "not running" : Join($"domid {domain.Domid}", domain.Type?.ToString(), Word(domain.State)),
            State = domain.State,
            Type = domain.Type,
            MemoryMB = domain.MemoryMB,
            Vcpus = domain.Vcpus,
        });
        if (domain.Bridge is not null)
        {
            AddBridge(node, domain.Bridge);
        }
    }

    private void AddGuests()
    {
        HashSet<int?> servers = [.. _driverDomains.Where(IsServer).Select(d => d.Domid)];
        foreach (Guest guest in _guests.Where(g => g.Domid is not null))
        {
            bool isClient = _clients.Contains(guest.Domid!.Value);
            bool isServer = servers.Contains(guest.Domid);
            if (isClient || !isServer)
            {
                string detail = Join(
                    $"domid {guest.Domid}",
                    guest.Type?.ToString(),
                    Word(guest.State),
                    isServer ? "driver domain" : null,
                    isClient ? null : "no network");
                _ = Add(NodeOf(guest.Domid.Value, guest.Name, detail) with
                {
                    State = guest.State,
                    Type = guest.Type,
                    MemoryMB = guest.MemoryMB,
                    Vcpus = guest.Vcpus,
                });
            }
        }
    }

    private TopologyNode NodeOf(int domid, string name, string detail) => new()
    {
        Dom0 = _dom0,
        Id = $"guest/{domid}",
        Kind = TopologyNodeKind.Guest,
        Name = Show(name),
        Domid = domid,
        Detail = detail,
    };

    private void AddVifs()
    {
        foreach (GuestVif vif in _vifs)
        {
            bool isCutOff = vif.Status == VifStatus.CutOff;
            TopologyNode server = isCutOff ? FormerServerOf(vif) : ServerOf(vif.BackendDomid, vif.Backend);

            // The bridge of a domain that is gone went with it.
            TopologyNode from = server;
            if (vif.Bridge is not null && server.Exists && !isCutOff)
            {
                from = AddBridge(server, vif.Bridge);
                _bridges[from.Id].Vifs.Add(vif);
            }

            TopologyNode guest = _nodes.GetValueOrDefault($"guest/{vif.GuestDomid}")
                ?? Add(NodeOf(vif.GuestDomid, vif.Guest, $"domid {vif.GuestDomid}, gone") with { Exists = false });
            string label = string.Create(CultureInfo.InvariantCulture, $"vif {vif.Devid}");
            Link(from, guest, TopologyLinkKind.Vif, label, VifRule.Judge(vif), vif.Mac?.ToString());
        }
    }

    private void AddBridgeLinks()
    {
        foreach ((string id, (TopologyNode server, List<GuestVif> vifs)) in _bridges)
        {
            Link(server, _nodes[id], TopologyLinkKind.Bridge, "bridge", BridgeRule.Judge(
                vifs, server.Name, server.Domid is not null, StateOf(server), IsConfigured(server)));
        }
    }

    private void AddDevices()
    {
        ILookup<PciAddress, PciDevice> byAddress = _devices.ToLookup(d => d.Address);
        HashSet<(PciAddress Address, int? Domid)> linked = [];
        foreach (DriverDomain domain in _driverDomains)
        {
            TopologyNode owner = _nodes[IsServer(domain) ? IdOf(domain) : $"guest/{domain.Domid}"];
            foreach (PciAddress address in domain.PciDevice.Distinct())
            {
                PciDevice? device = byAddress[address].FirstOrDefault();
                linked.Add((address, domain.Domid));
                Link(AddDevice(address, device), owner, TopologyLinkKind.Pci, "PCI", AssignmentRule.Judge(device, domain));
            }
        }

        foreach (PciDevice device in _devices)
        {
            if (device.State is PciDeviceState.Assigned or PciDeviceState.Stale
                && device.Domid is { } domid && !linked.Contains((device.Address, domid)))
            {
                bool isStale = device.State == PciDeviceState.Stale;
                TopologyNode owner = _nodes.GetValueOrDefault($"guest/{domid}") ?? ServerOf(domid, isStale ? null : device.Domain);
                Link(AddDevice(device.Address, device), owner, TopologyLinkKind.Pci, "PCI", isStale
                    ? AssignmentRule.Stale(device)
                    : StateRule.Judge(StateOf(owner), owner.Name, IsConfigured(owner)));
            }
            else if (device.State == PciDeviceState.Assignable)
            {
                _ = AddDevice(device.Address, device);
            }
            else if (IsCardOfDom0(device) && _nodes.TryGetValue("domain/0", out TopologyNode? dom0))
            {
                Link(AddDevice(device.Address, device), dom0, TopologyLinkKind.Pci, "PCI", LinkVerdict.Healthy);
            }
        }
    }

    // dom0 runs, since it was asked. A domain that no list has is not known to.
    private DomainState? StateOf(TopologyNode domain) => domain.Domid switch
    {
        null => null,
        0 => DomainState.Running,
        { } domid => _driverDomains.FirstOrDefault(d => d.Domid == domid)?.State ?? _guests.FirstOrDefault(g => g.Domid == domid)?.State,
    };

    private bool IsConfigured(TopologyNode domain) =>
        domain.Domid is { } domid && _driverDomains.Any(d => d.Domid == domid && d.ConfigPath is not null);

    // What a domain does is worth a word only when that keeps it from doing anything.
    private static string? Word(DomainState? state) =>
        state is { } known && DomainStop.Of(known, string.Empty) is not null ? $"{known}".ToLowerInvariant() : null;

    // dom0's vifs are fed by the cards in their bridges; where a script without a bridge routes, by any of them.
    private bool IsCardOfDom0(PciDevice device) =>
        device.State == PciDeviceState.Host && device.ClassCode >> 16 == NetworkClass
        && device.UsedBy.Any(use => use.Kind == PciUseKind.Network
            && (_bridgesOfDom0.Contains(string.Empty) || (use.Bridge is { } bridge && _bridgesOfDom0.Contains(bridge))));

    private TopologyNode AddDevice(PciAddress address, PciDevice? device) => Add(new TopologyNode
    {
        Dom0 = _dom0,
        Id = $"pci/{address}",
        Kind = TopologyNodeKind.Device,
        Name = address.ToString(),
        Detail = device switch
        {
            null => "no such function",
            { State: PciDeviceState.Assignable } => Join("assignable", Show(device.DeviceName)),
            _ => Show(device.DeviceName),
        },
        Exists = device is not null,
        Driver = device?.Driver is { } driver ? Show(driver) : null,
    });

    private TopologyNode AddBridge(TopologyNode server, string name)
    {
        TopologyNode bridge = Add(new TopologyNode
        {
            Dom0 = _dom0,
            Id = $"bridge/{server.Id}/{Show(name)}",
            Kind = TopologyNodeKind.Bridge,
            Name = Show(name),
            Detail = $"in {server.Name}",
        });
        _bridges.TryAdd(bridge.Id, (server, []));
        return bridge;
    }

    /// <summary>
    /// The domain that backs an interface or has a device; made when no list has it, since it is dom0, gone or just started.
    /// </summary>
    private TopologyNode ServerOf(int domid, string? name) => _nodes.GetValueOrDefault($"domain/{domid}") ?? Add(new TopologyNode
    {
        Dom0 = _dom0,
        Id = $"domain/{domid}",
        Kind = domid == 0 ? TopologyNodeKind.Dom0 : TopologyNodeKind.DriverDomain,
        Name = name is null ? $"domid {domid}" : Show(name),
        Domid = domid,
        Detail = domid == 0 ? "dom0" : name is null ? "gone" : $"domid {domid}",
        Exists = name is not null,
        State = domid == 0 ? DomainState.Running : null,
    });

    // The driver domain that it is to come back to, under whatever number, or none.
    private TopologyNode FormerServerOf(GuestVif vif) =>
        _driverDomains.FirstOrDefault(d => d.Name == vif.Backend && IsServer(d)) is { } former
            ? _nodes[IdOf(former)]
            : ServerOf(vif.BackendDomid, null);

    private static string IdOf(DriverDomain domain) => domain.Domid is { } domid ? $"domain/{domid}" : $"config/{Show(domain.Name)}";

    private TopologyNode Add(TopologyNode node)
    {
        _nodes.TryAdd(node.Id, node);
        return _nodes[node.Id];
    }

    private void Link(
        TopologyNode from, TopologyNode to, TopologyLinkKind kind, string label, LinkVerdict verdict, string? mac = null) =>
        _links.Add(new TopologyLink
        {
            Dom0 = _dom0,
            From = from.Id,
            To = to.Id,
            FromName = from.Name,
            ToName = to.Name,
            Kind = kind,
            Label = label,
            State = verdict.State,
            Detail = Text.Show(verdict.Detail, 512),
            Remedy = Text.Show(verdict.Remedy, 512),
            ErrorId = verdict.ErrorId,
            Mac = mac,
        });

    private static string Show(string text) => Text.Show(text, LongestName);

    private static string Join(params string?[] parts) => string.Join(", ", parts.Where(p => !string.IsNullOrEmpty(p)));
}
