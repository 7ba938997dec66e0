using System.Management.Automation;
using XenDriverDomain.Simulation;
using XenDriverDomain.Traces;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>
/// Get-XenDom0 -Footprint: what the cmdlets leave on a host is compared with what it lists, so that a new kind of file or record that is
/// not listed fails here.
/// </summary>
public sealed class FootprintTests : IDisposable
{
    // A card that is assignable under a name, with a field of its own; a policy; a driver domain that serves a guest; a guest of an old
    // file; and what only the next boot brings.
    private const string WholeJob = """
        $card, $other = $args[0], $args[1]
        Add-XenPciAssignable $card -Name uplink -Force
        Add-XenPciAssignable $other -Force
        Add-XenPciQuirk $card 0x7c -Size 2
        $null = Set-XenPciPolicy 'permissive 8086:10d3', "quirk $card 78:4:0" -Name uplink -PassThru
        $null = New-XenDriverDomain netdd -PciDevice $card -Start
        $null = Start-XenGuest /root/client.cfg
        $null = Connect-XenGuestVif -Guest fe1 -Backend netdd
        $null = Start-XenGuest /etc/xen/guest.conf -Variable @{ beid = (Get-XenDriverDomain netdd).Domid }
        $null = Add-XenPciAssignable $card -AtBoot -Force
        $null = Add-XenPciAssignable $card, $other -AtBoot -BootLoader Grub2 -Force
        """;

    private const string OldFile = """
        kernel = '/root/vmlinuz'
        ramdisk = '/root/guest.gz'
        memory = 64
        name = 'guest'
        extra = 'role=client'
        vif = ['backend=%d,bridge=xenbr0' % int(beid)]

        """;

    // What the kernel, udev and xl write, and what programs of the host make of files that are listed.
    private static readonly string[] s_kernels = ["/proc", "/sys", "/dev", "/var/log/xen", "/var/run"];
    private static readonly string[] s_made = ["/boot/grub/grub.cfg", "/boot/initrd.img-"];

    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("lab", "00:10.0", "00:15.0", false)]
    [InlineData("lab", "00:10.0", "00:15.0", true)]
    [InlineData("default", "01:00.0", "06:01.0", false)]
    public void Whatever_the_whole_job_leaves_is_listed_and_goes_by_its_remedies(string machine, string card, string other, bool hasInit)
    {
        SimulatedDom0 host = Connect(machine);
        host.WriteFile("/etc/xen/guest.conf", OldFile);
        host.Machine.Files.MakeDirectory("/etc/udev/rules.d");
        if (hasInit)
        {
            host.Machine.Files.Remove("/run/systemd/system");
            foreach (string folder in (string[])["init.d", "rc0.d", "rc1.d", "rc2.d", "rc3.d", "rc4.d", "rc5.d", "rc6.d"])
            {
                host.Machine.Files.MakeDirectory($"/etc/{folder}");
            }
        }
        else
        {
            host.Machine.Files.MakeDirectory("/run/systemd/system");
            host.Machine.Files.MakeDirectory("/etc/systemd/system/multi-user.target.wants");
        }

        SortedDictionary<string, string> before = Files(host);
        Assert.Empty(Traces());

        // A card's own driver hears nothing of what is meant to be without it: warnings are of no matter here.
        _session.Run("$ConfirmPreference = 'None'; $WarningPreference = 'Ignore'").AssertNoErrors();
        _session.Run(WholeJob, card, other).AssertNoErrors();
        host.Machine.Files.Put("/run/xen-pci-policy/0000:" + card, "1\n78:4:0\n");
        HashSet<HostTraceKind> kinds = AssertComplete(host, before);

        _session.Run("$null = Stop-XenDriverDomain netdd -Force; Stop-XenGuest guest -Force").AssertNoErrors();
        kinds.UnionWith(AssertComplete(host, before));
        Assert.Superset(
            new HashSet<HostTraceKind>(Enum.GetValues<HostTraceKind>().Except(
                [HostTraceKind.Probe, HostTraceKind.Record, HostTraceKind.Unfinished, HostTraceKind.Mount])),
            kinds);

        _session.Run("$null = Start-XenDriverDomain netdd; $null = Disconnect-XenGuestVif -Guest fe1; $null = Stop-XenGuest fe1 -Force")
            .AssertNoErrors();
        RemoveAll(host);

        SortedDictionary<string, string> after = Files(host);
        Assert.Equal(before.Keys, after.Keys);
        Assert.Equal([], before.Keys.Where(path => before[path] != after[path] && !IsMade(path)));
        Assert.Empty(Records(host));
    }

    [Fact]
    public void What_an_interruption_leaves_is_listed_and_goes()
    {
        SimulatedDom0 host = Connect("lab");
        const string Own = "/local/domain/0/xendriverdomain";
        host.Run($"xenstore-write {Own}/probe/7-40001/state 1");
        host.Run("xenstore-write /local/domain/7/backend/vif/0/40001/state 1");
        host.Run($"xenstore-write {Own}/servers/netdd/starting 1");
        host.Run($"xenstore-write {Own}/servers/netdd/7 x");
        host.Run($"xenstore-write {Own}/clients/netdd/domid-3/0/guest-name fe1");
        host.Run($"xenstore-write {Own}/later/thing 1");
        host.Run("xenstore-write /libxl/pci/0000-7f-00-0/driver_path /sys/bus/pci/drivers/e1000");
        host.Machine.Files.Put("/etc/xen/driver-domains/.netdd.cfg.aB3xYz", "name");
        host.Machine.Files.Put("/etc/xen/driver-domains/.pci-policy.conf.0123456789abcdef0123456789abcdef", "x");

        host.Machine.Files.Put("/srv/dd.img", "tree: /srv/tree");
        host.Machine.Files.MakeDirectory("/srv/tree/etc");
        host.Machine.Files.MakeDirectory("/run/xen-driver-domain/root");
        host.Run("mount -o rw,loop /srv/dd.img /run/xen-driver-domain/root");

        IReadOnlyList<HostTrace> traces = Traces();

        Assert.Equal(
            [
                HostTraceKind.Client, HostTraceKind.Probe, HostTraceKind.Server, HostTraceKind.Server, HostTraceKind.Record,
                HostTraceKind.Card, HostTraceKind.Unfinished, HostTraceKind.Unfinished, HostTraceKind.Mount, HostTraceKind.Folder,
                HostTraceKind.Folder,
            ],
            traces.Select(trace => trace.Kind));
        Assert.Equal("fe1", traces[0].Subject);
        RemoveAll(host);
        Assert.Empty(Records(host));
        Assert.Null(host.Store.Read(0, "/local/domain/7/backend/vif/0/40001/state"));
        Assert.True(host.Machine.Files.Exists("/srv/tree/etc"));
    }

    /// <summary>"Everything done before was undone" counts for what is written beside the change as well.</summary>
    [Theory]
    [InlineData("Connect-XenGuestVif web1 db1")]
    [InlineData("Connect-XenGuestVif db1 web1 -Mac 00:16:3e:00:00:02 -NoWait")]
    [InlineData("Start-XenGuest /root/twin.cfg")]
    public void A_back_end_that_was_tried_in_vain_leaves_no_record(string command)
    {
        SimulatedDom0 host = Connect("crashed");
        host.WriteFile(
            "/root/twin.cfg",
            "name = 'twin'\nkernel = '/root/vmlinuz'\nmemory = 64\nvif = ['backend=db1,bridge=xenbr0']\n");
        _session.Run("Get-XenDriverDomain").AssertNoErrors();
        string[] before = [.. Records(host)];

        SessionAnswer answer = _session.Run($"$WarningPreference = 'Ignore'; {command}");

        Assert.NotEmpty(answer.Errors);
        Assert.Equal(before, Records(host).Where(node => !node.Contains("/clients/", StringComparison.Ordinal)));
    }

    /// <summary>Stop-XenDriverDomain leaves guests alone, and so is no remedy for what hangs on one.</summary>
    [Fact]
    public void The_record_of_a_guest_that_was_a_back_end_goes_by_its_remedy()
    {
        SimulatedDom0 host = Connect("crashed");
        host.Run("xenstore-write /local/domain/0/xendriverdomain/servers/db1/4 x");

        HostTrace trace = Assert.Single(Traces(), one => one.Subject == "db1");
        Assert.StartsWith("xenstore-rm ", trace.Remedy, StringComparison.Ordinal);
        Assert.Contains("serves nobody", trace.What, StringComparison.Ordinal);
        Assert.Equal(0, host.Run(trace.Remedy).ExitCode);
        Assert.DoesNotContain(Traces(), one => one.Subject == "db1");
        Assert.Equal(["web1", "db1"], _session.Run("Get-XenGuest | Where-Object Name -ne netdd | ForEach-Object Name").Lines);
    }

    [Fact]
    public void What_the_administrator_wrote_is_not_listed_and_stays()
    {
        SimulatedDom0 host = Connect("default");
        Dictionary<string, string> own = new()
        {
            ["/etc/xen/driver-domains/mine.cfg"] = "name = \"mine\"\nmemory = 64\n",
            ["/etc/xen/driver-domains/.mine.cfg.swp"] = "x",
            ["/etc/xen/guests/web.cfg"] = "# Written by me\nname = \"web\"\n",
            ["/etc/modprobe.d/xen-pciback.conf"] = "# Ours\noptions xen-pciback hide=(0000:06:01.0)\n",
            ["/etc/initramfs-tools/modules"] = "xen-pciback\n",
            ["/etc/default/grub.d/mine.cfg"] = "GRUB_CMDLINE_LINUX=\"xen-pciback.hide=(0000:03:00.0)\"\n",
            ["/etc/default/grub.old"] = "x",
            ["/etc/rc2.d/S01mine"] = "x",
        };
        foreach ((string path, string text) in own)
        {
            host.Machine.Files.Put(path, text);
        }

        Assert.Empty(Traces());

        // The command line would go before the module's options.
        host.Machine.Files.Remove("/etc/default/grub.d/mine.cfg");
        own.Remove("/etc/default/grub.d/mine.cfg");
        _session.Run(
            "$ConfirmPreference = 'None'; $WarningPreference = 'Ignore'; Add-XenPciAssignable 01:00.0 -AtBoot -BootLoader Modprobe -Force")
            .AssertNoErrors();
        Assert.NotEmpty(Traces());
        RemoveAll(host);
        foreach ((string path, string text) in own.Where(file => !file.Key.EndsWith("/xen-pciback.conf", StringComparison.Ordinal)))
        {
            Assert.Equal(text, host.Machine.Files.Text(path));
        }

        Assert.StartsWith("# Ours\n", host.Machine.Files.Text("/etc/modprobe.d/xen-pciback.conf"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_remedy_goes_to_its_host_and_each_trace_says_which()
    {
        Connect("lab");
        _session.Run("""
            $ConfirmPreference = 'None'; $WarningPreference = 'Ignore'
            $other = Connect-XenDom0 -Simulated -Machine lab
            Add-XenPciAssignable 00:10.0 -Dom0 $other
            """).AssertNoErrors();
        HostTrace trace = Assert.Single(Traces(), one => one.Kind == HostTraceKind.Card);
        Assert.NotEqual("simulated", trace.Dom0);
        Assert.Equal($"Remove-XenPciAssignable -Address 0000:00:10.0 -Dom0 '{trace.Dom0}'", trace.Remedy);
        Assert.All(Traces(), one => Assert.Equal(trace.Dom0, one.Dom0));
        Assert.Empty(_session.Run("Get-XenDom0 -Dom0 simulated -Footprint").Output);
    }

    [Fact]
    public void The_table_shows_what_and_how_in_79_columns()
    {
        Connect("lab");
        _session.Run("$ConfirmPreference = 'None'; $WarningPreference = 'Ignore'; Add-XenPciAssignable 00:10.0 -AtBoot -Force")
            .AssertNoErrors();
        IReadOnlyList<string> lines = _session.Run("Get-XenDom0 -Footprint | Out-String -Width 79 -Stream").Lines;
        string all = string.Concat(lines.Select(line => line.Trim()));
        Assert.All(lines, line => Assert.True(line.Length <= 79, line));
        Assert.DoesNotContain("…", all, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("AtBoot", StringComparison.Ordinal));
        Assert.Contains("Remove-XenPciAssignable -Address", all, StringComparison.Ordinal);
    }

    private SimulatedDom0 Connect(string machine) => (SimulatedDom0)((PSObject)Assert.Single(
        _session.Run($"(Connect-XenDom0 -Simulated -Machine {machine}).Simulation").Output)!).BaseObject;

    private IReadOnlyList<HostTrace> Traces()
    {
        SessionAnswer answer = _session.Run("Get-XenDom0 -Footprint");
        answer.AssertNoErrors();
        return [.. answer.Output.Select(trace => (HostTrace)trace!.BaseObject)];
    }

    // Everything that came or changed is listed, and everything that is listed is there.
    private HashSet<HostTraceKind> AssertComplete(SimulatedDom0 host, SortedDictionary<string, string> before)
    {
        IReadOnlyList<HostTrace> traces = Traces();
        HashSet<string> paths = [.. traces.Select(trace => trace.Path)];
        string[] images = [.. traces.Where(trace => trace.Kind == HostTraceKind.Image).Select(trace => trace.Path + "/")];
        SortedDictionary<string, string> now = Files(host);
        Assert.Equal([], now.Keys.Where(path =>
            (!before.TryGetValue(path, out string? text) || text != now[path]) && !IsMade(path) && !paths.Contains(path)
            && !images.Any(image => path.StartsWith(image, StringComparison.Ordinal))));
        Assert.Equal(
            [],
            Records(host).Where(node => !paths.Any(path => node == path || node.StartsWith(path + "/", StringComparison.Ordinal))));
        Assert.Equal([], paths.Where(path => !now.ContainsKey(path) && host.Store.Read(0, path) is null));
        Assert.All(traces, trace => Assert.All([trace.What, trace.Remedy, trace.Dom0], Assert.NotEmpty));
        return [.. traces.Select(trace => trace.Kind)];
    }

    // Each remedy, the first of what is left, as a person would type it; what it was for is gone then.
    private void RemoveAll(SimulatedDom0 host)
    {
        _session.Run("$ConfirmPreference = 'None'; $WarningPreference = 'Ignore'").AssertNoErrors();
        IReadOnlyList<HostTrace> left = Traces();
        for (int i = 0; left.Count > 0; i++)
        {
            HostTrace first = left[0];
            Assert.True(i < 100, $"there is no end to it: {first}");
            if (HostFootprint.IsCmdlet(first.Remedy))
            {
                _session.Run(first.Remedy).AssertNoErrors();
            }
            else
            {
                foreach (string command in first.Remedy.Split(" && "))
                {
                    XenDriverDomain.Access.CommandResult result = host.Run(command);
                    Assert.Equal((command, 0, string.Empty), (command, result.ExitCode, result.StandardError));
                }
            }

            left = Traces();
            Assert.DoesNotContain(left, trace => trace.Path == first.Path && trace.Remedy == first.Remedy);
        }
    }

    private static bool IsMade(string path) => s_made.Any(made => path.StartsWith(made, StringComparison.Ordinal));

    // Files with their content, links with where they lead, directories with nothing.
    private static SortedDictionary<string, string> Files(SimulatedDom0 host)
    {
        SortedDictionary<string, string> found = new(StringComparer.Ordinal);
        Add("/");
        return found;

        void Add(string folder)
        {
            foreach (string name in host.Machine.Files.Names(folder))
            {
                string path = folder == "/" ? "/" + name : $"{folder}/{name}";
                if (s_kernels.Contains(path))
                {
                    continue;
                }

                string? target = host.Machine.Files.TargetOf(path), text = host.Machine.Files.Text(path);
                found[path] = target ?? text ?? string.Empty;
                if (target is null && text is null)
                {
                    Add(path);
                }
            }
        }
    }

    // The nodes with a value or without children, of this module's own tree and of the toolstack's records of cards.
    private static List<string> Records(SimulatedDom0 host)
    {
        List<string> found = [];
        Add("/local/domain/0/xendriverdomain");
        foreach (string key in host.Store.List(0, "/libxl/pci") ?? [])
        {
            Add($"/libxl/pci/{key}");
        }

        return found;

        void Add(string path)
        {
            if (host.Store.Read(0, path) is null)
            {
                return;
            }

            IReadOnlyList<string> children = [.. host.Store.List(0, path) ?? []];
            if (children.Count == 0)
            {
                found.Add(path);
            }

            foreach (string child in children)
            {
                Add($"{path}/{child}");
            }
        }
    }
}
