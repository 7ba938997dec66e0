using XenDriverDomain.Changes;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Domains;

namespace XenDriverDomain.Tests.DriverDomains;

public sealed class StartDriverDomainTests : IAsyncDisposable
{
    private const string Path = "/etc/xen/driver-domains/netdd.cfg";

    // What the kernel of the first domain writes when it has booted.
    private const string Booted = "/local/domain/1/control/feature-reboot";
    private readonly DriverDomainHost _host = new();

    public StartDriverDomainTests() => PutFile();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_creates_the_domain_of_the_file_and_waits_until_it_serves()
    {
        DriverDomain started = await StartAsync();

        Assert.Equal([$"create {Path}"], _host.Commands);
        Assert.Equal(ReadinessState.Serving, started.Readiness);
        Assert.Empty(await _host.ProbeRemainsAsync());
    }

    [Fact]
    public async Task A_device_that_pciback_holds_for_nobody_needs_no_inventory()
    {
        PlannedChange<DriverDomain> change = await _host.DriverDomains.PlanStartAsync("netdd", new StartOptions(), CancellationToken.None);

        Assert.DoesNotContain(_host.Ports.Looks, pattern => pattern.StartsWith("/sys/bus/pci/devices", StringComparison.Ordinal));
        Assert.Equal(ReadinessState.Serving, (await _host.RunAsync(Task.FromResult(change))).Readiness);
    }

    [Fact]
    public async Task A_device_that_pciback_holds_for_somebody_is_looked_up()
    {
        _host.Run("other", true, "0000:00:10.0");

        XenDriverDomainException refused = await Assert.ThrowsAsync<XenDriverDomainException>(StartAsync);

        Assert.Contains(_host.Ports.Looks, pattern => pattern.StartsWith("/sys/bus/pci/devices", StringComparison.Ordinal));
        Assert.Equal(ErrorIds.DriverDomainDeviceNotAssignable, refused.ErrorId);
        Assert.Contains("other", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_waiting_it_puts_no_probe_in()
    {
        DriverDomain started = await _host.RunAsync(
            _host.DriverDomains.PlanStartAsync("netdd", new StartOptions { NoWait = true }, CancellationToken.None));

        Assert.Equal((1, ReadinessState.Unknown), (started.Domid, started.Readiness));
    }

    [Fact]
    public async Task One_that_reboots_instead_of_serving_is_destroyed_when_it_comes_back()
    {
        PutFile("netback=0");
        _host.Changed += path =>
        {
            // xl's monitor needs some time to make it again.
            if (path == Booted && _host.Store[path] == "1")
            {
                _host.End(1, ShutdownReason.Reboot);
            }
        };

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(StartAsync);

        Assert.Equal(ErrorIds.DriverDomainDied, failed.ErrorId);
        Assert.Contains("destroy 2", _host.Commands);
        _host.Wait(TimeSpan.FromSeconds(30));
        Assert.Null(_host.Store["/local/domain/2/name"]);
    }

    [Theory]
    [InlineData("netback", ErrorIds.DriverDomainNoBackendDriver)]
    [InlineData("devd", ErrorIds.DriverDomainNoDevd)]
    [InlineData("bridge", ErrorIds.DriverDomainNoBridge)]
    [InlineData("script", ErrorIds.DriverDomainScriptFailed)]
    [InlineData("dies", ErrorIds.DriverDomainDied)]
    public async Task What_is_missing_inside_is_named_and_the_domain_destroyed(string missing, string errorId)
    {
        PutFile(missing switch
        {
            "netback" => "netback=0",
            "devd" => "devd=0",
            "bridge" => "bridge=other",
            "dies" => "rdinit=/none",
            _ => string.Empty,
        });
        if (missing == "script")
        {
            _host.Changed += path =>
            {
                if (path == Booted && _host.Store[path] == "1")
                {
                    _host.Inside(1, kernel => kernel.ScriptComplaint = "ip link set vif0.1 up \u001b[31mfailed");
                }
            };
        }

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(StartAsync);

        Assert.Equal(errorId, failed.ErrorId);
        Assert.Null(_host.Store["/local/domain/1/name"]);
        Assert.Contains("netdd does not run", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", failed.Message, StringComparison.Ordinal);
        Assert.True(_host.Files.Exists(Path));
        Assert.Empty(await _host.ProbeRemainsAsync());
    }

    [Fact]
    public async Task A_domain_that_runs_as_configured_is_only_waited_for_and_never_destroyed()
    {
        int domid = _host.Run("netdd", true, "0000:00:10.0", words: "devd=0");

        await Assert.ThrowsAsync<ChangeFailedException>(StartAsync);
        _host.Inside(domid, kernel => kernel.RunDevd());
        DriverDomain running = await StartAsync();

        Assert.Equal(ReadinessState.Serving, running.Readiness);
        Assert.Empty(_host.Commands);
    }

    [Fact]
    public async Task A_running_domain_of_that_name_with_other_devices_is_another_one()
    {
        _host.Run("netdd");

        XenDriverDomainException refused = await Assert.ThrowsAsync<XenDriverDomainException>(StartAsync);

        Assert.Equal(ErrorIds.DomainAlreadyExists, refused.ErrorId);
    }

    [Fact]
    public async Task A_domain_that_comes_up_meanwhile_under_the_name_is_not_destroyed_by_the_undo()
    {
        _host.OnCommand = line =>
        {
            if (line.StartsWith("create", StringComparison.Ordinal))
            {
                _host.Run("netdd");
            }

            return null;
        };

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(StartAsync);

        Assert.Equal(ErrorIds.DomainAlreadyExists, failed.ErrorId);
        Assert.Equal("netdd", _host.Store["/local/domain/1/name"]);
    }

    [Fact]
    public async Task A_domain_without_a_device_that_the_file_lists_is_not_taken_for_started()
    {
        _host.OnCommand = line =>
        {
            if (line.StartsWith("create", StringComparison.Ordinal))
            {
                _host.Run("netdd", true);
                return DriverDomainHost.Failure(0);
            }

            return null;
        };

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(StartAsync);

        Assert.Equal(ErrorIds.DomainNotAsConfigured, failed.ErrorId);
        Assert.Null(_host.Store["/local/domain/1/name"]);
    }

    [Fact]
    public async Task A_missing_file_and_a_file_of_another_domain_are_refused()
    {
        Assert.Equal(ErrorIds.DriverDomainConfigNotFound, await RefusedAsync("other"));
        _host.Files.Put("/etc/xen/driver-domains/other.cfg", "name = \"netdd\"\nmemory = 384\nkernel = \"/root/vmlinuz\"\n");
        Assert.Equal(ErrorIds.DriverDomainConfigMismatch, await RefusedAsync("other"));
        Assert.Equal(ErrorIds.DomainNameInvalid, await RefusedAsync("../netdd"));
    }

    private void PutFile(string words = "") => _host.Files.Put(
        Path,
        "# XenDriverDomain: bridge=xenbr0\nname = \"netdd\"\ntype = \"pv\"\nmemory = 384\nkernel = \"/root/vmlinuz\"\ndriver_domain = 1\n"
        + $"pci = [ '0000:00:10.0' ]\nextra = \"{words}\"\n");

    private async Task<string> RefusedAsync(string name) => (await Assert.ThrowsAnyAsync<XenDriverDomainException>(
        () => _host.DriverDomains.PlanStartAsync(name, new StartOptions(), CancellationToken.None))).ErrorId;

    private Task<DriverDomain> StartAsync() => _host.RunAsync(
        _host.DriverDomains.PlanStartAsync("netdd", new StartOptions { Timeout = TimeSpan.FromSeconds(60) }, CancellationToken.None));
}
