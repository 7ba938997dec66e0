using System.Globalization;
using XenDriverDomain.Assignment;
using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Backends.Connections;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Guests;
using XenDriverDomain.Hosts;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>
/// What the acceptance suite does on a real host, through the services alone: the main job from the card to the traffic and back, and what
/// must be refused on the way.
/// </summary>
internal sealed class MainJob(HostSession host)
{
    private static readonly PciAddress s_card = PciAddress.Parse("00:10.0");
    private readonly SilentReporter _reporter = new();

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    /// <summary>How many acts were carried out, each of them announced.</summary>
    public int Acts { get; private set; }

    public async Task RunAsync()
    {
        await RefusesAsync("the host bridge", "00:00.0", ErrorIds.PciDeviceIsHostBridge);
        await RefusesAsync("a bridge", "00:13.0", ErrorIds.PciDeviceIsBridge);
        await RefusesAsync("the root disk's controller", "00:1f.2", ErrorIds.PciDeviceVitalToDom0);
        await RefusesAsync("the card of the only route", "00:02.0", ErrorIds.PciDeviceVitalToDom0);
        await RefusesAsync("an address that does not exist", "0a:1f.7", ErrorIds.PciDeviceNotFound);

        await StepAsync("the client starts", async () =>
            await RunAsync(await host.HeardBy(_reporter).Guests.PlanStartAsync("/root/client.cfg", new GuestStartOptions(), default)));
        await StepAsync("the card becomes assignable", async () =>
        {
            PciDevice device = await RunAsync(
                await host.HeardBy(_reporter).Assignments.PlanAddAsync(s_card, new AddAssignableOptions(), default));
            Require(device.State == PciDeviceState.Assignable, $"it is {device.State}");
        });
        await StepAsync("the driver domain serves", async () =>
        {
            NewDriverDomainRequest request = new()
            {
                Name = "netdd",
                PciDevice = [s_card],
                MemoryMB = 384,
                Kernel = "/root/vmlinuz",
                Ramdisk = "/root/guest.gz",
                CommandLine = "console=hvc0 role=dd",
                Bridge = "xenbr0",
                Start = new StartOptions(),
            };
            DriverDomain domain = await RunAsync(await host.HeardBy(_reporter).DriverDomains.PlanNewAsync(request, default));
            Require(domain.Readiness == ReadinessState.Serving, $"it is {domain.Readiness}");
        });
        await StepAsync("the guest's packets leave through the card", async () =>
        {
            ConnectVifRequest request = new() { Guest = DomainRef.Parse("fe1"), Backend = DomainRef.Parse("netdd") };
            GuestVif? vif = await RunAsync(await host.HeardBy(_reporter).Vifs.PlanConnectAsync(request, default));
            Require(vif is { Status: VifStatus.Connected }, $"the vif is {vif?.Status}");
            await WaitForTrafficAsync();
        });
        await StepAsync("the guest's vif is taken away", async () =>
        {
            GuestVif vif = (await host.Vifs.ListAsync(default)).Single(v => v.Guest == "fe1");
            await RunAsync(await host.HeardBy(_reporter).Vifs.PlanDisconnectAsync(vif, new DisconnectVifOptions(), default));
            Require(!(await host.Vifs.ListAsync(default)).Any(v => v.Guest == "fe1"), "it is still there");
        });
        await StepAsync("the driver domain stops and goes", async () =>
        {
            await RunAsync(await host.HeardBy(_reporter).DriverDomains.PlanStopAsync(DomainRef.Parse("netdd"), new StopOptions(), default));
            await RunAsync(await host.HeardBy(_reporter).DriverDomains.PlanRemoveAsync("netdd", new StopOptions(), default));
            Require((await host.DriverDomains.ListAsync(default)).Count == 0, "it is still listed");
        });
        await StepAsync("the card is back on e1000e", async () =>
        {
            PciDevice device = await RunAsync(
                await host.HeardBy(_reporter).Assignments.PlanRemoveAsync(s_card, new RemoveAssignableOptions(), default));
            Require(device.Driver == "e1000e", $"its driver is {device.Driver}");
        });
        await StepAsync("the client stops", async () =>
            await RunAsync(await host.HeardBy(_reporter).Guests.PlanStopAsync(
                DomainRef.Parse("fe1"), new StopOptions { Force = true }, default)));
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    private async Task<T> RunAsync<T>(PlannedChange<T> change)
    {
        Told told = new();
        await change.Plan.RunAsync(host.HeardBy(told).Hand, default);
        RequireAnnounced(change.Plan, told);
        return await change.ReadBackAsync(default);
    }

    // What was done is what -WhatIf -Verbose would have said, but for numbers that only xl gives: of this module's own notes, which have
    // them in their paths, where they are made and removed.
    private void RequireAnnounced(ChangePlan plan, Told told)
    {
        string said = Flat(plan.ToShell());
        string begin = $"On {host.Dom0.Id}: ";
        foreach (string act in told.Debugs.Where(d => d.StartsWith(begin, StringComparison.Ordinal)).Select(d => Flat(d[begin.Length..])))
        {
            Acts++;
            string[] words = act.Split(' ');
            string sign = words[0] switch
            {
                "xl" => $"xl {words[1]}",
                "cat" => $"mv -f {words[2]}.new {words[2]}",
                _ => act,
            };
            bool isNote = act.Split('\n').All(line => line.Contains(OwnRecords.Root.ToString(), StringComparison.Ordinal));
            Require(
                isNote
                    ? Places(act).All(place => said.Contains(place, StringComparison.Ordinal))
                    : said.Contains(sign, StringComparison.Ordinal),
                $"'{plan.Title}' did what it had not said: {act}\n{said}");
        }
    }

    // The folders of the nodes that an act is about.
    private static IEnumerable<string> Places(string act) =>
        from line in act.Split('\n')
        from word in line.Split(' ', ';')
        where word.StartsWith(OwnRecords.Root.ToString(), StringComparison.Ordinal)
        select word[..word.LastIndexOf('/')];

    private static string Flat(string shell) => string.Join('\n', shell.Split('\n').Select(line => line.TrimStart('#', ' ')));

    private Task RefusesAsync(string what, string address, string errorId) => StepAsync($"refuses {what}", async () =>
    {
        try
        {
            await host.HeardBy(_reporter).Assignments.PlanAddAsync(PciAddress.Parse(address), new AddAssignableOptions(), default);
        }
        catch (XenDriverDomainException e) when (e.ErrorId == errorId)
        {
            return;
        }

        throw new InvalidOperationException($"it was not refused with {errorId}");
    });

    private async Task WaitForTrafficAsync()
    {
        IXenStoreClient store = await host.Dom0.GetXenStoreAsync(default);
        DomainInfo guest = await host.Domains.ResolveAsync(DomainRef.Parse("fe1"), default);
        XenStorePath node = await store.GetDomainPathAsync(guest.Domid, default) / "data" / "traffic";
        int? first = null;
        object? grown = await store.WaitUntilAsync<object>(
            [node.ToString()],
            async token =>
            {
                string? text = await store.TryReadTextAsync(node, token);
                if (text is null || !text.StartsWith("ok ", StringComparison.Ordinal)
                    || !int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
                {
                    return null;
                }

                first ??= count;
                return count > first ? node : null;
            },
            TimeSpan.FromSeconds(60),
            host.Dom0.Time,
            default);
        Require(grown is not null, "no echo replies within 60 s");
    }

    private async Task StepAsync(string what, Func<Task> work)
    {
        try
        {
            await work();
            Passed++;
            Console.WriteLine($"passed: {what}");
        }
        catch (Exception e) when (e is XenDriverDomainException or InvalidOperationException)
        {
            Failed++;
            Console.WriteLine($"failed: {what}: {e.Message}");
        }
    }
}
