using XenDriverDomain.Backends;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Topology;

namespace XenDriverDomain.Tests.Topology;

/// <summary>Topologies to look at and to write in every format.</summary>
internal static class SampleTopologies
{
    public const string Hostile = "\"]; <script>alert('x')</script> --> n0 | end\\";

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
        .Vif("db1", 7, 0, "netdd", 3, VifStatus.Waiting, detail: "netdd is ready; db1 has not connected its end (its state is 1).")
        .Vif("vpn", 9, 0, "netdd", 3)
        .Vif("vpn", 9, 1, "dmzdd", 4, bridge: "dmzbr0")
        .Vif(
            "mail", 11, 0, "dmzdd", 4, VifStatus.Failed, "dmzbr1", "dmzdd has no bridge dmzbr1: Could not find bridge device dmzbr1.",
            ErrorIds.VifBridgeNotFound)
        .Vif("build", 8, 0, "Domain-0", 0)
        .Vif(
            "web2", 6, 1, null, 2, VifStatus.Orphaned,
            detail: "Its back-end domain (domid 2) is gone; the guest still holds the front end.")
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
            host.Guest(name, 10 + i)
                .Vif(name, 10 + i, 0, isFirst ? "netdd" : "dmzdd", isFirst ? 1 : 2, status, isFirst ? "xenbr0" : "dmzbr0", detail);
            if (i % 12 == 11)
            {
                host.Vif(name, 10 + i, 1, isFirst ? "dmzdd" : "netdd", isFirst ? 2 : 1, bridge: isFirst ? "dmzbr0" : "xenbr0");
            }
        }

        return host.Topology;
    }
}
