using XenDriverDomain.Changes;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Import;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Guests;
using XenDriverDomain.Lifecycle;

namespace XenDriverDomain.Tests.DriverDomains;

public sealed class GuestTests : IAsyncDisposable
{
    private const string Path = "/root/fe.cfg";
    private readonly DriverDomainHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

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
    public async Task Another_domain_of_that_name_and_a_missing_file_are_refused()
    {
        Assert.Equal(ErrorIds.GuestConfigNotFound, (await Assert.ThrowsAsync<XenDriverDomainException>(StartAsync)).ErrorId);
        _host.Run("fe1");
        Put("mac=00:16:3e:00:00:01");
        XenDriverDomainException other = await Assert.ThrowsAsync<XenDriverDomainException>(StartAsync);
        Assert.Equal(ErrorIds.DomainAlreadyExists, other.ErrorId);
        Assert.Contains("fe1 has no vif 'mac=00:16:3e:00:00:01'", other.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pci = [ '00:10.0' ]", "has no PCI device 0000:00:10.0")]
    [InlineData("disk = [ '/dev/x,raw,xvdb,rw' ]", "fe1 has no disk xvdb")]
    public async Task What_runs_without_a_device_of_the_file_is_another_domain(string more, string what)
    {
        _host.Run("fe1");
        Put(null, more: more);
        XenDriverDomainException other = await Assert.ThrowsAsync<XenDriverDomainException>(StartAsync);
        Assert.Equal(ErrorIds.DomainAlreadyExists, other.ErrorId);
        Assert.Contains(what, other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_runs_already_as_its_file_has_it_is_what_was_asked_for()
    {
        _host.Run("netdd", true, "0000:00:10.0");
        Put("backend=netdd,bridge=xenbr0");
        Guest started = await StartAsync();
        string[] before = [.. _host.Commands];

        Guest again = await StartAsync();

        Assert.Equal(started.Domid, again.Domid);
        Assert.Equal(before, _host.Commands.Where(line => line != "list"));
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

            _host.Run("fe1", more: "vif = [ 'bridge=xenbr0' ]");
            return DriverDomainHost.Failure(0);
        };

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(StartAsync);

        Assert.Equal(ErrorIds.VifBackendMismatch, failed.ErrorId);
        Assert.Null(_host.Store["/local/domain/2/name"]);
    }

    [Fact]
    public async Task A_guest_without_netfront_starts_with_a_warning_and_one_whose_bridge_is_missing_does_not()
    {
        int backend = _host.Run("netdd", true, "0000:00:10.0");
        Put("backend=netdd", "role=none");

        Guest started = await StartAsync();
        Assert.Contains(_host.Log.Warnings, w => w.Contains("fe1", StringComparison.Ordinal));
        Assert.NotNull(started.Domid);

        Guest stopped = await _host.RunAsync(_host.Guests.PlanStopAsync(DomainRef.Parse("fe1"), new StopOptions(), CancellationToken.None));
        Assert.Null(stopped.Domid);

        _host.Inside(backend, kernel => kernel.Bridges.Remove("xenbr0"));
        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(StartAsync);
        Assert.Equal(ErrorIds.VifBridgeNotFound, failed.ErrorId);
        Assert.Single(await _host.Guests.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_file_of_xm_is_started_from_a_generated_xl_cfg()
    {
        int backend = _host.Run("netdd", true, "0000:00:10.0");
        _host.Files.Put(Path, Xm);
        GuestStartOptions options = new() { Variables = [KeyValuePair.Create("beid", $"{backend}")] };

        Guest started = await StartAsync(options);

        Assert.Equal("fe1", started.Name);
        string generated = _host.Files.Text("/etc/xen/guests/fe1.cfg")!;
        Assert.Contains($"vif = [ \"backend={backend},bridge=xenbr0\" ]", generated, StringComparison.Ordinal);
        Assert.Contains("# XenDriverDomain: source=/root/fe.cfg", generated, StringComparison.Ordinal);
        Assert.Contains("create /etc/xen/guests/fe1.cfg", _host.Commands);

        // Once more with another back end: what was generated is generated again.
        await _host.RunAsync(_host.Guests.PlanStopAsync(DomainRef.Parse("fe1"), new StopOptions { Force = true }, CancellationToken.None));
        int other = _host.Run("netdd2", true);
        await StartAsync(new GuestStartOptions { Variables = [KeyValuePair.Create("beid", $"{other}")] });
        Assert.Contains($"backend={other},", _host.Files.Text("/etc/xen/guests/fe1.cfg"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_somebody_wrote_is_not_overwritten()
    {
        _host.Files.Put("/etc/xen/guests/fe1.cfg", "name = \"fe1\"\n");

        XenDriverDomainException refused = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => StartAsync(DomainConfigImporter.Read(Xm, "guest.conf", variables: [KeyValuePair.Create("beid", "0")])));

        Assert.Equal(ErrorIds.GuestConfigExists, refused.ErrorId);
        Assert.Equal("name = \"fe1\"\n", _host.Files.Text("/etc/xen/guests/fe1.cfg"));
    }

    [Fact]
    public async Task A_generated_file_is_taken_back_when_the_guest_does_not_start()
    {
        _host.OnCommand = line => line.StartsWith("create", StringComparison.Ordinal) ? DriverDomainHost.Failure(3, "no memory") : null;

        await Assert.ThrowsAsync<ChangeFailedException>(
            () => StartAsync(DomainConfigImporter.Read(Xm, "guest.conf", variables: [KeyValuePair.Create("beid", "0")])));

        Assert.Null(_host.Files.Text("/etc/xen/guests/fe1.cfg"));
    }

    [Fact]
    public async Task A_domain_with_devices_is_among_the_driver_domains()
    {
        await StartAsync(DomainConfigImporter.Read("name = 'dd'\nmemory = 64\nkernel = '/root/vmlinuz'\nnetif = 1\n", "dd.conf"));

        Assert.NotNull(_host.Files.Text("/etc/xen/driver-domains/dd.cfg"));
    }

    [Fact]
    public async Task What_cannot_be_carried_over_or_cannot_work_is_not_started()
    {
        XenDriverDomainException refused = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => StartAsync(DomainConfigImporter.Read(
                "name = 'a'\nmemory = 64\nkernel = '/k'\nvscsi = ['/dev/sda,0:0:0:0']\n", "guest.conf")));
        XenDriverDomainException unsound = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => StartAsync(DomainConfigImporter.Read("name = 'a'\nmemory = 64\nnics = 0\n", "guest.conf")));

        Assert.Equal((ErrorIds.ConfigConversionRefused, ErrorIds.NothingToBoot), (refused.ErrorId, unsound.ErrorId));
        Assert.Contains("guest.conf:4:", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_host.Commands);
    }

    [Fact]
    public async Task A_disk_that_another_domain_backs_is_an_error()
    {
        int storage = _host.Run("storage", true);
        _host.Files.Put(
            Path, "name = 'fe1'\nmemory = 64\nkernel = '/root/vmlinuz'\ndisk = [ 'vdev=xvda,backend=storage,target=/dev/x' ]\n");
        Assert.Equal("fe1", (await StartAsync()).Name);
        await _host.RunAsync(_host.Guests.PlanStopAsync(DomainRef.Parse("fe1"), new StopOptions { Force = true }, CancellationToken.None));
        _host.OnCommand = line =>
        {
            if (!line.StartsWith("create", StringComparison.Ordinal))
            {
                return null;
            }

            _host.Run("fe1", more: "disk = [ 'vdev=xvda,target=/dev/x' ]");
            return DriverDomainHost.Failure(0);
        };

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(StartAsync);

        Assert.Equal(ErrorIds.DiskBackendMismatch, failed.ErrorId);
        Assert.Contains($"not by {storage}", failed.Message, StringComparison.Ordinal);
    }

    private const string Xm = """
        name = "fe1"
        memory = 64
        kernel = "/root/vmlinuz"
        vif = ['backend=%d,bridge=xenbr0' % int(beid)]

        """;

    private Task<Guest> StartAsync(GuestStartOptions options) =>
        _host.RunAsync(_host.Guests.PlanStartAsync(Path, options, CancellationToken.None));

    private Task<Guest> StartAsync(XenDomainConfig config) =>
        _host.RunAsync(_host.Guests.PlanStartAsync(config, new GuestStartOptions(), CancellationToken.None));

    private void Put(string? vif, string words = "", string more = "") => _host.Files.Put(
        Path,
        $"name = \"fe1\"\nmemory = 320\nkernel = \"/root/vmlinuz\"\nextra = \"{words}\"\n"
        + (vif is null ? string.Empty : $"vif = [ '{vif}' ]\n") + more + "\n");

    private Task<Guest> StartAsync() =>
        _host.RunAsync(_host.Guests.PlanStartAsync(Path, new GuestStartOptions(), CancellationToken.None));
}
