using XenDriverDomain.Backends;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>The main job on the built-in hosts.</summary>
public sealed class MainJobTests
{
    [Fact]
    public async Task TheWholeJobPassesOnTheLab()
    {
        await using SimulatedHost host = new();
        MainJob job = new(host.Session);
        await job.RunAsync();
        Assert.Equal(0, job.Failed);
        Assert.Equal(13, job.Passed);
        Assert.InRange(job.Acts, 20, 200);
    }

    [Theory]
    [InlineData("lab")]
    [InlineData("default")]
    public async Task NothingIsLeftBehind(string name)
    {
        await using SimulatedHost host = new(name);
        IReadOnlyList<string> before = host.Footprint();

        Assert.Contains(await host.Session.Pci.ListAsync(default), d => d.Address == host.Card && d.State == PciDeviceState.Host);
        await host.StartClientAsync();
        Assert.Equal(PciDeviceState.Assignable, (await host.AddAsync()).State);
        Assert.Equal(ReadinessState.Serving, (await host.NewAsync()).Readiness);
        Assert.Equal(VifStatus.Connected, (await host.ConnectAsync())!.Status);
        await host.WaitForTrafficAsync();
        PciDevice used = await host.Session.Pci.GetAsync(host.Card, default);
        Assert.Equal((PciDeviceState.Assigned, "netdd"), (used.State, used.Domain));

        await host.DisconnectAsync();
        Assert.Empty(await host.VifsAsync());
        await host.StopDriverDomainAsync();
        await host.RemoveDriverDomainAsync();
        Assert.NotEqual("pciback", (await host.GiveBackAsync()).Driver);
        await host.StopClientAsync();
        Assert.Equal(before, host.Footprint());
    }
}
