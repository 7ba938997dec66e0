using XenDriverDomain.Access;
using XenDriverDomain.Backends;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Guests;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>Driver domains that restart, die, or lack something.</summary>
public sealed class LifeCycleTests
{
    [Theory]
    [InlineData("lab")]
    [InlineData("default")]
    public async Task AClientSurvivesTheRestartOfItsDriverDomain(string name)
    {
        await using SimulatedHost host = new(name);
        await host.ServeAsync();
        int before = Assert.Single(await host.VifsAsync()).BackendDomid;
        await host.RestartAsync();
        GuestVif vif = Assert.Single(await host.VifsAsync());
        Assert.Equal(VifStatus.Connected, vif.Status);
        Assert.NotEqual(before, vif.BackendDomid);
        await host.WaitForTrafficAsync();
    }

    [Fact]
    public async Task AClientIsNotStartedOnADriverDomainThatDoesNotServe()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        host.Dom0.WriteFile(
            "/root/dd.cfg",
            "name = \"netdd\"\nkernel = \"/root/vmlinuz\"\nextra = \"role=dd devd=0\"\nmemory = 128\ndriver_domain = 1\n"
                + "pci = [ \"00:10.0\" ]\n");
        host.Dom0.WriteFile(
            "/root/web.cfg", "name = \"web\"\nkernel = \"/root/vmlinuz\"\nmemory = 128\nvif = [ \"backend=netdd,bridge=xenbr0\" ]\n");
        Assert.Equal(0, (await host.XlAsync("create", "/root/dd.cfg")).ExitCode);

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(() => StartAsync(new GuestStartOptions()));
        Assert.Equal(ErrorIds.DriverDomainNoDevd, failed.ErrorId);
        Assert.Contains("-NoWait starts the guest all the same", failed.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(await host.Session.Guests.ListAsync(default), guest => guest.Name == "web");

        Assert.Equal("web", (await StartAsync(new GuestStartOptions { NoWait = true })).Name);

        Task<Guest> StartAsync(GuestStartOptions options) =>
            host.RunAsync(host.Session.Guests.PlanStartAsync("/root/web.cfg", options, default));
    }

    [Theory]
    [InlineData("lab")]
    [InlineData("default")]
    public async Task AVifWhoseBackEndWasDestroyedIsAnOrphanAndCanBeConnectedAnew(string name)
    {
        await using SimulatedHost host = new(name);
        await host.ServeAsync();
        Assert.Equal(0, (await host.XlAsync("destroy", "netdd")).ExitCode);
        GuestVif orphan = Assert.Single(await host.VifsAsync());
        Assert.Equal(VifStatus.Orphaned, orphan.Status);

        // xl itself goes on showing a connected front end.
        Assert.Matches(" +0 +4 +-1 ", (await host.XlAsync("network-list", "fe1")).StandardOutput);

        await host.DisconnectAsync();
        Assert.Empty(await host.VifsAsync());
        await host.StartAsync();
        await host.ConnectAsync();
        await host.WaitForTrafficAsync();
    }

    [Fact]
    public async Task WithoutItsDriverDomainAClientHasNoTraffic()
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();
        string node = $"/local/domain/{(await host.XlAsync("domid", "fe1")).StandardOutput.Trim()}/data/traffic";
        Assert.StartsWith("ok ", host.Dom0.Store.Read(0, node), StringComparison.Ordinal);
        await host.XlAsync("destroy", "netdd");
        await Task.Delay(TimeSpan.FromSeconds(2), host.Dom0.Time);
        Assert.Equal("none", host.Dom0.Store.Read(0, node));
    }

    [Theory]
    [InlineData("lab", "devd=0", ErrorIds.DriverDomainNoDevd)]
    [InlineData("lab", "netback=0", ErrorIds.DriverDomainNoBackendDriver)]
    [InlineData("lab", "bridge=other0", ErrorIds.DriverDomainNoBridge)]
    [InlineData("default", "devd=0", ErrorIds.DriverDomainNoDevd)]
    [InlineData("default", "netback=0", ErrorIds.DriverDomainNoBackendDriver)]
    [InlineData("default", "bridge=other0", ErrorIds.DriverDomainNoBridge)]
    public async Task ADriverDomainThatLacksSomethingIsFoundOutAndUndone(string name, string word, string errorId)
    {
        await using SimulatedHost host = new(name);
        await host.AddAsync();
        IReadOnlyList<string> before = host.Footprint();
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(
            () => host.NewAsync($"console=hvc0 role=dd {word}", TimeSpan.FromSeconds(40)));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal(before, host.Footprint());
        Assert.Empty(await host.Session.DriverDomains.ListAsync(default));
    }

    [Fact]
    public async Task ABridgeThatTheDriverDomainLacksIsReportedAndTheVifTakenBack()
    {
        await using SimulatedHost host = new();
        await host.StartClientAsync();
        await host.AddAsync();
        await host.NewAsync();
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => host.ConnectAsync("nobridge"));
        Assert.Equal(ErrorIds.VifBridgeNotFound, error.ErrorId);
        Assert.Empty(await host.VifsAsync());
    }

    [Fact]
    public async Task ADriverDomainWithAClientDoesNotStop()
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();
        Assert.Equal(
            ErrorIds.DriverDomainHasClients, (await SimulatedHost.ErrorOfAsync(host.StopDriverDomainAsync)).ErrorId);
        Assert.Equal(
            ErrorIds.PciDeviceInUseByDomain, (await SimulatedHost.ErrorOfAsync(() => host.GiveBackAsync())).ErrorId);
        await host.WaitForTrafficAsync();
    }

    [Fact]
    public async Task ADomainThatReboots_ComesBackUnderAnotherNumber()
    {
        await using SimulatedHost host = new();
        await host.StartClientAsync();
        int before = (await host.Session.Domains.ResolveAsync(DomainRef.Parse("fe1"), default)).Domid;
        CommandResult reboot = await host.XlAsync("reboot", "-w", "fe1");
        Assert.Contains($"Domain {before} has been shut down, reason code 1", reboot.StandardError, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(10), host.Dom0.Time);
        Assert.True((await host.Session.Domains.ResolveAsync(DomainRef.Parse("fe1"), default)).Domid > before);
    }

    [Fact]
    public async Task ADom0BackendServesOnItsOwnBridge()
    {
        await using SimulatedHost host = new("default");
        await host.StartClientAsync();
        CommandResult attached = await host.XlAsync("network-attach", "fe1", "bridge=xenbr0");
        Assert.Equal(0, attached.ExitCode);
        await host.WaitForTrafficAsync();
        Assert.Equal(0, (await host.XlAsync("network-detach", "fe1", "0")).ExitCode);

        CommandResult missing = await host.XlAsync("network-attach", "fe1", "bridge=nobridge");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("script: Could not find bridge device nobridge", missing.StandardError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00:02.0", ErrorIds.PciDeviceVitalToDom0)]
    [InlineData("00:1f.2", ErrorIds.PciDeviceVitalToDom0)]
    [InlineData("00:00.0", ErrorIds.PciDeviceIsHostBridge)]
    [InlineData("00:13.0", ErrorIds.PciDeviceIsBridge)]
    [InlineData("0a:1f.7", ErrorIds.PciDeviceNotFound)]
    public async Task WhatDom0CannotSpareIsRefusedAndNotTouched(string address, string errorId)
    {
        await using SimulatedHost host = new();
        IReadOnlyList<string> before = host.Footprint();
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => host.AddAsync(PciAddress.Parse(address)));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal(before, host.Footprint());
    }

    [Theory]
    [InlineData("00:1f.6")]
    [InlineData("02:00.0")]
    public async Task OnTheDefaultHostNicOfTheRouteAndRootDiskAreRefused(string address)
    {
        await using SimulatedHost host = new("default");
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => host.AddAsync(PciAddress.Parse(address)));
        Assert.Equal(ErrorIds.PciDeviceVitalToDom0, error.ErrorId);
    }
}
