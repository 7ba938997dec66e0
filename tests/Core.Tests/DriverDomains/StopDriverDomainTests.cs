using XenDriverDomain.Backends;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Simulation.Domains;

namespace XenDriverDomain.Tests.DriverDomains;

public sealed class StopDriverDomainTests : IAsyncDisposable
{
    private const string Path = "/etc/xen/driver-domains/netdd.cfg";
    private readonly DriverDomainHost _host = new();
    private readonly int _domid;

    public StopDriverDomainTests()
    {
        _domid = _host.Run("netdd", true, "0000:00:10.0");
        _host.Files.Put(
            Path,
            "# XenDriverDomain: bridge=xenbr0\nname = \"netdd\"\nmemory = 384\nkernel = \"/root/vmlinuz\"\ndriver_domain = 1\n"
                + "pci = [ '0000:00:10.0' ]\n");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_asks_the_domain_itself_and_ends_when_it_is_gone_and_its_device_back()
    {
        DriverDomain stopped = await StopAsync(new StopOptions());

        Assert.Equal((null, ReadinessState.NotRunning), (stopped.Domid, stopped.Readiness));
        Assert.Null(_host.Store["/libxl/pci/0000-00-10-0/domid"]);
        Assert.Empty(_host.Store.Dump($"/local/domain/0/backend/pci/{_domid}"));
        Assert.Empty(_host.Commands);
    }

    [Fact]
    public async Task Guests_that_it_serves_are_named_in_the_refusal()
    {
        int guest = _host.Run("fe1");
        _host.Attach(guest, _domid);
        _host.Store[$"/local/domain/{guest}/name"] = "fe\u001b1";
        _host.Store[$"/libxl/{guest}/device/vbd/51712/backend"] = $"/local/domain/{_domid}/backend/vbd/{guest}/51712";

        XenDriverDomainException refused = await Assert.ThrowsAsync<XenDriverDomainException>(() => StopAsync(new StopOptions()));

        Assert.Equal(ErrorIds.DriverDomainHasClients, refused.ErrorId);
        Assert.Contains("fe\\u{1b}1 vif 0", refused.Message, StringComparison.Ordinal);
        Assert.Contains("vbd 51712", refused.Message, StringComparison.Ordinal);
        Assert.Equal(string.Empty, _host.Store[$"/local/domain/{_domid}/control/shutdown"]);
    }

    [Fact]
    public async Task Force_cuts_them_off_and_says_so()
    {
        _host.Attach(_host.Run("fe1"), _domid);

        await StopAsync(new StopOptions { Force = true });

        Assert.Null(_host.Store[$"/local/domain/{_domid}/name"]);
        Assert.Contains(_host.Log.Warnings, w => w.Contains("fe1 vif 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_domain_that_does_not_listen_is_an_error_and_with_force_destroyed()
    {
        _host.Inside(_domid, kernel => kernel.IsDeaf = true);

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(() => StopAsync(new StopOptions()));
        Assert.Equal(ErrorIds.DomainShutdownTimedOut, failed.ErrorId);
        Assert.Contains("still runs", failed.Message, StringComparison.Ordinal);

        await StopAsync(new StopOptions { Force = true });
        Assert.Equal([$"destroy {_domid}"], _host.Commands);
        Assert.Null(_host.Store[$"/local/domain/{_domid}/name"]);
    }

    [Fact]
    public async Task A_domain_that_has_shut_down_and_is_kept_is_cleared_away()
    {
        _host.Kill(_domid);
        int kept = _host.Run("netdd", true, "0000:00:10.0", more: "on_crash = \"preserve\"");
        _host.End(kept, ShutdownReason.Crash);

        await StopAsync(new StopOptions());

        Assert.Equal([$"destroy {kept}"], _host.Commands);
    }

    [Fact]
    public async Task A_destroy_that_leaves_the_domain_is_an_error()
    {
        _host.Inside(_domid, kernel => kernel.IsDeaf = true);
        _host.OnCommand = line =>
            line.StartsWith("destroy", StringComparison.Ordinal) ? DriverDomainHost.Failure(1, "destroy failed") : null;

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(() => StopAsync(new StopOptions { Force = true }));

        Assert.Equal(ErrorIds.DomainDestroyFailed, failed.ErrorId);
    }

    [Fact]
    public async Task An_HVM_domain_that_does_not_listen_to_xenstore_gets_its_power_button_pressed()
    {
        int hvm = _host.Run("hvmdd", true, "0000:00:11.0", "hvm", setUp: kernel => kernel.IsDeaf = true);

        await _host.RunAsync(_host.DriverDomains.PlanStopAsync(DomainRef.Parse("hvmdd"), new StopOptions(), CancellationToken.None));

        Assert.Equal([$"shutdown -F {hvm}"], _host.Commands);
        Assert.Null(_host.Store[$"/local/domain/{hvm}/name"]);
    }

    [Fact]
    public async Task Dom0_is_never_stopped()
    {
        XenDriverDomainException refused = await Assert.ThrowsAsync<XenDriverDomainException>(() => _host.DriverDomains.PlanStopAsync(
            DomainRef.Parse("0"), new StopOptions { Force = true }, CancellationToken.None));

        Assert.Equal(ErrorIds.DomainIsDom0, refused.ErrorId);
    }

    [Fact]
    public async Task Removing_refuses_a_running_domain_and_with_force_stops_it_first()
    {
        XenDriverDomainException refused = await Assert.ThrowsAsync<XenDriverDomainException>(() => RemoveAsync(new StopOptions()));
        Assert.Equal(ErrorIds.DriverDomainRunning, refused.ErrorId);
        Assert.True(_host.Files.Exists(Path));

        Assert.True(await RemoveAsync(new StopOptions { Force = true }));
        Assert.False(_host.Files.Exists(Path));
        Assert.Null(_host.Store[$"/local/domain/{_domid}/name"]);
    }

    [Fact]
    public async Task Restarting_brings_the_vifs_back_with_their_address_bridge_and_number()
    {
        int guest = _host.Run("fe1");
        _host.Attach(guest, _domid, "00:16:3e:00:00:09", devid: 3);

        DriverDomain restarted = await RestartAsync();

        GuestVif vif = Assert.Single(await _host.Vifs.ListAsync(CancellationToken.None));
        Assert.Equal(("fe1", 3, "00:16:3e:00:00:09", "xenbr0"), (vif.Guest, vif.Devid, vif.Mac.ToString(), vif.Bridge));
        Assert.Equal((restarted.Domid, VifStatus.Connected), (vif.BackendDomid, vif.Status));
        Assert.NotEqual(_domid, restarted.Domid);
        Assert.Equal(["fe1 vif 3"], restarted.Client);
    }

    [Fact]
    public async Task A_guest_that_does_not_answer_does_not_keep_the_others_off_the_net()
    {
        (int first, int second) = (_host.Run("fe1"), _host.Run("fe2"));
        _host.Attach(first, _domid, "00:16:3e:00:00:01");
        _host.Attach(second, _domid, "00:16:3e:00:00:02");
        _host.OnCommand = line => line.StartsWith($"network-attach {first} ", StringComparison.Ordinal)
            ? DriverDomainHost.Failure(1, "no such guest")
            : null;

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(RestartAsync);

        Assert.Equal(ErrorIds.DriverDomainClientsNotReconnected, failed.ErrorId);
        Assert.Contains("00:16:3e:00:00:01", failed.Message, StringComparison.Ordinal);
        Assert.Equal(
            [("fe1", VifStatus.CutOff), ("fe2", VifStatus.Connected)],
            (await _host.Vifs.ListAsync(CancellationToken.None)).Select(v => (v.Guest, v.Status)));
    }

    [Fact]
    public async Task A_client_that_cannot_be_reconnected_stops_the_restart()
    {
        int guest = _host.Run("fe1");
        _host.Store[$"/libxl/{guest}/device/vbd/51712/backend"] = $"/local/domain/{_domid}/backend/vbd/{guest}/51712";

        XenDriverDomainException refused = await Assert.ThrowsAsync<XenDriverDomainException>(RestartAsync);

        Assert.Equal(ErrorIds.DriverDomainHasClients, refused.ErrorId);
    }

    [Fact]
    public async Task All_are_listed_by_what_makes_them_driver_domains()
    {
        int backend = _host.Run("plain", words: "role=dd");
        _host.Attach(_host.Run("fe1"), backend);
        _host.Files.Put("/etc/xen/driver-domains/off.cfg", "name = \"off\"\nmemory = 256\nkernel = \"/k\"\npci = [ '0000:00:11.0' ]\n");
        _host.Files.Put("/etc/xen/driver-domains/broken.cfg", "name = \n");

        IReadOnlyList<DriverDomain> found = await _host.DriverDomains.ListAsync(CancellationToken.None);

        Assert.Equal(["netdd", "off", "plain"], found.Select(d => d.Name));
        Assert.Equal(
            [ReadinessState.Unknown, ReadinessState.NotRunning, ReadinessState.Serving], found.Select(d => d.Readiness));
        Assert.Equal(["fe1 vif 0"], found[2].Client);
        Assert.Equal("0000:00:11.0", Assert.Single(found[1].PciDevice).ToString());
    }

    private Task<DriverDomain> StopAsync(StopOptions options) => _host.RunAsync(
        _host.DriverDomains.PlanStopAsync(DomainRef.Parse("netdd"), options, CancellationToken.None));

    private Task<bool> RemoveAsync(StopOptions options) =>
        _host.RunAsync(_host.DriverDomains.PlanRemoveAsync("netdd", options, CancellationToken.None));

    private Task<DriverDomain> RestartAsync() => _host.RunAsync(_host.DriverDomains.PlanRestartAsync(
        DomainRef.Parse("netdd"), new StopOptions(), new StartOptions(), CancellationToken.None));
}
