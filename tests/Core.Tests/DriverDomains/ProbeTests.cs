using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Simulation.Domains;

namespace XenDriverDomain.Tests.DriverDomains;

public sealed class ProbeTests : IAsyncDisposable
{
    private readonly DriverDomainHost _host = new();
    private int _domid;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("xenbr0", ReadinessState.Serving)]
    [InlineData("other", ReadinessState.NoBridge)]
    [InlineData(null, ReadinessState.Serving)]
    public async Task It_tells_whether_the_bridge_is_there_when_one_is_named(string? bridge, ReadinessState expected)
    {
        Boot();

        Readiness found = await ProbeAsync(bridge);

        Assert.Equal(expected, found.State);
        Assert.Empty(await _host.ProbeRemainsAsync());
        Assert.Equal(0, _host.Ports.WatchCount);
    }

    [Fact]
    public async Task A_driver_domain_without_any_bridge_of_the_default_name_serves_when_none_is_to_be_checked()
    {
        Boot("bridge=other");

        Assert.Equal(ReadinessState.Serving, (await ProbeAsync(null)).State);
    }

    [Fact]
    public async Task A_bridge_that_comes_up_while_the_domain_boots_is_waited_for()
    {
        Boot("bridge=other");
        int scripts = 0;
        _host.Changed += path =>
        {
            if (path.EndsWith("/hotplug-error", StringComparison.Ordinal) && ++scripts == 2)
            {
                _host.Inside(_domid, kernel => kernel.Bridges.Add("xenbr0"));
            }
        };

        Assert.Equal(ReadinessState.Serving, (await ProbeAsync("xenbr0")).State);

        // What a test sees it sees in the events of the clock.
        _host.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(3, scripts);
    }

    [Fact]
    public async Task A_devd_that_gave_the_first_device_up_gets_a_new_one()
    {
        Boot("devd=0");
        int devices = 0;
        _host.Changed += path =>
        {
            if (path.EndsWith("/frontend-id", StringComparison.Ordinal) && _host.Store[path] is not null && ++devices == 2)
            {
                _host.Inside(_domid, kernel => kernel.RunDevd());
            }
        };

        Assert.Equal(ReadinessState.Serving, (await ProbeAsync("xenbr0")).State);
    }

    [Fact]
    public async Task The_domain_can_read_down_to_the_device_and_owns_it_and_no_front_end_lies_where_a_kernel_looks()
    {
        Boot("netback=0");
        Dictionary<string, string> permissions = [];
        _host.Changed += path =>
        {
            if (path.EndsWith("/hotplug-status", StringComparison.Ordinal) && _host.Store[path] is not null)
            {
                string back = path[..path.LastIndexOf('/')];
                foreach (string part in (string[])[back, back[..back.LastIndexOf('/')], _host.Store[$"{back}/frontend"]!])
                {
                    permissions[part] = string.Join(' ', _host.Store.Server.GetPermissions(0, part)!);
                }
            }
        };

        await ProbeAsync("xenbr0");

        string parent = permissions.Keys.Single(k => k.EndsWith("/vif/0", StringComparison.Ordinal));
        Assert.Equal($"n0 r{_domid}", permissions[parent]);
        Assert.Equal($"n{_domid} r0", permissions.Single(p => p.Key.StartsWith(parent + "/", StringComparison.Ordinal)).Value);
        KeyValuePair<string, string> front = permissions.Single(p => p.Key.StartsWith("/local/domain/0/", StringComparison.Ordinal));
        Assert.Equal($"n0 r{_domid}", front.Value);
        Assert.DoesNotContain("/device/", front.Key, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--p---", ReadinessState.Paused, "netdd is paused")]
    [InlineData("---sc-", ReadinessState.NotRunning, "netdd has crashed")]
    [InlineData("---s--", ReadinessState.NotRunning, "netdd has shut down")]
    [InlineData("-----d", ReadinessState.NotRunning, "netdd is being destroyed")]
    public async Task A_domain_that_does_not_run_is_not_waited_for(string letters, ReadinessState expected, string said)
    {
        Boot("netback=0");
        _host.Letters[_domid] = letters;
        DateTimeOffset begun = _host.Dom0.Time.GetUtcNow();

        Readiness found = await ProbeAsync("xenbr0");

        Assert.Equal((expected, _domid), (found.State, found.Domid));
        Assert.Contains(said, found.Detail, StringComparison.Ordinal);
        Assert.True(_host.Dom0.Time.GetUtcNow() - begun < TimeSpan.FromSeconds(15), $"it took until {_host.Dom0.Time.GetUtcNow() - begun}");
        Assert.Empty(await _host.ProbeRemainsAsync());
        Assert.Equal(0, _host.Ports.WatchCount);
    }

    [Fact]
    public async Task A_domain_that_crashes_while_it_is_probed_and_is_kept_is_named_at_once()
    {
        Boot("netback=0", "on_crash = \"preserve\"");
        DateTimeOffset begun = _host.Dom0.Time.GetUtcNow();
        using ITimer crash = _host.Dom0.Time.CreateTimer(
            _ => _host.End(_domid, ShutdownReason.Crash), null, TimeSpan.FromSeconds(20), Timeout.InfiniteTimeSpan);

        Assert.Equal(ReadinessState.NotRunning, (await ProbeAsync("xenbr0")).State);
        Assert.True(_host.Dom0.Time.GetUtcNow() - begun < TimeSpan.FromSeconds(27), $"it took until {_host.Dom0.Time.GetUtcNow() - begun}");
    }

    [Fact]
    public async Task An_xl_that_fails_does_not_end_a_probe()
    {
        Boot("devd=0");
        _host.OnCommand = line => line == "list" ? DriverDomainHost.Failure(1) : null;

        Assert.Equal(ReadinessState.NoDevd, (await ProbeAsync("xenbr0")).State);
    }

    [Fact]
    public async Task A_cancelled_probe_leaves_nothing()
    {
        Boot("devd=0");
        using CancellationTokenSource cancel = new();
        _host.Changed += path =>
        {
            if (path.EndsWith("/state", StringComparison.Ordinal) && _host.Store[path] == "2")
            {
                cancel.Cancel();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _host.DriverDomains.ProbeAsync(
            new DomainInfo(_domid, "netdd", null, DomainState.Running), "xenbr0", TimeSpan.FromMinutes(1), cancel.Token));

        Assert.Empty(await _host.ProbeRemainsAsync());
        Assert.Equal(0, _host.Ports.WatchCount);
    }

    [Fact]
    public async Task What_a_killed_probe_left_is_removed_and_what_probes_another_domain_stays()
    {
        Boot();
        int other = _host.Run("other");
        foreach ((int domid, int number) in ((int, int)[])[(_domid, 40001), (99, 40002), (other, 40003)])
        {
            _host.Store[$"/local/domain/0/xendriverdomain/probe/{domid}-{number}/state"] = "1";
            _host.Store[$"/local/domain/{domid}/backend/vif/0/{number}/state"] = "1";
        }

        await ProbeAsync("xenbr0");

        Assert.Equal(
            ["/local/domain/0/xendriverdomain/probe/3-40003".Replace("3-", $"{other}-", StringComparison.Ordinal)],
            (await _host.ProbeRemainsAsync())
                .Where(k => k.Contains("/probe/", StringComparison.Ordinal) && !k.EndsWith("/state", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_client_of_dom0s_own_is_left_alone()
    {
        Boot();
        string back = $"/local/domain/{_domid}/backend/vif/0/0";
        _host.Store[$"{back}/state"] = "4";

        Assert.Equal(ReadinessState.Serving, (await ProbeAsync("xenbr0")).State);

        Assert.Equal("4", _host.Store[$"{back}/state"]);
    }

    private void Boot(string words = "", string more = "") => _domid = _host.Run("netdd", true, "0000:00:10.0", words: words, more: more);

    private Task<Readiness> ProbeAsync(string? bridge) => _host.DriverDomains.ProbeAsync(
        new DomainInfo(_domid, "netdd", null, DomainState.Running), bridge, TimeSpan.FromSeconds(60), CancellationToken.None);
}
