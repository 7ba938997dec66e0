using System.Diagnostics;
using XenDriverDomain.Assignment;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>What the product makes of each fault: it is named, and the host is as it was before.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("lab", "write:/sys/bus/pci/drivers/pciback/bind:1:EBUSY")]
    [InlineData("lab", "write:/sys/bus/pci/drivers/pciback/new_slot:1:EINVAL")]
    [InlineData("lab", "write:/sys/bus/pci/drivers/e1000e/unbind:1:ENODEV")]
    [InlineData("lab", "xl:pci-assignable-add:1:fail=1 libxl: error: failed to quarantine")]
    [InlineData("default", "write:/sys/bus/pci/drivers/pciback/bind:1:EBUSY")]
    [InlineData("default", "write:/sys/bus/pci/drivers/i40e/unbind:1:EIO")]
    [InlineData("default", "xl:pci-assignable-add:1:fail=1")]
    public async Task AFailureWhileTheCardIsTakenLeavesTheHostAsItWas(string name, string fault)
    {
        await using SimulatedHost host = new(name, fault);
        IReadOnlyList<string> before = host.Footprint();
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => host.AddAsync());
        Assert.NotEmpty(error.Remedy);
        Assert.Equal(before, host.Footprint());

        // The fault was the first occasion; the second try succeeds.
        Assert.Equal(PciDeviceState.Assignable, (await host.AddAsync()).State);
    }

    [Theory]
    [InlineData("lab", "xl:create:1:fail=3 libxl: error: libxl_create.c:1:f: no memory", ErrorIds.DomainCreateFailed)]
    [InlineData("default", "xl:create:1:fail=3", ErrorIds.DomainCreateFailed)]
    [InlineData("lab", "xl:create:1:die", ErrorIds.DomainCreateFailed)]
    [InlineData("default", "xl:create:1:die", ErrorIds.DomainCreateFailed)]
    public async Task AFailureWhileTheDriverDomainIsMadeLeavesTheHostAsItWas(string name, string fault, string errorId)
    {
        await using SimulatedHost host = new(name, fault);
        await host.AddAsync();
        IReadOnlyList<string> before = host.Footprint();
        Assert.Equal(errorId, (await SimulatedHost.ErrorOfAsync(() => host.NewAsync())).ErrorId);
        Assert.Equal(before, host.Footprint());
        Assert.Equal(ReadinessState.Serving, (await host.NewAsync()).Readiness);
    }

    [Theory]
    [InlineData("lab")]
    [InlineData("default")]
    public async Task AHangingXlTimesOutWithoutAnybodyWaiting(string name)
    {
        await using SimulatedHost host = new(name, "xl:create:hang");
        await host.AddAsync();
        IReadOnlyList<string> before = host.Footprint();
        TimeSpan begun = host.Dom0.Time.Elapsed;
        long real = Stopwatch.GetTimestamp();
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => host.NewAsync());
        Assert.Equal(ErrorIds.HostCommandTimedOut, error.ErrorId);
        TimeSpan simulated = host.Dom0.Time.Elapsed - begun;
        Assert.True(simulated >= TimeSpan.FromMinutes(5), $"only {simulated} passed");
        Assert.True(Stopwatch.GetElapsedTime(real) < simulated / 2, "the clock did not skip");
        Assert.Equal(before, host.Footprint());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(700)]
    [InlineData(1500)]
    public async Task AStartThatIsBrokenOffLeavesNoHalfMadeDomain(int milliseconds)
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        IReadOnlyList<string> before = host.Footprint();
        using CancellationTokenSource user = new(TimeSpan.FromMilliseconds(milliseconds), host.Dom0.Time);
        await Assert.ThrowsAnyAsync<Exception>(() => host.NewAsync(cancellationToken: user.Token));
        Assert.True(user.IsCancellationRequested);
        Assert.Equal(before, host.Footprint());
        Assert.Equal(ReadinessState.Serving, (await host.NewAsync()).Readiness);
    }

    [Theory]
    [InlineData("lab", 30)]
    [InlineData("default", 25)]
    public async Task AConnectionThatXenstoredDroppedIsMadeAnew(string name, int requests)
    {
        await using SimulatedHost host = new(name, $"xenstore:drop:{requests}");
        bool lost = false;
        for (int tries = 0; tries < 2; tries++)
        {
            try
            {
                await host.AddAsync();
                await host.GiveBackAsync();
            }
            catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.XenStoreConnectionLost)
            {
                lost = true;
            }
        }

        Assert.True(lost);
        Assert.Equal(PciDeviceState.Assignable, (await host.AddAsync()).State);
    }

    [Theory]
    [InlineData("lab", "0000:00:10.0")]
    [InlineData("default", "0000:01:00.0")]
    public async Task AStaleRecordIsSeenAndRepaired(string name, string address)
    {
        await using SimulatedHost host = new(name, $"stale:{address}:7");
        await host.XlAsync("pci-assignable-add", address);
        Assert.Empty((await host.XlAsync("pci-assignable-list")).StandardOutput);
        PciDevice device = await host.Session.Pci.GetAsync(host.Card, default);
        Assert.Equal((PciDeviceState.Stale, 7), (device.State, device.Domid));
        Assert.Equal(PciDeviceState.Assignable, (await host.AddAsync()).State);
        Assert.Equal(ReadinessState.Serving, (await host.NewAsync()).Readiness);
    }

    [Theory]
    [InlineData("lab")]
    [InlineData("default")]
    public async Task WithoutAnIommuNothingIsTakenFromDom0(string name)
    {
        await using SimulatedHost host = new(name, "no-iommu");
        IReadOnlyList<string> before = host.Footprint();
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => host.AddAsync());
        Assert.Equal(ErrorIds.NoIommu, error.ErrorId);
        Assert.Equal(before, host.Footprint());
        Assert.Equal(
            $"libxl: error: libxl_pci.c:848:libxl__device_pci_assignable_add: failed to quarantine {host.Card}\n",
            (await host.XlAsync("pci-assignable-add", host.Card.ToString())).StandardError);
    }

    [Theory]
    [InlineData("lab")]
    [InlineData("default")]
    public async Task WithoutPcibackBothSaySoAndItCanBeLoaded(string name)
    {
        await using SimulatedHost host = new(name, "no-pciback");
        Assert.Equal(
            "libxl: error: libxl_pci.c:444:libxl_device_pci_assignable_list: Looks like pciback driver not loaded\n",
            (await host.XlAsync("pci-assignable-list")).StandardError);
        Assert.Equal(1, (await host.XlAsync("pci-assignable-add", host.Card.ToString())).ExitCode);
        Assert.Equal(ErrorIds.PcibackNotLoaded, (await SimulatedHost.ErrorOfAsync(() => host.AddAsync())).ErrorId);
        Assert.Equal(PciDeviceState.Assignable, (await host.AddAsync(options: new AddAssignableOptions { LoadDriver = true })).State);
    }
}
