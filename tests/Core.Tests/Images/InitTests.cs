using XenDriverDomain.Images;

namespace XenDriverDomain.Tests.Images;

/// <summary>The inside's init, function by function, in every shell that an inside may have.</summary>
public class InitTests
{
    public static TheoryData<string> Shells => InsideShell.Shells;

    public static MatrixTheoryData<string, string> ShellsAndFiles =>
        new((string[])[.. Shells.Select(row => row.Data)], InsideShell.Files);

    [Theory]
    [MemberData(nameof(ShellsAndFiles))]
    public void The_shell_reads_the_script(string shell, string path)
    {
        using InsideShell inside = new(shell);

        Assert.Equal(string.Empty, inside.Execute("-n", inside.At(path)));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Without_parameters_it_is_a_bridge_without_an_address(string shell)
    {
        using InsideShell inside = new(shell);

        Assert.Equal("xenbr0||||||yes\n", inside.Run(Parameters, "root=/dev/xvda ro xddbridge=x"));
        Assert.Null(inside.Error);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Parameters_are_taken_and_the_last_one_counts(string shell)
    {
        using InsideShell inside = new(shell);

        Assert.Equal(
            "lan-1.a|4094|9000|192.0.2.5/24|192.0.2.1||yes\n",
            inside.Run(
                Parameters,
                "xdd.bridge=other xdd.vlan=4094 xdd.mtu=9000 xdd.address=192.0.2.5/24 xdd.gateway=192.0.2.1 quiet xdd.bridge=lan-1.a"));
        Assert.Equal("xenbr0|||dhcp||nat|yes\n", inside.Run(Parameters, "xdd.address=dhcp xdd.forward=nat"));
        Assert.Null(inside.Error);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_wrong_parameter_is_told_and_nothing_is_guessed(string shell)
    {
        (string Word, string Taken)[] cases =
        [
            ("xdd.bridge=", "xenbr0||||||yes"), ("xdd.bridge=a/b", "xenbr0||||||yes"), ("xdd.bridge=-x", "xenbr0||||||yes"),
            ("xdd.bridge=sixteen-letters-", "xenbr0||||||yes"), ("xdd.bridge=lo", "xenbr0||||||yes"), ("xdd.bridge=*", "xenbr0||||||yes"),
            ("xdd.vlan=0", "xenbr0||||||no"), ("xdd.vlan=4095", "xenbr0||||||no"), ("xdd.vlan=07", "xenbr0||||||no"),
            ("xdd.vlan=1;reboot", "xenbr0||||||no"), ("xdd.vlan", "xenbr0||||||no"),
            ("xdd.mtu=67", "xenbr0||||||yes"), ("xdd.mtu=99999999999999999999", "xenbr0||||||yes"), ("xdd.mtu=1500x", "xenbr0||||||yes"),
            ("xdd.address=192.0.2.5", "xenbr0||||||yes"), ("xdd.address=192.0.2.256/24", "xenbr0||||||yes"),
            ("xdd.address=192.0.2/24", "xenbr0||||||yes"), ("xdd.address=192.0.2.5./24", "xenbr0||||||yes"),
            ("xdd.address=192..2.5/24", "xenbr0||||||yes"), ("xdd.address=192.0.2.5/33", "xenbr0||||||yes"),
            ("xdd.address=224.0.0.1/24", "xenbr0||||||yes"), ("xdd.address=127.0.0.1/8", "xenbr0||||||yes"),
            ("xdd.address=DHCP", "xenbr0||||||yes"), ("xdd.gateway=x", "xenbr0||||||yes"), ("xdd.gateway=192.0.2.1", "xenbr0||||||yes"),
            ("xdd.forward=bridge", "xenbr0|||||none|yes"), ("xdd.forward=route", "xenbr0|||||route|yes"),
            ("xdd.console=bash", "xenbr0||||||yes"), ("xdd.nonsense=1", "xenbr0||||||yes"),
        ];
        using InsideShell inside = new(shell);

        Assert.All(cases, one =>
        {
            File.Delete(inside.At("run/error"));
            Assert.EndsWith($"\n{one.Taken}\n", inside.Run(Parameters, one.Word), StringComparison.Ordinal);
            Assert.StartsWith(one.Word.Split('=')[0], inside.Error, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void An_error_is_one_line_of_printable_characters(string shell)
    {
        using InsideShell inside = new(shell);

        inside.Run($"complain \"$(printf 'first\\nsecond \\303\\251 \\033[1m \\\\t end')\"");
        Assert.Equal("first second     [1m \\t end", inside.Error);

        inside.Run($"complain {new string('x', 500)}");
        Assert.Equal(new string('x', 200), inside.Error);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void An_image_without_a_role_is_one_for_a_network(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Write("etc/image", "id=some\nrole=router\n");

        Assert.EndsWith("\nnetwork some\n", inside.Run("echo \"$role $image\""), StringComparison.Ordinal);
        Assert.Contains("role=router", inside.Error, StringComparison.Ordinal);

        inside.Write("etc/image", "role=disk");
        Assert.Equal("disk\n", inside.Run("echo \"$role\""));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Modules_are_loaded_in_their_order_and_those_that_cannot_be_are_told(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Write("etc/modules", "/lib/modules/v/xen-evtchn.ko\n\n/lib/modules/v/bridge.ko.xz\n");

        inside.Run("load_modules");
        Assert.Equal(["insmod /lib/modules/v/xen-evtchn.ko", "insmod /lib/modules/v/bridge.ko.xz"], inside.Asked());
        Assert.Null(inside.Error);

        inside.Program("insmod", "echo 'insmod: File exists'; exit 1");
        inside.Write("sys/module/xen_evtchn/there", string.Empty);
        inside.Run("load_modules");
        Assert.Equal("the module /lib/modules/v/bridge.ko.xz cannot be loaded: insmod: File exists", inside.Error);

        inside.Program("insmod", "echo 'insmod: ERROR: could not insert module crc32c-intel.ko: No such device'; exit 1");
        File.Delete(inside.At("run/error"));
        Assert.Contains("not for this machine", inside.Run("load_modules"), StringComparison.Ordinal);
        Assert.Null(inside.Error);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Every_card_goes_into_the_bridge_as_it_comes(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Write("sys/class/net/xenbr0/bridge/forward_delay", "1500\n");
        inside.Write("sys/class/net/vif7.0/address", "fe:ff:ff:ff:ff:ff\n");

        inside.Run("make_bridge; connect_cards");
        Assert.Equal(["ip link add name xenbr0 type bridge", "ip link set dev xenbr0 up"], inside.Asked());
        Assert.Equal("0\n", File.ReadAllText(inside.At("sys/class/net/xenbr0/bridge/forward_delay")));

        inside.Card("0000:00:00.0", "eth0");
        inside.Card("0000:00:01.0", "eth1");
        inside.Run("connect_cards; connect_cards");
        Assert.Equal(["ip link set dev eth0 master xenbr0 up", "ip link set dev eth1 master xenbr0 up"], inside.Asked());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_vlan_and_an_mtu_and_an_address(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Write("sys/class/net/lan/bridge/forward_delay", "1500\n");
        inside.Card("0000:00:00.0", "eth0");

        inside.Run("make_bridge; connect_cards", "xdd.bridge=lan xdd.vlan=12 xdd.mtu=1400 xdd.address=192.0.2.5/24 xdd.gateway=192.0.2.1");

        Assert.Equal(
            [
                "ip link add name lan type bridge", "ip link set dev lan mtu 1400", "ip link set dev lan up",
                "ip link set dev eth0 mtu 1400", "ip link set dev eth0 up", "ip link add link eth0 name eth0.12 type vlan id 12",
                "ip link set dev eth0.12 master lan up", "ip address replace 192.0.2.5/24 dev lan",
                "ip route replace default via 192.0.2.1 dev lan",
            ],
            inside.Asked());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_wrong_vlan_connects_no_card(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Card("0000:00:00.0", "eth0");

        inside.Run("connect_cards", "xdd.vlan=x");

        Assert.Empty(inside.Asked());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_network_that_forwards_has_no_bridge_and_the_first_card_has_the_address(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Card("0000:00:00.0", "eth0");
        inside.Card("0000:00:01.0", "eth1");
        inside.Write("proc/sys/net/ipv4/ip_forward", "0\n");
        inside.Write("proc/sys/net/ipv4/conf/eth0/proxy_arp", "0\n");

        inside.Run("prepare_network; connect_cards", "xdd.forward=route xdd.address=192.0.2.5/24");
        Assert.Equal(
            ["ip link set dev lo up", "ip link set dev eth0 up", "ip address replace 192.0.2.5/24 dev eth0"], inside.Asked());
        Assert.Equal("1\n", File.ReadAllText(inside.At("proc/sys/net/ipv4/ip_forward")));
        Assert.Equal("1\n", File.ReadAllText(inside.At("proc/sys/net/ipv4/conf/eth0/proxy_arp")));

        inside.Run("connect_cards", "xdd.forward=nat xdd.address=192.0.2.5/24");
        Assert.Contains("nft add rule ip xdd out oifname \"eth0\" masquerade", inside.Asked());
        Assert.Null(inside.Error);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_command_that_fails_is_told_and_the_next_card_is_connected(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Card("0000:00:00.0", "eth0");
        inside.Card("0000:00:01.0", "eth1");
        inside.Program("ip", "case $* in *eth0*) echo 'RTNETLINK answers: Device or resource busy' >&2; exit 2 ;; esac");

        Assert.Contains("eth1 is in xenbr0", inside.Run("connect_cards"), StringComparison.Ordinal);
        Assert.Equal("'ip link set dev eth0 master xenbr0 up' failed: RTNETLINK answers: Device or resource busy", inside.Error);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void The_report_is_one_write_and_afterwards_only_the_heartbeat(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Card("0000:00:00.0", "eth0");
        inside.Write("sys/class/net/xenbr0/brif/eth0/there", string.Empty);
        inside.PciDevice("0000:00:01.0", "0x020000", "0x10ec", "0x8139");
        inside.PciDevice("0000:00:02.0", "0x060000", "0x8086", "0x1237");
        inside.PciDevice("0000:00:03.0", "0xff8000", "0x5853", "0x0001");
        inside.Write("run/devd", "104 2\n");
        inside.Write("proc/104/exe", string.Empty);

        inside.Run("report");
        Assert.Equal(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["heartbeat"] = "10",
                ["protocol"] = "1",
                ["state"] = "running",
                ["role"] = "network",
                ["image"] = "6.1.0-57-amd64-0123456789ab",
                ["kernel"] = "6.1.0-57-amd64",
                ["xen"] = "4.17.3",
                ["devd"] = "running",
                ["devd-starts"] = "2",
                ["bridge"] = "xenbr0",
                ["card/0/address"] = "0000:00:00.0",
                ["card/0/driver"] = "e1000e",
                ["card/0/interface"] = "eth0",
                ["card/0/mac"] = "52:54:00:00:10:00",
                ["card/0/carrier"] = "1",
                ["card/0/bridge"] = "xenbr0",
                ["card/1/address"] = "0000:00:01.0",
                ["card/1/driver"] = string.Empty,
            },
            inside.Report(inside.Asked()));

        inside.Run($"report; report; echo '15.00 1.00' >\"{inside.At("proc/uptime")}\"; report");
        Assert.Equal("xenstore-write data/driver-domain/heartbeat 15", inside.Asked()[^1]);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void What_changes_is_reported_at_once(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Card("0000:00:00.0", "eth0", carrier: "0");
        inside.Run($"report; echo 1 >\"{inside.At("sys/class/net/eth0/carrier")}\"; report");
        Assert.Equal(2, inside.Asked().Length);

        inside.Run($"report; rm -r \"{inside.At("sys/bus/pci/devices/0000:00:00.0")}\"; report");
        string[] asked = inside.Asked();
        Assert.Equal("xenstore-rm data/driver-domain/card", asked[1]);
        Assert.DoesNotContain("card/", asked[2], StringComparison.Ordinal);

        inside.Run("complain 'the matter'; report");
        Assert.Contains("data/driver-domain/error the matter", inside.Asked()[0], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_domain_without_a_bridge_reports_none(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Run("report", "xdd.forward=nat xdd.address=dhcp");
        Assert.DoesNotContain("/bridge ", Assert.Single(inside.Asked()), StringComparison.Ordinal);

        inside.Write("etc/image", "role=disk\n");
        inside.Run("report");
        Assert.DoesNotContain("/bridge ", Assert.Single(inside.Asked()), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Half_a_minute_after_the_start_what_is_missing_is_told(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Run("now=29; look_for_missing");
        Assert.Null(inside.Error);
        inside.Run("now=30; look_for_missing");
        Assert.Equal("there is no card: dom0 gave none, or took it away", inside.Error);

        inside.PciDevice("0000:00:01.0", "0x020000", "0x10ec", "0x8139");
        inside.Run("now=30; look_for_missing");
        Assert.Equal("no driver in this image takes the card 0000:00:01.0", inside.Error);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void What_was_missing_and_has_come_is_no_error_any_more(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Card("0000:00:00.0", "eth0");
        string card = inside.At("sys/bus/pci/devices/0000:00:00.0");
        string away = inside.At("away");
        inside.Write("proc/uptime", "40.00 1.00\n");

        inside.Run($"now=30; mv \"{card}\" \"{away}\"; look_for_missing; report; mv \"{away}\" \"{card}\"; look_for_missing; report");
        Assert.Equal(string.Empty, inside.Error);
        string[] asked = inside.Asked();
        Assert.Contains("data/driver-domain/error there is no card", asked[0], StringComparison.Ordinal);
        Assert.Equal("xenstore-rm data/driver-domain/error", asked[1]);
        Assert.DoesNotContain("/error ", asked[2], StringComparison.Ordinal);

        inside.Run(
            $"now=30; mv \"{card}\" \"{away}\"; look_for_missing; complain another; mv \"{away}\" \"{card}\"; look_for_missing");
        Assert.Equal("another", inside.Error);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_devd_that_ends_is_started_again_after_a_growing_pause(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Program("xl", "echo 'failed to retrieve the maximum number of cpus'; echo 'cannot open xenstore'; exit 3");

        string said = inside.Run("sleep() { echo \"waits $1\"; [ \"$1\" -lt 60 ] || exit; }; keep_devd");

        Assert.Equal(
            ["waits 1", "waits 2", "waits 4", "waits 8", "waits 16", "waits 32", "waits 64"],
            said.Split('\n').Where(line => line.StartsWith("waits", StringComparison.Ordinal)));
        Assert.Equal("xl devd ended with 3; it is started again in 64 s, and said last: cannot open xenstore", inside.Error);
        Assert.EndsWith(" 7\n", File.ReadAllText(inside.At("run/devd")), StringComparison.Ordinal);
        Assert.Equal("xl devd -F", inside.Asked()[0]);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_devd_that_ran_for_a_minute_is_started_again_soon(string shell)
    {
        using InsideShell inside = new(shell);
        string uptime = inside.At("proc/uptime");
        inside.Program("xl", $"read -r up _ <\"{uptime}\"; echo \"$((${{up%.*}} + 60)).00 1\" >\"{uptime}\"");

        string said = inside.Run("n=0; sleep() { echo \"waits $1\"; n=$((n + 1)); [ \"$n\" -lt 4 ] || exit; }; keep_devd");

        Assert.Equal(4, said.Split('\n').Count(line => line is "waits 1"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_shell_that_can_waits_without_a_process(string shell)
    {
        using InsideShell inside = new(shell);

        string said = inside.Run("prepare_pauses; pause 0.01; echo \"${pipe:+pipe}\"");

        Assert.Equal(shell == "dash" ? "\n" : "pipe\n", said);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Only_a_log_that_grew_large_is_cut(string shell)
    {
        using InsideShell inside = new(shell);
        inside.Write("log/xen-hotplug.log", new string('x', 300_000));
        inside.Write("log/xldevd.log", "short\n");

        inside.Run("now=3600; trim_logs");

        Assert.Equal(0, new FileInfo(inside.At("log/xen-hotplug.log")).Length);
        Assert.Equal("short\n", File.ReadAllText(inside.At("log/xldevd.log")));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void An_address_by_dhcp_is_set_with_its_length_and_its_router(string shell)
    {
        using InsideShell inside = new(shell);

        string lease =
            $"PATH=\"{inside.At("bin")}:$PATH\" interface=xenbr0 ip=192.0.2.7 subnet=255.255.254.0 router='192.0.2.1 192.0.2.2'";

        inside.Execute("-c", $"{lease}; set -- leasefail; . \"$0\"", inside.At(InsideFiles.Dhcp));
        Assert.Empty(inside.Asked());

        inside.Execute("-c", $"{lease}; set -- bound; . \"$0\"", inside.At(InsideFiles.Dhcp));
        Assert.Equal(
            [
                "ip address flush dev xenbr0", "ip address replace 192.0.2.7/23 dev xenbr0",
                "ip route replace default via 192.0.2.1 dev xenbr0",
            ],
            inside.Asked());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void The_hotplug_scripts_have_their_ifconfig(string shell)
    {
        using InsideShell inside = new(shell);
        string script = $"PATH=\"{inside.At("bin")}:$PATH\"; . \"$0\"";

        inside.Execute("-c", script, inside.At(InsideFiles.IfConfig), "vif7.0", "192.0.2.5", "netmask", "255.255.255.255", "up");
        inside.Execute("-c", script, inside.At(InsideFiles.IfConfig), "vif7.0", "down");

        Assert.Equal(
            ["ip address replace 192.0.2.5/32 dev vif7.0", "ip link set dev vif7.0 up", "ip link set dev vif7.0 down"], inside.Asked());
    }

    private const string Parameters = "echo \"$bridge|$vlan|$mtu|$address|$gateway|$forward|$uplinks\"";
}
