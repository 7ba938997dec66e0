using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Backends.Connections;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Tests.DriverDomains;

namespace XenDriverDomain.Tests.Backends;

public sealed class DisconnectVifTests : IAsyncDisposable
{
    private const string Path = "/root/fe.cfg";
    private const string Before =
        "name = \"fe1\"\nvif = [ 'mac=00:16:3e:00:00:01,backend=netdd', # this one\n        'mac=00:16:3e:00:00:02,backend=netdd' ]\n";
    private readonly DriverDomainHost _host = new();
    private readonly int _backend;
    private readonly int _guest;

    public DisconnectVifTests()
    {
        _backend = _host.Run("netdd", true, "0000:00:10.0");
        _guest = _host.Run("fe1");
        _host.Attach(_guest, _backend);
        _host.Files.Put(Path, Before);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_vif_is_gone_at_both_ends_and_from_the_file()
    {
        Assert.True(await DisconnectAsync(new DisconnectVifOptions { ConfigPath = Path }));

        Assert.Equal([$"network-detach {_guest} 0"], _host.Commands);
        Assert.DoesNotContain("00:16:3e:00:00:01", _host.Files.Text(Path), StringComparison.Ordinal);
        Assert.Contains("00:16:3e:00:00:02", _host.Files.Text(Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orphan_is_cleared_away_even_when_xl_leaves_it_and_a_new_vif_takes_its_place()
    {
        _host.Kill(_backend);
        _host.OnCommand = line =>
            line.StartsWith("network-detach", StringComparison.Ordinal) ? DriverDomainHost.Failure(1, "failed") : null;

        Assert.True(await DisconnectAsync(new DisconnectVifOptions()));
        Assert.Null(_host.Store[$"/local/domain/{_guest}/device/vif/0/state"]);
        Assert.Null(_host.Store[$"/libxl/{_guest}/device/vif/0"]);

        _host.OnCommand = null;
        _host.Run("netdd", true, "0000:00:10.0");
        GuestVif? again = await _host.RunAsync(_host.Vifs.PlanConnectAsync(
            new ConnectVifRequest { Guest = DomainRef.Parse("fe1"), Backend = DomainRef.Parse("netdd") }, CancellationToken.None));
        Assert.Equal((0, VifStatus.Connected), (again!.Devid, again.Status));
    }

    [Fact]
    public async Task A_driver_domain_without_devd_leaves_records_that_only_force_removes_and_the_file_is_put_back()
    {
        WithoutDevd();

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(
            () => DisconnectAsync(new DisconnectVifOptions { ConfigPath = Path }));
        Assert.Equal(ErrorIds.VifDetachIncomplete, failed.ErrorId);
        Assert.Equal(Before, _host.Files.Text(Path));

        Assert.True(await DisconnectAsync(new DisconnectVifOptions { Force = true }));
        Assert.Null(_host.Store[$"/local/domain/{_backend}/backend/vif/{_guest}/0"]);
        Assert.NotEmpty(_host.Log.Warnings);
    }

    [Fact]
    public async Task A_driver_domain_that_needs_longer_than_xl_waits_is_waited_for()
    {
        // xl gives up; devd deletes the back end after that.
        string backend = $"/local/domain/{_backend}/backend/vif/{_guest}/0";
        _host.OnCommand = line =>
        {
            if (!line.StartsWith("network-detach", StringComparison.Ordinal))
            {
                return null;
            }

            _ = Task.Delay(TimeSpan.FromSeconds(5), _host.Dom0.Time).ContinueWith(_ => _host.Store.Remove(backend), TaskScheduler.Default);
            return DriverDomainHost.Failure(1, "timed out while waiting for it to be removed");
        };

        Assert.True(await DisconnectAsync(new DisconnectVifOptions()));
        Assert.Null(_host.Store[$"/libxl/{_guest}/device/vif/0"]);
    }

    [Fact]
    public async Task A_number_that_another_vif_has_taken_meanwhile_is_not_touched()
    {
        GuestVif seen = Assert.Single(await _host.Vifs.ListAsync(CancellationToken.None));
        _host.Xl("network-detach", $"{_guest}", "0");
        _host.Attach(_guest, _backend, "00:16:3e:00:00:0f");

        XenDriverDomainException refused = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => _host.Vifs.PlanDisconnectAsync(seen, new DisconnectVifOptions { Force = true }, CancellationToken.None));

        Assert.Equal(ErrorIds.VifNotFound, refused.ErrorId);
    }

    [Fact]
    public async Task A_vif_that_is_gone_already_is_no_error_and_no_work()
    {
        GuestVif seen = Assert.Single(await _host.Vifs.ListAsync(CancellationToken.None));
        _host.Xl("network-detach", $"{_guest}", "0");

        PlannedChange<bool> change = await _host.Vifs.PlanDisconnectAsync(seen, new DisconnectVifOptions(), CancellationToken.None);

        Assert.True(change.Plan.IsEmpty);
        Assert.True(await change.ReadBackAsync(CancellationToken.None));
    }

    // What its devd was started for goes on without it.
    private void WithoutDevd() => _host.Inside(_backend, kernel => kernel.EndDevd());

    private async Task<bool> DisconnectAsync(DisconnectVifOptions options)
    {
        GuestVif seen = Assert.Single(await _host.Vifs.ListAsync(CancellationToken.None));
        return await _host.RunAsync(_host.Vifs.PlanDisconnectAsync(seen, options, CancellationToken.None));
    }
}
