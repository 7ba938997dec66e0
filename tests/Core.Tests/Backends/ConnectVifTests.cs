using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Network;
using XenDriverDomain.Tests.DriverDomains;

namespace XenDriverDomain.Tests.Backends;

public sealed class ConnectVifTests : IAsyncDisposable
{
    private const string Path = "/root/fe.cfg";
    private const string Before = "# mine\nname = 'fe1' # odd quotes\nmemory=320\nkernel=\"/root/vmlinuz\"\n";
    private const string Mac = "00:16:3e:00:00:01";
    private readonly DriverDomainHost _host = new();
    private int _backend;
    private int _guest;

    public ConnectVifTests() => _host.Files.Put(Path, Before);

    private static ConnectVifRequest Request => new()
    {
        Guest = DomainRef.Parse("fe1"),
        Backend = DomainRef.Parse("netdd"),
        Mac = MacAddress.Parse(Mac),
    };

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_guest_gets_a_vif_that_works()
    {
        Boot();

        GuestVif vif = (await ConnectAsync(Request))!;

        Assert.Equal([$"network-attach {_guest} type=vif mac={Mac} bridge=xenbr0 backend={_backend}"], _host.Commands);
        Assert.Equal(
            ("fe1", 0, Mac, "netdd", VifStatus.Connected, "connected"),
            (vif.Guest, vif.Devid, vif.Mac.ToString(), vif.Backend, vif.Status, vif.HotplugStatus));
    }

    [Fact]
    public async Task Without_an_address_one_of_Xens_is_chosen_and_used_on_the_command_line()
    {
        Boot();

        GuestVif vif = (await ConnectAsync(Request with { Mac = null }))!;

        Assert.StartsWith("00:16:3e:", vif.Mac.ToString(), StringComparison.Ordinal);
        Assert.Contains($"mac={vif.Mac}", Assert.Single(_host.Commands), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bridge_that_the_driver_domains_file_names_is_the_default()
    {
        Boot();
        _host.Files.Put("/etc/xen/driver-domains/netdd.cfg", "# XenDriverDomain: bridge=br7\nname = \"netdd\"\nmemory = 384\n");
        _host.Inside(_backend, kernel => kernel.Bridges.Add("br7"));

        Assert.Equal("br7", (await ConnectAsync(Request))!.Bridge);
    }

    [Fact]
    public async Task The_guests_file_gets_the_vif_by_name_and_keeps_everything_else()
    {
        Boot();

        await ConnectAsync(Request with { ConfigPath = Path, Mtu = 9000 });

        Assert.Equal($"{Before}vif = [ 'type=vif,mac={Mac},bridge=xenbr0,backend=netdd,mtu=9000' ]\n", _host.Files.Text(Path));
    }

    [Fact]
    public async Task Only_the_file_is_changed_when_no_guest_is_named()
    {
        Boot();

        Assert.Null(await ConnectAsync(Request with { Guest = null, ConfigPath = Path }));

        Assert.Contains("backend=netdd", _host.Files.Text(Path), StringComparison.Ordinal);
        Assert.Empty(_host.Commands);
    }

    [Theory]
    [InlineData("netback", ErrorIds.VifNoBackendDriver, "xen-netback")]
    [InlineData("devd", ErrorIds.VifHotplugNotRun, "xl devd")]
    [InlineData("bridge", ErrorIds.VifBridgeNotFound, "xenbr0")]
    [InlineData("script", ErrorIds.VifHotplugFailed, "iptables")]
    [InlineData("netfront", ErrorIds.VifFrontendSilent, "xen-netfront")]
    [InlineData("backenddies", ErrorIds.VifBackendGone, "gone")]
    [InlineData("guestdies", ErrorIds.VifClosed, "closed")]
    [InlineData("vanishes", ErrorIds.VifGone, "vanished")]
    [InlineData("other", ErrorIds.VifBackendMismatch, "not by domid")]
    [InlineData("refused", ErrorIds.VifAttachFailed, "Invalid argument")]
    public async Task What_does_not_work_is_named_and_everything_is_as_it_was(string what, string errorId, string said)
    {
        Boot(
            what switch
            {
                "netback" => "netback=0",
                "devd" or "backenddies" or "guestdies" or "vanishes" => "devd=0",
                "bridge" => "bridge=other",
                _ => string.Empty,
            },
            what == "netfront" ? "role=none" : string.Empty);
        int third = what == "other" ? _host.Run("third", words: "role=dd") : 0;
        _host.Inside(_backend, kernel => kernel.ScriptComplaint = what == "script" ? "iptables failed" : null);
        _host.OnCommand = line =>
        {
            switch (what)
            {
                case "refused" when line.StartsWith("network-attach", StringComparison.Ordinal):
                    return DriverDomainHost.Failure(1, "Invalid argument");
                case "other" when line.StartsWith("network-attach", StringComparison.Ordinal):
                    _host.Attach(_guest, third, Mac);
                    return DriverDomainHost.Failure(0);
                default:
                    return null;
            }
        };
        _host.Changed += path =>
        {
            if (path == $"/local/domain/{_backend}/backend/vif/{_guest}/0/state" && _host.Store[path] == "2")
            {
                if (what == "backenddies")
                {
                    _host.KillSoon(_backend);
                }
                else if (what == "guestdies")
                {
                    _host.KillSoon(_guest);
                }
                else if (what == "vanishes")
                {
                    // As a toolstack leaves it that does not mind the other end.
                    _host.Store.Remove($"/local/domain/{_guest}");
                    _host.Store.Remove($"/libxl/{_guest}");
                }
            }
        };

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(
            () => ConnectAsync(Request with { ConfigPath = Path }));

        Assert.Equal(errorId, failed.ErrorId);
        Assert.Contains(said, failed.Message + failed.Remedy, StringComparison.Ordinal);
        Assert.Equal(Before, _host.Files.Text(Path));
        Assert.Empty(await _host.Vifs.ListAsync(CancellationToken.None));
        Assert.Null(_host.Store[$"/local/domain/{_guest}/device/vif/0/state"]);
        // Where the guest is gone already, nobody knows of the back end.
        Assert.True(what == "vanishes" || _host.Store[$"/local/domain/{_backend}/backend/vif/{_guest}/0/state"] is null);
        Assert.Equal(0, _host.Ports.WatchCount);
    }

    [Fact]
    public async Task The_same_request_again_goes_on_where_a_killed_run_stopped()
    {
        Boot();
        await ConnectAsync(Request with { Guest = null, ConfigPath = Path, Mac = null });
        GuestVif vif = (await ConnectAsync(Request with { ConfigPath = Path, Mac = null }))!;
        await ConnectAsync(Request with { ConfigPath = Path, Mac = vif.Mac });

        Assert.Single(_host.Files.Text(Path)!.Split('\n'), l => l.Contains(vif.Mac.ToString()!, StringComparison.Ordinal));
        Assert.Single(_host.Commands);
        Assert.Single(await _host.Vifs.ListAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("nothing", ErrorIds.VifRequestInvalid)]
    [InlineData("guest", ErrorIds.DomainNotFound)]
    [InlineData("backend", ErrorIds.DomainNotFound)]
    [InlineData("itself", ErrorIds.VifBackendIsGuest)]
    [InlineData("bridge", ErrorIds.InterfaceNameMalformed)]
    [InlineData("mtu", ErrorIds.VifSpecMalformed)]
    [InlineData("script", ErrorIds.VifRequestInvalid)]
    [InlineData("mac", ErrorIds.VifMacInUse)]
    [InlineData("nofile", ErrorIds.VifConfigNotFound)]
    [InlineData("badfile", ErrorIds.ConfigSyntaxError)]
    public async Task What_cannot_be_is_refused_before_anything_is_touched(string what, string errorId)
    {
        Boot();
        _host.Attach(_host.Run("fe2"), _backend, "00:16:3e:00:00:02");
        _host.Files.Put("/root/bad.cfg", "vif = [");
        ConnectVifRequest request = what switch
        {
            "nothing" => Request with { Guest = null },
            "guest" => Request with { Guest = DomainRef.Parse("nobody") },
            "backend" => Request with { Backend = DomainRef.Parse("nobody") },
            "itself" => Request with { Backend = DomainRef.FromDomid(_guest) },
            "bridge" => Request with { Bridge = "a,backend=0" },
            "mtu" => Request with { Mtu = 20 },
            "script" => Request with { Script = "a,backend=0" },
            "mac" => Request with { Mac = MacAddress.Parse("00:16:3e:00:00:02") },
            "nofile" => Request with { ConfigPath = "/root/none.cfg" },
            _ => Request with { ConfigPath = "/root/bad.cfg" },
        };

        XenDriverDomainException refused = await Assert.ThrowsAnyAsync<XenDriverDomainException>(
            () => _host.Vifs.PlanConnectAsync(request, CancellationToken.None));

        Assert.Equal(errorId, refused.ErrorId);
        Assert.Empty(_host.Commands);
        Assert.Equal(Before, _host.Files.Text(Path));
    }

    private void Boot(string words = "", string guestWords = "")
    {
        _backend = _host.Run("netdd", true, "0000:00:10.0", words: words);
        _guest = _host.Run("fe1", words: guestWords);
    }

    private Task<GuestVif?> ConnectAsync(ConnectVifRequest request) =>
        _host.RunAsync(_host.Vifs.PlanConnectAsync(request, CancellationToken.None));
}
