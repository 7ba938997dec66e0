using XenDriverDomain.Backends;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Topology;

namespace XenDriverDomain.Tests.Topology;

/// <summary>Topologies to look at and to write in every format.</summary>
internal static class SampleTopologies
{
    public const string Hostile = "\"]; <script>alert('x')</script> --> n0 | end\\";

    private const string Silent = "Look at the guest's console: it has not booted, or lacks xen-netfront.";

    /// <summary>What a guest, or a file that somebody sends, may have for a name.</summary>
    public static readonly string[] HostileNames =
    [
        "<script>window.ran = 'script'</script>",
        "<img src=x onerror=\"window.ran = 'img'\">",
        "\"onmouseover=\"window.ran = 'attribute'",
        "' onfocus='window.ran = 1' autofocus='",
        "</style><style>body { display: none }</style>",
        "</title></svg></script><script>window.ran = 'end'</script>",
        "<![CDATA[<svg onload=\"window.ran = 'cdata'\">]]> <!-- --!> &lt;b&gt; &#0;",
        "javascript:window.ran=1",
        "\u202egnp.exe\u2066\u200f",
        "\u05d0\u05d1\u05d2 \u0627\u0644\u0639",
        "\0\u001b[31m\a\r\n\t\ud800",
        new string('w', 10_000),
        "Z" + new string('\u0341', 200),
    ];

    /// <summary>The one in the README: something of everything.</summary>
    public static DriverDomainTopology Readme { get; } = new TopologyHost("root@xen1.example.net:22")
        .Device("0000:03:00.0", "82599ES 10-Gigabit SFI/SFP+ Network Connection", domid: 3, domain: "netdd")
        .Device("0000:03:00.1", "82599ES 10-Gigabit SFI/SFP+ Network Connection", domid: 3, domain: "netdd")
        .Device("0000:04:00.0", "I350 Gigabit Network Connection", domid: 4, domain: "dmzdd")
        .Device("0000:04:00.1", "I350 Gigabit Network Connection", PciDeviceState.Assignable)
        .Device("0000:05:00.0", "BCM57416 NetXtreme-E", PciDeviceState.Assignable)
        .Device("0000:00:1f.6", "Ethernet Connection I219-LM", PciDeviceState.Host)
        .DriverDomain("netdd", 3, devices: ["0000:03:00.0", "0000:03:00.1"])
        .DriverDomain("dmzdd", 4, "dmzbr0", devices: "0000:04:00.0")
        .DriverDomain("storage-net", null, "stobr0", devices: "0000:05:00.0")
        .Guest("web1", 5).Guest("web2", 6).Guest("db1", 7).Guest("build", 8).Guest("vpn", 9).Guest("mail", 11)
        .Vif("web1", 5, 0, "netdd", 3)
        .Vif("web2", 6, 0, "netdd", 3)
        .Vif("db1", 7, 0, "netdd", 3, VifStatus.Waiting, detail: "netdd is ready; db1 has not connected its end (its state is 1).",
            error: ErrorIds.VifFrontendSilent, remedy: Silent)
        .Vif("vpn", 9, 0, "netdd", 3)
        .Vif("vpn", 9, 1, "dmzdd", 4, bridge: "dmzbr0")
        .Vif(
            "mail", 11, 0, "dmzdd", 4, VifStatus.Failed, "dmzbr1", "dmzdd has no bridge dmzbr1: Could not find bridge device dmzbr1.",
            ErrorIds.VifBridgeNotFound, "Make the bridge in dmzdd, or connect the vif to one that is there.")
        .Vif("build", 8, 0, "Domain-0", 0)
        .Vif(
            "web2", 6, 1, null, 2, VifStatus.Orphaned,
            detail: "Its back-end domain (domid 2) is gone; the guest still holds the front end.",
            remedy: "Disconnect the vif and connect it to a running driver domain; front ends cannot move by themselves.")
        .Topology;

    /// <summary>A host as most are: two cards, two driver domains, five guests, one of which is not up yet.</summary>
    public static DriverDomainTopology Small { get; } = new TopologyHost("root@xen1.example.net:22")
        .Device("0000:03:00.0", "82599ES 10-Gigabit SFI/SFP+ Network Connection", domid: 1, domain: "netdd")
        .Device("0000:04:00.0", "I350 Gigabit Network Connection", domid: 2, domain: "dmzdd")
        .Device("0000:04:00.1", "I350 Gigabit Network Connection", PciDeviceState.Assignable)
        .DriverDomain("netdd", 1, devices: "0000:03:00.0")
        .DriverDomain("dmzdd", 2, "dmzbr0", devices: "0000:04:00.0")
        .Guest("web1", 3, memory: 2048).Guest("web2", 4, memory: 2048).Guest("db1", 5, memory: 8192).Guest("mail", 6, memory: 1024)
        .Guest("vpn", 7)
        .Vif("web1", 3, 0, "netdd", 1).Vif("web2", 4, 0, "netdd", 1)
        .Vif(
            "db1", 5, 0, "netdd", 1, VifStatus.Waiting, detail: "netdd is ready; db1 has not connected its end (its state is 1).",
            error: ErrorIds.VifFrontendSilent, remedy: Silent)
        .Vif("mail", 6, 0, "dmzdd", 2, bridge: "dmzbr0")
        .Vif("vpn", 7, 0, "netdd", 1).Vif("vpn", 7, 1, "dmzdd", 2, bridge: "dmzbr0")
        .Topology;

    /// <summary>Names that no format must take for more than names.</summary>
    public static DriverDomainTopology WithHostileNames { get; } = new TopologyHost("root@xen\"1]; <b>:22")
        .Device("0000:03:00.0", "<img src=x onerror=alert(1)>&lt;\"", domid: 3, domain: Hostile)
        .DriverDomain(Hostile, 3, "end", devices: "0000:03:00.0")
        .DriverDomain("subgraph", null, "style:#x;y", devices: "0000:09:00.0")
        .Guest("\u001b[31mred\u202egnp\n\0", 5).Guest(new string('w', 4000), 6).Guest("`**md**` &quot; #quot; %% }}", 7).Guest("graph", 8)
        .Guest("客户机客户机客户机客户机客户机客户机", 9).Guest("Z" + new string('\u0341', 200) + "algo", 10)
        .Vif("\u001b[31mred\u202egnp\n\0", 5, 0, Hostile, 3, bridge: "end")
        .Vif(new string('w', 4000), 6, 0, Hostile, 3, VifStatus.Failed, "end", new string('"', 5000) + "</desc><script>")
        .Vif("`**md**` &quot; #quot; %% }}", 7, 0, null, 2, VifStatus.Orphaned, "x\"]", "--> \\")
        .Vif("graph", 8, 0, Hostile, 3, VifStatus.Waiting, "end")
        .Vif("客户机客户机客户机客户机客户机客户机", 9, 0, Hostile, 3, bridge: "end")
        .Vif("Z" + new string('\u0341', 200) + "algo", 10, 0, Hostile, 3, bridge: "end")
        .Topology;

    /// <summary>A topology that nobody has made harmless: its texts are these names wherever it has any.</summary>
    /// <param name="names">The names.</param>
    public static DriverDomainTopology Unshown(IReadOnlyList<string> names)
    {
        TopologyNode Node(string nodeId, TopologyNodeKind kind, string name) => new()
        {
            Dom0 = names[0],
            Id = nodeId,
            Kind = kind,
            Name = name,
            Detail = name,
            Driver = name,
        };
        TopologyLink Link(TopologyNode from, TopologyNode to, TopologyLinkKind kind, string text, int i) => new()
        {
            Dom0 = names[0],
            From = from.Id,
            To = to.Id,
            FromName = from.Name,
            ToName = to.Name,
            Kind = kind,
            Label = text,
            State = (TopologyLinkState)(i % 3),
            Detail = text,
            Remedy = text,
            ErrorId = text,
            Mac = text,
        };
        TopologyNode[] bridges = [.. names.Select(n => Node($"b/{n}", TopologyNodeKind.Bridge, n))];
        TopologyNode[] guests = [.. names.Select(n => Node($"g/{n}", TopologyNodeKind.Guest, n))];
        TopologyNode[] domains = [.. names.Select(n => Node($"d/{n}", TopologyNodeKind.DriverDomain, n))];
        TopologyNode[] devices = [.. names.Select(n => Node($"p/{n}", TopologyNodeKind.Device, n))];

        // And so many that are equal that they are folded.
        TopologyNode[] equal = [.. names.Select((n, i) => Node($"e/{i}", TopologyNodeKind.Guest, n) with { Detail = "same" })];
        return new DriverDomainTopology(
            names[0],
            [.. devices, .. domains, .. bridges, .. guests, .. equal],
            [
                .. names.Select((n, i) => Link(devices[i], domains[i], TopologyLinkKind.Pci, n, i)),
                .. names.Select((n, i) => Link(domains[i], bridges[i], TopologyLinkKind.Bridge, n, i)),
                .. names.Select((n, i) => Link(bridges[i], guests[i], TopologyLinkKind.Vif, n, i)),
                .. equal.Select(g => Link(bridges[0], g, TopologyLinkKind.Vif, "vif 0", 2) with { ErrorId = "same", Detail = g.Name }),
            ]);
    }

    /// <summary>A host with that many guests on two driver domains; every tenth waits, every seventeenth is broken.</summary>
    public static DriverDomainTopology WithGuests(int count)
    {
        TopologyHost host = new();
        host.Device("0000:03:00.0", "82599ES 10-Gigabit SFI/SFP+ Network Connection", domid: 1, domain: "netdd")
            .DriverDomain("netdd", 1, devices: "0000:03:00.0");
        if (count > 1)
        {
            host.Device("0000:04:00.0", "I350 Gigabit Network Connection", domid: 2, domain: "dmzdd")
                .DriverDomain("dmzdd", 2, "dmzbr0", devices: "0000:04:00.0");
        }

        for (int i = 0; i < count; i++)
        {
            bool isFirst = i % 3 != 1;
            VifStatus status = i % 17 == 16 ? VifStatus.Failed : i % 10 == 9 ? VifStatus.Waiting : VifStatus.Connected;
            string name = $"{(isFirst ? "web" : "mail")}{i + 1:00}";
            string detail = status switch
            {
                VifStatus.Failed => $"{name} has closed its end.",
                VifStatus.Waiting => $"{(isFirst ? "netdd" : "dmzdd")} is ready; {name} has not connected its end (its state is 1).",
                _ => string.Empty,
            };
            (string? error, string remedy) = status switch
            {
                VifStatus.Failed =>
                    (ErrorIds.VifClosed, "Bring the interface up in the guest, or disconnect the vif and connect it again."),
                VifStatus.Waiting => (ErrorIds.VifFrontendSilent, Silent),
                _ => (null, string.Empty),
            };
            host.Guest(name, 10 + i, memory: 512 << (i % 4))
                .Vif(
                    name, 10 + i, 0, isFirst ? "netdd" : "dmzdd", isFirst ? 1 : 2, status, isFirst ? "xenbr0" : "dmzbr0", detail, error,
                    remedy);
            if (i % 12 == 11)
            {
                host.Vif(name, 10 + i, 1, isFirst ? "dmzdd" : "netdd", isFirst ? 2 : 1, bridge: isFirst ? "dmzbr0" : "xenbr0");
            }
        }

        return host.Topology;
    }
}
