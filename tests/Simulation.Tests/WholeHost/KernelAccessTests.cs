using XenDriverDomain.Access;
using XenDriverDomain.Assignment;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Kernels;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Snapshots;
using XenDriverDomain.Topology.Reading;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>The kernel and xenstore are touched only where the list says so, and docs/security.md has the same list.</summary>
public class KernelAccessTests
{
    [Theory]
    [InlineData("lab")]
    [InlineData("default")]
    public async Task Nothing_is_touched_that_is_not_on_the_list(string name)
    {
        RecordingPorts? ports = null;
        await using (SimulatedHost host = new(
            name == "lab" ? LabHost.Create() : DefaultHost.Create(), dom0 => (ports = new RecordingPorts(dom0)).Wrap()))
        {
            await WorkAsync(host);
        }

        Assert.Empty(NotAllowed(ports!));
        Assert.DoesNotContain(ports!.Nodes, one => !KernelAccess.AllowsNode(one.Path, one.Use));

        // What the test would miss if a service were left out.
        Assert.Contains((KernelAccess.Quirks, KernelUse.Write), ports.Paths);
        Assert.DoesNotContain((KernelAccess.Quirks, KernelUse.Read), ports.Paths);
        Assert.Contains(("/sys/bus/pci/drivers/pciback/allow_interrupt_control", KernelUse.Read), ports.Paths);
        Assert.True(ports.Paths.Count() > 60);
    }

    [Theory]
    [InlineData("write:/sys/bus/pci/drivers/e1000e/bind:1:EBUSY")]
    [InlineData("write:/sys/bus/pci/drivers/pciback/quirks:1:EINVAL")]
    [InlineData("xl:pci-assignable-add::fail=1")]
    public async Task Undoing_touches_nothing_else_either(string fault)
    {
        RecordingPorts? ports = null;
        await using (SimulatedHost host = new(LabHost.Create(), dom0 => (ports = new RecordingPorts(dom0)).Wrap(), fault))
        {
            await SetAsync(host, "permissive 8086:10d3", "quirk 8086:10d3 78:4:0");
            await TryAsync(() => host.AddAsync());
            await TryAsync(() => host.AddAsync());
            await TryAsync(() => host.GiveBackAsync());
            await TryAsync(() => host.GiveBackAsync());
        }

        Assert.Empty(NotAllowed(ports!));
    }

    [Fact]
    public async Task Only_the_one_who_asks_for_the_kernels_own_list_reads_it()
    {
        RecordingPorts? ports = null;
        await using SimulatedHost host = new(LabHost.Create(), dom0 => (ports = new RecordingPorts(dom0)).Wrap());
        await host.AddAsync();
        Assert.NotEmpty(await host.Session.Quirks.ListFromKernelAsync(default));
        Assert.Equal([(KernelAccess.FromKernel.Pattern, KernelAccess.FromKernel.Use)], NotAllowed(ports!));
    }

    // R1: each order of giving back several equal cards, with a look at everything between.
    [Theory]
    [InlineData("00:10.0", "01:00.0", "00:15.0", "00:15.1")]
    [InlineData("00:15.1", "00:15.0", "01:00.0", "00:10.0")]
    [InlineData("01:00.0", "00:10.0", "00:15.1", "00:15.0")]
    [InlineData("00:15.0", "00:10.0", "00:15.1", "01:00.0")]
    public async Task Equal_cards_come_and_go_in_any_order_and_dom0_lives(params string[] order)
    {
        await using SimulatedHost host = new();
        PciAddress[] cards = [.. order.Select(PciAddress.Parse)];
        await SetAsync(host, "quirk 8086:10d3 78:4:0");
        foreach (PciAddress card in cards.Order())
        {
            await host.AddAsync(card);
            await LookAsync(host);
        }

        foreach (PciAddress card in cards)
        {
            await host.RunAsync(host.Session.Quirks.PlanAddAsync(card, PciConfigField.Parse("7c:2:0"), default));
            await host.GiveBackAsync(card);
            await LookAsync(host);
        }

        Assert.False(host.Dom0.Machine.HasCrashed);

        // The same orders do leave what is not to be read.
        XenDriverDomainException error = await Assert.ThrowsAnyAsync<XenDriverDomainException>(async () =>
        {
            await host.AddAsync(cards[^1]);
            await host.AddAsync(cards[0]);
            await host.GiveBackAsync(cards[0]);
            await host.Session.Quirks.ListFromKernelAsync(default);
        });
        Assert.Equal(ErrorIds.ConnectionLost, error.ErrorId);
        Assert.True(host.Dom0.Machine.HasCrashed);
        Assert.Equal(ErrorIds.ConnectionLost, (await Assert.ThrowsAnyAsync<XenDriverDomainException>(() => host.XlAsync("info"))).ErrorId);
        Assert.Equal(
            ErrorKind.Connection, (await Assert.ThrowsAnyAsync<XenDriverDomainException>(() => host.Session.Pci.ListAsync(default))).Kind);
    }

    [Fact]
    public void The_list_and_the_administrators_table_say_the_same()
    {
        string[][] rows =
        [
            .. File.ReadLines(Path.Combine(Root(), "docs", "security.md")).Where(line => line.StartsWith("| `/", StringComparison.Ordinal))
                .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]),
        ];
        Assert.Equal(
            [
                .. KernelAccess.Paths.Append(KernelAccess.FromKernel)
                    .Select(one => $"{one.Pattern}: {Words(one.Use)}: {Words(one.Danger)}"),
                .. KernelAccess.Store.Select(one => $"{one.Root}: {Words(one.Use)}"),
            ],
            rows.Select(row => row[0].Trim('`') + ": " + string.Join(": ", row[1..].Take(row.Length > 3 ? 2 : 1))),
            StringComparer.Ordinal);
        Assert.All(rows, row => Assert.All(row, cell => Assert.NotEmpty(cell)));
    }

    [Theory]
    [InlineData("/sys/bus/pci/devices/0000:00:10.0/config")]
    [InlineData("/sys/bus/pci/devices/0000:00:10.0/vpd")]
    [InlineData("/sys/bus/pci/devices/0000:00:10.0/rom")]
    [InlineData("/sys/bus/pci/devices/0000:00:10.0/resource0")]
    [InlineData("/sys/bus/pci/devices/0000:00:10.0/remove")]
    [InlineData("/sys/bus/pci/rescan")]
    [InlineData("/sys/bus/pci/drivers/pciback/irq_handler_state")]
    [InlineData("/sys/bus/pci/drivers/pciback/quirks")]
    [InlineData("/proc/kcore")]
    public void What_reaches_hardware_or_crashes_is_not_on_it(string path) => Assert.False(KernelAccess.Allows(path, KernelUse.Read));

    [Theory]
    [InlineData("/sys/bus/pci/devices/0000:00:10.0/reset", KernelUse.Write)]
    [InlineData("/sys/bus/pci/drivers/pciback/slots", KernelUse.Write)]
    [InlineData("/proc/sys/kernel/hostname", KernelUse.Write)]
    public void What_may_be_looked_at_may_not_be_written(string path, object use)
    {
        Assert.True(KernelAccess.Allows(path, KernelUse.Look));
        Assert.False(KernelAccess.Allows(path, (KernelUse)use));
    }

    private static (string Path, KernelUse Use)[] NotAllowed(RecordingPorts ports) =>
        [.. ports.Paths.Where(one => !KernelAccess.Allows(one.Path, one.Use))];

    // Every service of the session, and each operation of it.
    private static async Task WorkAsync(SimulatedHost host)
    {
        await LookAsync(host);
        await SetAsync(host, "permissive 8086:100e", $"quirk {host.Card} 78:4:0");
        await host.StartClientAsync();
        await host.AddAsync(options: new AddAssignableOptions { Name = "card", Permissive = true });
        await host.RunAsync(host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("7c:2:0"), default));
        await host.NewAsync();
        await host.ConnectAsync();
        await host.WaitForTrafficAsync();
        await LookAsync(host);
        await host.RestartAsync();
        await host.DisconnectAsync();
        await host.StopDriverDomainAsync();
        await host.StartAsync();
        DomainInfo server = await host.Session.Domains.ResolveAsync(DomainRef.Parse("netdd"), default);
        await host.Session.DriverDomains.ProbeAsync(server, "xenbr0", TimeSpan.FromSeconds(30), default);
        await host.StopDriverDomainAsync();
        await host.RemoveDriverDomainAsync();
        await host.StopClientAsync();
        await host.GiveBackAsync();
        await host.RunAsync(host.Session.AtBoot.PlanAddAsync([host.Card], new AtBootOptions(), default));
        await LookAsync(host);
        await host.RunAsync(host.Session.AtBoot.PlanRemoveAsync([host.Card], new AtBootOptions(), default));
        await SetAsync(host);
    }

    private static async Task LookAsync(SimulatedHost host)
    {
        await host.Session.Pci.ListAsync(default);
        await host.Session.Pci.ListBrieflyAsync(default);
        await host.Session.Pci.LookAsync(["sda", "/dev/disk/by-id/*"], default);
        await host.Session.Pci.ListNamesAsync([], default);
        await host.Session.Footprint.ListAsync(string.Empty, default);
        await host.Session.Policies.GetAsync(default);
        await host.Session.Quirks.ListAsync(default);
        await host.Session.AtBoot.ListAsync(new AtBootOptions(), default);
        await host.Session.DriverDomains.ListAsync(default);
        await host.Session.Guests.ListAsync(default);
        await host.Session.Vifs.ListAsync(default);
        await host.Session.Vifs.ListBridgesAsync(default);
        await host.Session.Domains.ListAsync(default);
        await host.Session.Inspector.InspectAsync(default);
        await host.Session.Kernels.TestAsync(null, [KernelRole.Dom0], default);
        await TopologyReader.ReadAsync(host.Session, default);
        HostSnapshot snapshot = await host.Session.Recorder.RecordAsync(default);
        Assert.DoesNotContain(KernelAccess.Quirks, snapshot.Files.Keys);
    }

    private static Task<IReadOnlyList<PciPolicyEntry>> SetAsync(SimulatedHost host, params string[] rules) =>
        host.RunAsync(host.Session.Policies.PlanSetAsync([.. rules.Select(PciPolicyRule.Parse)], default));

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (XenDriverDomainException)
        {
            // That it fails is what makes it undo.
        }
    }

    private static string Words(KernelUse use) => string.Join(
        ", ",
        new[] { (KernelUse.Look, "looked at"), (KernelUse.Read, "read"), (KernelUse.Write, "written") }
            .Where(one => use.HasFlag(one.Item1)).Select(one => one.Item2));

    private static string Words(KernelDanger danger) => danger switch
    {
        KernelDanger.Waits => "can wait",
        KernelDanger.Changes => "changes the device",
        KernelDanger.Crashes => "can crash",
        _ => "nothing",
    };

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DriverDomain.sln")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }
}
