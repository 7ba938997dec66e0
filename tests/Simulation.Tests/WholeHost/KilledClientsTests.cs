using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Errors;
using XenDriverDomain.Guests;
using XenDriverDomain.Hosts;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Network;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>
/// pwsh is killed at every change that a command makes which takes a driver domain's clients away. The same command again, or the start,
/// brings every one back as it was, and nothing that was recorded for that is left.
/// </summary>
public sealed class KilledClientsTests
{
    // More than any of the commands makes; the loops end where nothing is left to be killed at.
    private const int Bound = 60;

    public static TheoryData<string, int, XlAtTheEnd> Kills
    {
        get
        {
            TheoryData<string, int, XlAtTheEnd> all = [];
            foreach (string command in (string[])["restart", "start", "new", "stop", "remove"])
            {
                all.Add(command, 1, XlAtTheEnd.NotBegun);
                all.Add(command, 2, XlAtTheEnd.NotBegun);
                if (command is "restart" or "start" or "new")
                {
                    all.Add(command, 1, XlAtTheEnd.Killed);
                    all.Add(command, 1, XlAtTheEnd.GoesOn);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Kills))]
    public async Task Killed_at_any_change_the_same_command_or_a_start_brings_every_client_back(string command, int clients, XlAtTheEnd xl)
    {
        int kills = 0;
        bool goesOn = true;
        for (int at = 1; goesOn; at++)
        {
            Assert.True(at < Bound, "no end");
            foreach (bool again in (bool[])[true, false])
            {
                await using SimulatedHost host = new();
                IReadOnlyList<GuestVif> before = await ServeAsync(host, clients, command);
                string last;
                await using (KilledSession killed = new(host.Dom0, at, xl))
                {
                    await Assert.ThrowsAnyAsync<Exception>(async () =>
                    {
                        await RunAsync(killed.Session, host, command);
                        throw new InvalidOperationException("it came to its end");
                    });
                    goesOn = killed.IsDead;
                    last = $"{command} killed at change {at} ({killed.Last}), then {(again ? command : "its start")}";
                }

                // What only looks is the same wherever it is killed.
                if (!goesOn || (xl != XlAtTheEnd.NotBegun && !last.Contains("(xl ", StringComparison.Ordinal)))
                {
                    break;
                }

                kills++;
                try
                {
                    if (again)
                    {
                        await RunAgainAsync(host, command);
                    }

                    if (!again || command is "stop" or "remove")
                    {
                        await RunAsync(host.Session, host, command is "remove" or "new" ? "new" : "start");
                    }

                    await CheckAsync(host, before);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"{last}: {e.Message}", e);
                }
            }
        }

        Assert.True(kills > 0);
    }

    private static async Task<IReadOnlyList<GuestVif>> ServeAsync(SimulatedHost host, int clients, string command)
    {
        await host.StartClientAsync();
        await host.AddAsync();
        await host.NewAsync();
        await ConnectAsync(host, new ConnectVifRequest
        {
            Guest = DomainRef.Parse("fe1"),
            Backend = DomainRef.Parse("netdd"),
            Mac = MacAddress.Parse("00:16:3e:00:00:01"),
            Bridge = "xenbr0",
            Devid = 3,
            Mtu = 1400,
            Rate = "10MB/s@20ms",
            VifName = "web",
        });
        if (clients == 2)
        {
            host.Dom0.WriteFile(
                "/root/second.cfg",
                "name = \"fe2\"\nkernel = \"/root/vmlinuz\"\nramdisk = \"/root/guest.gz\"\nmemory = 128\nextra = \"role=client\"\n");
            await host.RunAsync(host.Session.Guests.PlanStartAsync(
                "/root/second.cfg", new GuestStartOptions(), default));
            await ConnectAsync(host, new ConnectVifRequest
            {
                Guest = DomainRef.Parse("fe2"),
                Backend = DomainRef.Parse("netdd"),
                Script = "/etc/xen/scripts/vif-bridge",
            });
        }

        IReadOnlyList<GuestVif> before = await host.VifsAsync();
        Assert.Equal(clients, before.Count);
        switch (command)
        {
            case "start":
                Assert.Equal(0, (await host.XlAsync("destroy", "netdd")).ExitCode);
                break;
            case "new":
                await RunAsync(host.Session, host, "remove");
                break;
        }

        return before;
    }

    private static async Task ConnectAsync(SimulatedHost host, ConnectVifRequest request) =>
        await host.RunAsync(host.Session.Vifs.PlanConnectAsync(request, default));

    // What is so already is refused by some: the goal is reached.
    private static async Task RunAgainAsync(SimulatedHost host, string command)
    {
        try
        {
            await RunAsync(host.Session, host, command);
        }
        catch (XenDriverDomainException e) when (
            (command == "stop" && e.ErrorId == ErrorIds.DomainNotFound)
            || (command == "remove" && e.ErrorId == ErrorIds.DriverDomainConfigNotFound))
        {
        }
    }

    private static async Task RunAsync(HostSession session, SimulatedHost host, string command)
    {
        SilentReporter reporter = new();
        DomainRef netdd = DomainRef.Parse("netdd");
        StopOptions force = new() { Force = true };
        switch (command)
        {
            case "restart":
                await ChangeAsync(session.HeardBy(reporter).DriverDomains.PlanRestartAsync(netdd, force, new StartOptions(), default));
                break;
            case "start":
                await ChangeAsync(session.HeardBy(reporter).DriverDomains.PlanStartAsync("netdd", new StartOptions(), default));
                break;
            case "stop":
                await ChangeAsync(session.HeardBy(reporter).DriverDomains.PlanStopAsync(netdd, force, default));
                break;
            case "remove":
                await ChangeAsync(session.HeardBy(reporter).DriverDomains.PlanRemoveAsync("netdd", force, default));
                break;
            case "new":
                await ChangeAsync(session.HeardBy(reporter).DriverDomains.PlanNewAsync(
                    new NewDriverDomainRequest
                    {
                        Name = "netdd",
                        PciDevice = [host.Card],
                        MemoryMB = 384,
                        Kernel = "/root/vmlinuz",
                        Ramdisk = "/root/guest.gz",
                        CommandLine = "console=hvc0 role=dd",
                        Bridge = "xenbr0",
                        Start = new StartOptions(),
                    },
                    default));
                break;
            default:
                throw new ArgumentException(command, nameof(command));
        }

        async Task ChangeAsync<T>(Task<PlannedChange<T>> planning)
        {
            PlannedChange<T> change = await planning;
            await change.Plan.RunAsync(session.HeardBy(reporter).Hand, default);
        }
    }

    private static async Task CheckAsync(SimulatedHost host, IReadOnlyList<GuestVif> before)
    {
        int domid = (await host.Session.Domains.ResolveAsync(DomainRef.Parse("netdd"), default)).Domid;
        IReadOnlyList<GuestVif> after = await host.VifsAsync();
        Assert.Equal(
            before.Select(v => v with { BackendDomid = domid }).Select(Words),
            after.Select(Words));
        Assert.All(after, vif => Assert.Equal(VifStatus.Connected, vif.Status));
        await host.Session.Dom0.SettleAsync();

        // Which domid it has now is known as long as it runs; all else has served its purpose.
        string root = "/local/domain/0/xendriverdomain";
        Assert.Equal(
            [$"{root}/servers/netdd/{domid}"],
            host.Tree().Select(line => line.Split(" = ")[0])
                .Where(path => path.StartsWith($"{root}/", StringComparison.Ordinal) && path.Count(c => c == '/') > 6));

        static string Words(GuestVif vif) =>
            $"{vif.Guest} {vif.GuestDomid} {vif.Devid} {vif.Mac} {vif.BackendDomid} {vif.Bridge} {vif.Script} {vif.Rate} {vif.Mtu} "
            + $"{vif.VifName}";
    }
}
