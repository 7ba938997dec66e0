using XenDriverDomain.Changes;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.DriverDomains;

public sealed class StartDriverDomainTests : IDisposable
{
    private const string Path = "/etc/xen/driver-domains/netdd.cfg";
    private readonly FakeHost _host = new();

    public StartDriverDomainTests() => _host.Files.Put(
        Path,
        "# XenDriverDomain: bridge=xenbr0\nname = \"netdd\"\ntype = \"pv\"\nmemory = 384\nkernel = \"/root/vmlinuz\"\ndriver_domain = 1\npci = [ '0000:00:10.0' ]\n");

    public void Dispose() => _host.Dispose();

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
        _host.Pci.Devices.Clear();
        _host.Files.Put("/sys/bus/pci/drivers/pciback/0000:00:10.0", string.Empty);

        Assert.Equal(ReadinessState.Serving, (await StartAsync()).Readiness);
    }

    [Fact]
    public async Task A_device_that_pciback_holds_for_somebody_is_looked_up()
    {
        _host.Files.Put("/sys/bus/pci/drivers/pciback/0000:00:10.0", string.Empty);
        _host.Run("other", true, "0000:00:10.0");
        _host.Pci.Put("0000:00:10.0", XenDriverDomain.Pci.PciDeviceState.Assigned, 1, "other");

        XenDriverDomainException refused = await Assert.ThrowsAsync<XenDriverDomainException>(StartAsync);

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
        _host.HasNetback = false;
        _host.Store.Changed += path =>
        {
            if (path.Contains("/backend/vif/0/", StringComparison.Ordinal) && path.EndsWith("/state", StringComparison.Ordinal)
                && _host.Store[path] == "1")
            {
                _host.Kill(1);

                // xl's monitor needs some time to make it again.
                _host.Dom0.Time.CreateTimer(
                    _ =>
                    {
                        _host.Run("netdd", true, "0000:00:10.0");
                        _host.Store.Fire("@introduceDomain");
                    },
                    null,
                    TimeSpan.FromSeconds(5),
                    Timeout.InfiniteTimeSpan);
            }
        };

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(StartAsync);

        Assert.Equal(ErrorIds.DriverDomainDied, failed.ErrorId);
        Assert.Contains("destroy 2", _host.Commands);
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
        _host.HasNetback = missing != "netback";
        _host.HasDevd = missing != "devd";
        _host.ScriptError = missing == "script" ? "ip link set vif0.1 up \u001b[31mfailed" : null;
        if (missing == "bridge")
        {
            _host.Bridges.Clear();
        }

        if (missing == "dies")
        {
            _host.HasNetback = false;
            _host.Store.Changed += path =>
            {
                if (path.Contains("/backend/vif/0/", StringComparison.Ordinal) && path.EndsWith("/state", StringComparison.Ordinal)
                    && _host.Store[path] == "1")
                {
                    _host.Kill(1);
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
        _host.Run("netdd", true, "0000:00:10.0");
        _host.HasDevd = false;

        await Assert.ThrowsAsync<ChangeFailedException>(StartAsync);
        _host.HasDevd = true;
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
            _host.Run("netdd");
            return FakeHost.Failure(line, 3, "Domain with name \"netdd\" already exists.");
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
                return FakeHost.Failure(line, 0);
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

    private async Task<string> RefusedAsync(string name) => (await Assert.ThrowsAnyAsync<XenDriverDomainException>(
        () => _host.DriverDomains.PlanStartAsync(name, new StartOptions(), CancellationToken.None))).ErrorId;

    private Task<DriverDomain> StartAsync() => _host.RunAsync(
        _host.DriverDomains.PlanStartAsync("netdd", new StartOptions { Timeout = TimeSpan.FromSeconds(60) }, CancellationToken.None));
}
