using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.DriverDomains;

public sealed class GuestTests : IDisposable
{
    private const string Path = "/root/fe.cfg";
    private readonly FakeHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_guest_starts_and_its_vif_is_backed_by_the_domain_of_its_file()
    {
        int backend = _host.Run("netdd", true, "0000:00:10.0");
        Put("backend=netdd,bridge=xenbr0");

        Guest started = await StartAsync();

        Assert.Equal(("fe1", DomainState.Blocked), (started.Name, started.State));
        Assert.Equal($"/local/domain/{backend}/backend/vif/{started.Domid}/0", _host.Store[$"/libxl/{started.Domid}/device/vif/0/backend"]);
        Assert.Equal("fe1", Assert.Single(await _host.Guests.ListAsync(CancellationToken.None), g => g.Name != "netdd").Name);
    }

    [Theory]
    [InlineData("backend=nobody", ErrorIds.GuestBackendNotRunning)]
    [InlineData("bakend=netdd", ErrorIds.VifSpecMalformed)]
    [InlineData("backend=netdd ", ErrorIds.VifSpecMalformed)]
    [InlineData("backend=99", ErrorIds.GuestBackendNotRunning)]
    public async Task A_back_end_that_xl_would_get_wrong_is_refused(string vif, string errorId)
    {
        _host.Run("netdd", true, "0000:00:10.0");
        Put(vif);

        XenDriverDomainException refused = await Assert.ThrowsAnyAsync<XenDriverDomainException>(StartAsync);

        Assert.Equal(errorId, refused.ErrorId);
        Assert.Empty(_host.Commands);
    }

    [Fact]
    public async Task A_name_that_runs_and_a_missing_file_are_refused()
    {
        Assert.Equal(ErrorIds.GuestConfigNotFound, (await Assert.ThrowsAsync<XenDriverDomainException>(StartAsync)).ErrorId);
        _host.Run("fe1");
        Put(null);
        Assert.Equal(ErrorIds.DomainAlreadyExists, (await Assert.ThrowsAsync<XenDriverDomainException>(StartAsync)).ErrorId);
    }

    [Fact]
    public async Task A_vif_that_dom0_backs_instead_is_an_error_and_the_guest_is_destroyed()
    {
        _host.Run("netdd", true, "0000:00:10.0");
        Put("backend=netdd");
        _host.OnCommand = line =>
        {
            if (!line.StartsWith("create", StringComparison.Ordinal))
            {
                return null;
            }

            _host.PutVif(_host.Run("fe1"), 0, 0);
            return FakeHost.Failure(line, 0);
        };

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(StartAsync);

        Assert.Equal(ErrorIds.VifBackendMismatch, failed.ErrorId);
        Assert.Null(_host.Store["/local/domain/2/name"]);
    }

    [Fact]
    public async Task A_guest_without_netfront_starts_with_a_warning_and_one_whose_bridge_is_missing_does_not()
    {
        _host.Run("netdd", true, "0000:00:10.0");
        Put("backend=netdd");
        _host.HasNetfront = false;

        Guest started = await StartAsync();
        Assert.Contains(_host.Log.Warnings, w => w.Contains("fe1", StringComparison.Ordinal));
        Assert.NotNull(started.Domid);

        Guest stopped = await _host.RunAsync(_host.Guests.PlanStopAsync(DomainRef.Parse("fe1"), new StopOptions(), _host.Log, CancellationToken.None));
        Assert.Null(stopped.Domid);

        _host.Bridges.Clear();
        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(StartAsync);
        Assert.Equal(ErrorIds.VifBridgeNotFound, failed.ErrorId);
        Assert.Single(await _host.Guests.ListAsync(CancellationToken.None));
    }

    private void Put(string? vif) => _host.Files.Put(
        Path, "name = \"fe1\"\nmemory = 320\nkernel = \"/root/vmlinuz\"\n" + (vif is null ? string.Empty : $"vif = [ '{vif}' ]\n"));

    private Task<Guest> StartAsync() =>
        _host.RunAsync(_host.Guests.PlanStartAsync(Path, new StartOptions(), _host.Log, CancellationToken.None));
}
