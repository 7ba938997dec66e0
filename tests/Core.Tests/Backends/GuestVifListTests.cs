using XenDriverDomain.Access;
using XenDriverDomain.Backends;
using XenDriverDomain.Errors;
using XenDriverDomain.Tests.DriverDomains;

namespace XenDriverDomain.Tests.Backends;

public sealed class GuestVifListTests : IAsyncDisposable
{
    private readonly DriverDomainHost _host = new();
    private readonly int _backend;
    private readonly int _guest;

    public GuestVifListTests()
    {
        _backend = _host.Run("netdd", true, "0000:00:10.0", words: "netback=0 devd=0");
        _guest = _host.Run("fe1", words: "role=none");
        _host.PutVif(_guest, 0, _backend);
    }

    private string Back => $"/local/domain/{_backend}/backend/vif/{_guest}/0";

    private string Front => $"/local/domain/{_guest}/device/vif/0";

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("1", "1", "", null, VifStatus.Waiting, "back-end driver")]
    [InlineData("2", "4", "", null, VifStatus.Waiting, "xl devd")]
    [InlineData("2", "1", "connected", null, VifStatus.Waiting, "fe1 has not connected")]
    [InlineData("2", "4", "error", "Could not find bridge device xenbr0", VifStatus.Failed, "no bridge xenbr0")]
    [InlineData("2", "4", "busy", null, VifStatus.Failed, "busy")]
    [InlineData("4", "4", "connected", null, VifStatus.Connected, "")]
    [InlineData("6", "4", "connected", null, VifStatus.Failed, "closed")]
    [InlineData("2", "6", "connected", null, VifStatus.Failed, "closed its end")]
    public async Task Both_ends_and_the_script_make_the_finding(
        string back, string front, string hotplug, string? error, VifStatus status, string said)
    {
        _host.Store[$"{Back}/state"] = back;
        _host.Store[$"{Front}/state"] = front;
        _host.Store[$"{Back}/hotplug-status"] = hotplug;
        _host.Store[$"{Back}/hotplug-error"] = error;

        GuestVif vif = await OnlyAsync();

        Assert.Equal(status, vif.Status);
        Assert.Contains(said, vif.Detail, StringComparison.Ordinal);
        Assert.Equal(said.Length == 0, vif.Detail.Length == 0);
    }

    [Theory]
    [InlineData("--p---", "------", VifStatus.Failed, ErrorIds.VifBackendPaused, "netdd is paused", "xl unpause netdd")]
    [InlineData("---sc-", "------", VifStatus.Failed, ErrorIds.VifBackendStopped, "netdd has crashed", "New-XenDriverDomain netdd")]
    [InlineData("---s--", "------", VifStatus.Failed, ErrorIds.VifBackendStopped, "netdd has shut down", "New-XenDriverDomain netdd")]
    [InlineData("--ps--", "------", VifStatus.Failed, ErrorIds.VifBackendStopped, "netdd has shut down", "New-XenDriverDomain netdd")]
    [InlineData("-----d", "------", VifStatus.Failed, ErrorIds.VifBackendStopped, "netdd is being destroyed", "xl list")]
    [InlineData("-b----", "--p---", VifStatus.Waiting, ErrorIds.VifGuestPaused, "fe1 is paused", "xl unpause fe1")]
    [InlineData("-b----", "---sc-", VifStatus.Failed, ErrorIds.VifGuestStopped, "fe1 has crashed", "xl destroy fe1")]
    [InlineData("-b----", "---s--", VifStatus.Failed, ErrorIds.VifGuestStopped, "fe1 has shut down", "xl destroy fe1")]
    [InlineData("--p---", "--p---", VifStatus.Failed, ErrorIds.VifBackendPaused, "netdd is paused", "xl unpause netdd")]
    [InlineData("r-----", "------", VifStatus.Connected, null, "", "")]
    public async Task A_domain_that_does_not_run_connects_nobody_although_both_ends_say_so(
        string backend, string guest, VifStatus status, string? errorId, string said, string remedy)
    {
        Connect();
        _host.Letters[_backend] = backend;
        _host.Letters[_guest] = guest;

        GuestVif vif = await OnlyAsync();

        Assert.Equal((status, errorId), (vif.Status, vif.ErrorId));
        Assert.Contains(said, vif.Detail, StringComparison.Ordinal);
        Assert.Contains(remedy, vif.Remedy, StringComparison.Ordinal);
        Assert.Equal((XenbusState.Connected, XenbusState.Connected), (vif.FrontendState, vif.BackendState));
    }

    [Fact]
    public async Task A_guest_that_shut_down_is_the_reason_for_ends_that_are_closed()
    {
        _host.Store[$"{Back}/state"] = "6";
        _host.Store[$"{Front}/state"] = "6";
        _host.Store[$"{Back}/hotplug-status"] = "connected";
        _host.Letters[_guest] = "---s--";

        Assert.Equal(ErrorIds.VifGuestStopped, (await OnlyAsync()).ErrorId);
    }

    [Fact]
    public async Task Where_xl_list_fails_or_lacks_a_domain_nothing_is_told_to_be_connected()
    {
        Connect();
        _host.OnCommand = line => line == "list" ? DriverDomainHost.Failure(1, "no privcmd") : null;

        GuestVif vif = await OnlyAsync();

        Assert.Equal((VifStatus.Unknown, ErrorIds.VifStateUnknown), (vif.Status, vif.ErrorId));
        Assert.Contains("no privcmd", vif.Detail, StringComparison.Ordinal);

        _host.OnCommand = line => line == "list"
            ? new CommandResult(0, "Name ID Mem VCPUs\tState\tTime(s)\nfe1 2 1 1 -b---- 1.0\n", string.Empty)
            : null;
        Assert.Contains("does not show netdd", (await OnlyAsync()).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_at_the_ends_is_told_also_without_xl()
    {
        _host.Store[$"{Back}/state"] = "2";
        _host.Store[$"{Front}/state"] = "4";
        _host.OnCommand = line => line == "list" ? DriverDomainHost.Failure(1) : null;

        Assert.Equal(ErrorIds.VifHotplugNotRun, (await OnlyAsync()).ErrorId);
    }

    [Fact]
    public async Task A_vif_whose_back_end_domain_died_is_an_orphan_although_the_front_end_says_connected()
    {
        _host.Store[$"{Front}/state"] = "4";
        _host.Kill(_backend);

        GuestVif vif = await OnlyAsync();

        Assert.Equal((VifStatus.Orphaned, null, _backend), (vif.Status, vif.Backend, vif.BackendDomid));
        Assert.Equal(XenbusState.Connected, vif.FrontendState);
        Assert.Contains("gone", vif.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vif_whose_back_end_vanished_in_a_living_domain_is_an_orphan()
    {
        _host.Store.Remove(Back);

        Assert.Equal(VifStatus.Orphaned, (await OnlyAsync()).Status);
    }

    [Fact]
    public async Task What_hostile_guests_write_is_bounded_and_cannot_move_a_cursor()
    {
        _host.Store[$"{Front}/state"] = "4\u001b[2J";
        _host.Store[$"{Front}/mac"] = "evil";
        _host.Store[$"{Front}/backend"] = "/local/domain/0/backend/vif/9/9";
        _host.Store[$"{Front}/backend-id"] = "0";
        _host.Store[$"{Back}/state"] = "2";
        _host.Store[$"{Back}/hotplug-status"] = "error";
        _host.Store[$"{Back}/hotplug-error"] = "\u001b]0;owned\a" + new string('x', 3900);
        _host.Store[$"/local/domain/{_guest}/name"] = "fe\u202e1";

        GuestVif vif = await OnlyAsync();

        Assert.Equal((XenbusState.Unknown, "00:16:3e:00:00:01", _backend), (vif.FrontendState, vif.Mac.ToString(), vif.BackendDomid));
        Assert.True(vif.Detail.Length < 400);
        Assert.DoesNotContain(vif.Detail + vif.Guest + vif.HotplugStatus, c => char.IsControl(c) || c == '\u202e');
    }

    [Fact]
    public async Task Records_that_nobody_can_read_are_passed_over()
    {
        _host.Store[$"/libxl/{_guest}/device/vif/x/backend"] = "/local/domain/1/backend/vif/1/1";
        _host.Store[$"/libxl/{_guest}/device/vif/7/backend"] = "nonsense";
        _host.Store["/libxl/abc/device/vif/0/backend"] = "/local/domain/1/backend/vif/1/1";

        Assert.Equal(0, (await OnlyAsync()).Devid);
    }

    private async Task<GuestVif> OnlyAsync() => Assert.Single(await _host.Vifs.ListAsync(CancellationToken.None));

    private void Connect()
    {
        _host.Store[$"{Back}/state"] = "4";
        _host.Store[$"{Front}/state"] = "4";
        _host.Store[$"{Back}/hotplug-status"] = "connected";
    }
}
