using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Images;
using XenDriverDomain.Roots;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Tests.Roots;
using XenDriverDomain.Traces;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>Roots that others have installed become insides of driver domains, and nothing else happens to them or to dom0.</summary>
public class RootTests
{
    private const string Root = "/mnt/root";
    private const string Image = "/srv/dd.img";
    private const string Tree = "/srv/tree";
    private const string Point = "/run/xen-driver-domain/root";

    // dom0's programs, each by what it loads.
    private static readonly string[] s_libraries =
        ["libxenlight.so.4.17", "libxenctrl.so.4.17", "libxenstore.so.4", "libyajl.so.2", "libc.so.6"];

    [Theory]
    [InlineData("debian-12", DriverDomainRole.Network)]
    [InlineData("debian-12", DriverDomainRole.Both)]
    [InlineData("fedora", DriverDomainRole.Both)]
    [InlineData("sysvinit", DriverDomainRole.Both)]
    public async Task What_was_made_lacks_nothing_and_the_same_again_does_nothing(string recording, DriverDomainRole role)
    {
        await using SimulatedHost host = Host(recording);
        DriverDomainRoot root = await InitializeAsync(host, Root, role);
        Assert.DoesNotContain(root.Findings, finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(root.Findings, await host.Session.Roots.TestAsync(Root, role, "xenbr0", default));
        Assert.Empty((await PlanAsync(host, Root, role)).Steps);
    }

    [Fact]
    public async Task A_debian_gets_a_service_modules_a_bridge_and_a_log_folder_and_loses_what_is_dom0s()
    {
        await using SimulatedHost host = Host("debian-12");
        await InitializeAsync(host, Root);
        SimulatedFiles files = host.Dom0.Machine.Files;
        Assert.Equal(
            "/etc/systemd/system/xen-driver-domain.service",
            files.TargetOf($"{Root}/etc/systemd/system/multi-user.target.wants/xen-driver-domain.service"));
        Assert.Contains(
            "ExecStart=/usr/sbin/xl devd -F", files.Text($"{Root}/etc/systemd/system/xen-driver-domain.service")!,
            StringComparison.Ordinal);
        Assert.Contains("\nxen-netback\n", files.Text($"{Root}/etc/modules-load.d/xen-driver-domain.conf")!, StringComparison.Ordinal);
        Assert.Contains(
            "iface xenbr0 inet manual", files.Text($"{Root}/etc/network/interfaces.d/xen-driver-domain")!, StringComparison.Ordinal);
        Assert.Equal("755", (await host.Dom0.RunAsync("stat", "-c", "%a", $"{Root}/etc/xen/driver-domain/bridge")).StandardOutput.Trim());
        Assert.True(files.Exists($"{Root}/var/log/xen"));
        Assert.False(files.Exists($"{Root}/etc/rc2.d/S01xen"));
        Assert.False(files.Exists($"{Root}/etc/rc2.d/S02xendomains"));
        Assert.True(files.Exists($"{Root}/etc/init.d/xen"));
    }

    [Fact]
    public async Task A_fedora_gets_its_own_service_and_keeps_what_it_has()
    {
        await using SimulatedHost host = Host("fedora");
        DriverDomainRoot root = await InitializeAsync(host, Root, DriverDomainRole.Both);
        SimulatedFiles files = host.Dom0.Machine.Files;
        const string Wants = $"{Root}/etc/systemd/system/multi-user.target.wants";
        Assert.Equal(
            ["xen-driver-domain-bridge.service", "xendriverdomain.service"], files.Names(Wants));
        Assert.Equal("/usr/lib/systemd/system/xendriverdomain.service", files.TargetOf($"{Wants}/xendriverdomain.service"));
        Assert.False(files.Exists($"{Root}/etc/modules-load.d/xen-driver-domain.conf"));
        Assert.True(files.Exists($"{Root}/etc/NetworkManager/conf.d/xen-driver-domain.conf"));
        Assert.Equal([ErrorIds.RootXenVersionDiffers], root.Findings.Select(finding => finding.Id));
    }

    [Fact]
    public async Task Run_levels_start_the_services_and_scripts_are_where_dom0_has_them()
    {
        await using SimulatedHost host = Host("sysvinit");
        await InitializeAsync(host, Root);
        SimulatedFiles files = host.Dom0.Machine.Files;
        Assert.Equal(["S19xen-driver-domain-bridge", "S20xen-driver-domain"], files.Names($"{Root}/etc/rc2.d"));
        Assert.Equal(["S19xen-driver-domain-bridge", "S20xen-driver-domain"], files.Names($"{Root}/etc/rc5.d"));
        Assert.Equal("../init.d/xen-driver-domain", files.TargetOf($"{Root}/etc/rc2.d/S20xen-driver-domain"));
        Assert.Equal("755", (await host.Dom0.RunAsync("stat", "-c", "%a", $"{Root}/etc/init.d/xen-driver-domain")).StandardOutput.Trim());
        Assert.Contains("/usr/local/sbin/xl devd", files.Text($"{Root}/etc/init.d/xen-driver-domain")!, StringComparison.Ordinal);
        Assert.Equal("/usr/local/etc/xen/scripts", files.TargetOf($"{Root}/etc/xen/scripts"));
        Assert.EndsWith("\nh0:2345:respawn:/sbin/getty 115200 hvc0\n", files.Text($"{Root}/etc/inittab")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenRC_starts_the_services_and_busyboxs_init_a_getty()
    {
        await using SimulatedHost host = Host("alpine");
        SimulatedFiles files = host.Dom0.Machine.Files;
        foreach (string path in (string[])["usr/sbin/xl", "usr/bin/xenstore-read", "usr/bin/xenstore-write", "bin/bash",
            "etc/xen/scripts/xen-hotplug-common.sh", "etc/xen/scripts/vif-bridge"])
        {
            files.Put($"{Root}/{path}", "\n");
        }

        files.Link($"{Root}/etc/runlevels/default/xenstored", "/etc/init.d/xenstored");
        DriverDomainRoot root = await InitializeAsync(host, Root);
        Assert.DoesNotContain(root.Findings, finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(["xen-driver-domain", "xen-driver-domain-bridge"], files.Names($"{Root}/etc/runlevels/default"));
        Assert.StartsWith("#!/sbin/openrc-run\n", files.Text($"{Root}/etc/init.d/xen-driver-domain")!, StringComparison.Ordinal);

        // There is no udev that would tell when the card comes.
        Assert.Contains("bridge xenbr0 10\n", files.Text($"{Root}/etc/init.d/xen-driver-domain-bridge")!, StringComparison.Ordinal);
        Assert.EndsWith(
            "\nhvc0::respawn:/sbin/getty 115200 hvc0 vt100\n", files.Text($"{Root}/etc/inittab")!, StringComparison.Ordinal);
        Assert.EndsWith("\nhvc0\n", files.Text($"{Root}/etc/securetty")!, StringComparison.Ordinal);
        Assert.Empty((await PlanAsync(host, Root)).Steps);
    }

    [Fact]
    public async Task Where_startpar_goes_by_insservs_list_the_services_are_on_it()
    {
        await using SimulatedHost host = Host("sysvinit");
        SimulatedFiles files = host.Dom0.Machine.Files;
        const string List = $"{Root}/etc/init.d/.depend.start";
        files.Put(List, "TARGETS = ssh xencommons rc.local\nINTERACTIVE =\nrc.local: ssh\n");
        await InitializeAsync(host, Root);
        Assert.Equal(
            "TARGETS = ssh xencommons rc.local xen-driver-domain-bridge xen-driver-domain\nINTERACTIVE =\nrc.local: ssh\n"
                + "xen-driver-domain: xen-driver-domain-bridge\n",
            files.Text(List));
        Assert.Empty((await PlanAsync(host, Root)).Steps);

        // Links alone have nothing started.
        files.Put(List, "TARGETS = ssh xencommons rc.local\nINTERACTIVE =\nrc.local: ssh\n");
        Assert.Contains(await TestAsync(host, Root), finding => finding.Id == ErrorIds.RootDevdNotEnabled);
        await InitializeAsync(host, Root);
        Assert.DoesNotContain(await TestAsync(host, Root), finding => finding.Severity == FindingSeverity.Error);
    }

    [Fact]
    public async Task Links_that_a_killed_run_has_not_made_are_made_by_the_next()
    {
        await using SimulatedHost host = Host("sysvinit");
        await InitializeAsync(host, Root);
        host.Dom0.Machine.Files.Remove($"{Root}/etc/rc3.d/S20xen-driver-domain");
        await InitializeAsync(host, Root);
        Assert.True(host.Dom0.Machine.Files.Exists($"{Root}/etc/rc3.d/S20xen-driver-domain"));
        Assert.Empty((await PlanAsync(host, Root)).Steps);
    }

    [Fact]
    public async Task Networkd_matches_cards_and_no_vifs()
    {
        await using SimulatedHost host = Host("opensuse");
        PutDom0(host);
        await InitializeAsync(host, Root, copy: true, bridge: "br7");
        SimulatedFiles files = host.Dom0.Machine.Files;
        const string Folder = $"{Root}/etc/systemd/network/10-xen-driver-domain";
        Assert.Contains("Name=br7\nKind=bridge\n", files.Text(Folder + ".netdev")!, StringComparison.Ordinal);
        Assert.Contains("Path=pci-* *-pci-*", files.Text(Folder + "-card.network")!, StringComparison.Ordinal);
        Assert.Contains("Bridge=br7\n", files.Text(Folder + "-card.network")!, StringComparison.Ordinal);
        Assert.False(files.Exists($"{Root}/etc/xen/driver-domain"));

        // Another bridge's name brings the files up to date.
        await InitializeAsync(host, Root, bridge: "br8");
        Assert.Contains("Name=br8\n", files.Text(Folder + ".netdev")!, StringComparison.Ordinal);
        Assert.Empty((await PlanAsync(host, Root, bridge: "br8")).Steps);
    }

    [Fact]
    public async Task A_file_of_our_name_without_our_mark_is_left_alone()
    {
        await using SimulatedHost host = Host("debian-12");
        host.Dom0.Machine.Files.Put($"{Root}/etc/systemd/system/xen-driver-domain.service", "[Service]\nExecStart=/opt/mine\n");
        await InitializeAsync(host, Root);
        Assert.Equal(
            "[Service]\nExecStart=/opt/mine\n", host.Dom0.Machine.Files.Text($"{Root}/etc/systemd/system/xen-driver-domain.service"));
    }

    [Fact]
    public async Task Absolute_links_of_a_root_are_written_to_inside_of_it()
    {
        await using SimulatedHost host = Host("debian-12");
        SimulatedFiles files = host.Dom0.Machine.Files;
        files.Remove($"{Root}/etc/modules-load.d");
        files.Link($"{Root}/etc/modules-load.d", "/etc/kernel.d");
        files.MakeDirectory($"{Root}/etc/kernel.d");
        files.MakeDirectory("/etc/kernel.d");
        await InitializeAsync(host, Root);
        Assert.Empty(files.Names("/etc/kernel.d"));
        Assert.Equal(["xen-driver-domain.conf"], files.Names($"{Root}/etc/kernel.d"));
    }

    [Theory]
    [InlineData("ln:-s:1:fail=1")]
    [InlineData("chmod:755:1:fail=1")]
    [InlineData("ln:-s:3:fail=1")]
    public async Task What_fails_leaves_the_root_as_it_was(string fault)
    {
        await using SimulatedHost host = Host("sysvinit", fault);
        IReadOnlyList<string> before = Paths(host, Root);
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, Root));
        Assert.Equal(ErrorIds.RootChangeFailed, error.ErrorId);
        Assert.Equal(before, Paths(host, Root));
    }

    [Fact]
    public async Task What_is_missing_is_refused_with_the_packages_named()
    {
        await using SimulatedHost host = Host("alpine");
        IReadOnlyList<string> before = Paths(host, Root);
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, Root));
        Assert.Equal(ErrorIds.RootXlMissing, error.ErrorId);
        Assert.Equal(ErrorKind.NotInstalled, error.Kind);
        Assert.Contains("no bash", error.Message, StringComparison.Ordinal);
        Assert.Contains("apk add xen", error.Remedy, StringComparison.Ordinal);
        Assert.Contains("apk add bash", error.Remedy, StringComparison.Ordinal);
        Assert.Equal(before, Paths(host, Root));
    }

    [Fact]
    public async Task Copies_from_dom0_are_what_the_programs_load_and_the_root_lacks()
    {
        await using SimulatedHost host = Host("opensuse");
        PutDom0(host);
        SimulatedFiles files = host.Dom0.Machine.Files;
        files.Put($"{Root}/usr/lib64/libyajl.so.2", "the root's own");
        files.Put("/etc/xen/scripts/vif-bridge~", "an editor's");
        DriverDomainRoot root = await InitializeAsync(host, Root, copy: true);
        Assert.DoesNotContain(root.Findings, finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(files.Text("/usr/lib/xen-4.17/bin/xl"), files.Text($"{Root}/usr/lib/xen-4.17/bin/xl"));
        Assert.Equal("/usr/lib/xen-4.17/bin/xl", files.TargetOf($"{Root}/usr/sbin/xl"));
        Assert.Equal(
            files.Text("/usr/lib/x86_64-linux-gnu/libxenlight.so.4.17.0"), files.Text($"{Root}/usr/lib64/libxenlight.so.4.17"));
        Assert.Equal("the root's own", files.Text($"{Root}/usr/lib64/libyajl.so.2"));
        Assert.False(files.Exists($"{Root}/etc/xen/scripts/vif-bridge~"));
        Assert.Equal(string.Empty, files.Text($"{Root}/usr/lib64/libc-2.38.so")!.Trim());
        Assert.Equal(files.Text("/etc/xen/scripts/vif-bridge"), files.Text($"{Root}/etc/xen/scripts/vif-bridge"));
        Assert.Equal("755", (await host.Dom0.RunAsync("stat", "-c", "%a", $"{Root}/etc/xen/scripts/vif-bridge")).StandardOutput.Trim());
        Assert.Empty((await PlanAsync(host, Root, copy: true)).Steps);
    }

    [Fact]
    public async Task Copies_that_fail_are_deleted_again()
    {
        await using SimulatedHost host = Host("opensuse", "cp:-pL:4:fail=1");
        PutDom0(host);
        IReadOnlyList<string> before = Paths(host, Root);
        await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, Root, copy: true));
        Assert.Equal(before, Paths(host, Root));
    }

    [Fact]
    public async Task Another_libc_does_not_fit()
    {
        await using SimulatedHost host = Host("alpine");
        PutDom0(host);
        host.Dom0.Machine.Files.Put($"{Root}/bin/bash", "\n");
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, Root, copy: true));
        Assert.Equal(ErrorIds.RootCopyDoesNotFit, error.ErrorId);
        Assert.Contains("musl", error.Message, StringComparison.Ordinal);
        Assert.Contains("apk add xen", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_library_of_the_root_does_not_fit_and_is_not_replaced()
    {
        await using SimulatedHost host = Host("opensuse");
        PutDom0(host);
        SimulatedFiles files = host.Dom0.Machine.Files;
        files.Link("/lib/x86_64-linux-gnu/libyajl.so.2", "libyajl.so.2.1.0");
        files.Put("/usr/lib/x86_64-linux-gnu/libyajl.so.2.1.0", "\n");
        files.Link($"{Root}/usr/lib64/libyajl.so.2", "libyajl.so.2.0.4");
        files.Put($"{Root}/usr/lib64/libyajl.so.2.0.4", "the root's own");
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, Root, copy: true));
        Assert.Equal(ErrorIds.RootCopyDoesNotFit, error.ErrorId);
        Assert.Contains(
            "libyajl.so.2 of dom0 is 2.1.0, and the root's, which is not replaced, is 2.0.4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_glibc_that_is_too_old_for_dom0s_xl_does_not_fit()
    {
        await using SimulatedHost host = Host("opensuse");
        PutDom0(host);
        SimulatedFiles files = host.Dom0.Machine.Files;
        byte[] xl = ElfFile.Make([("libc.so.6", "GLIBC_2.34"), ("libc.so.6", "GLIBC_2.39")], []);
        files.Put("/usr/lib/xen-4.17/bin/xl", WithNeeds(xl), 0x1ED);
        files.Put($"{Root}/usr/lib64/libc-2.38.so", ElfFile.Make([], ["libc.so.6", "GLIBC_2.34", "GLIBC_2.38"]));
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, Root, copy: true));
        Assert.Equal(ErrorIds.RootCopyDoesNotFit, error.ErrorId);
        Assert.Contains("xl needs GLIBC_2.39 of libc.so.6", error.Message, StringComparison.Ordinal);

        files.Put($"{Root}/usr/lib64/libc-2.38.so", ElfFile.Make([], ["libc.so.6", "GLIBC_2.34", "GLIBC_2.39"]));
        await InitializeAsync(host, Root, copy: true);
    }

    [Theory]
    [InlineData("root", ErrorIds.RootPathInvalid)]
    [InlineData("/", ErrorIds.RootPathInvalid)]
    [InlineData("/mnt/a b", ErrorIds.RootPathInvalid)]
    [InlineData("/mnt/*", ErrorIds.RootPathInvalid)]
    [InlineData("/mnt/none", ErrorIds.RootNotFound)]
    [InlineData("/dev/null", ErrorIds.RootNotFound)]
    [InlineData("/var/log", ErrorIds.RootNotRecognised)]
    public async Task A_path_that_is_no_root_is_refused(string path, string id)
    {
        await using SimulatedHost host = Host("debian-12");
        Assert.Equal(id, (await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, path))).ErrorId);
        Assert.Equal(
            id, (await SimulatedHost.ErrorOfAsync(() => TestAsync(host, path))).ErrorId);
    }

    [Fact]
    public async Task An_image_is_mounted_written_and_taken_off()
    {
        await using SimulatedHost host = Host("debian-12", place: Tree);
        PutImage(host);
        ChangePlan plan = await PlanAsync(host, Image);
        Assert.Equal($"Mount {Image} at {Point}", plan.Steps[0].Description);
        Assert.Equal($"Take {Image} off {Point}", plan.Steps[^1].Description);
        AssertClean(host);
        DriverDomainRoot root = await InitializeAsync(host, Image);
        Assert.Equal(Image, root.Path);
        Assert.DoesNotContain(root.Findings, finding => finding.Severity == FindingSeverity.Error);
        Assert.True(host.Dom0.Machine.Files.Exists($"{Tree}/etc/systemd/system/xen-driver-domain.service"));
        AssertClean(host);
        Assert.Empty((await PlanAsync(host, Image)).Steps);
        Assert.All(await TestAsync(host, Image), finding => Assert.Equal(Image, finding.Path));
        AssertClean(host);
    }

    [Theory]
    [InlineData("ln:-s:1:fail=1")]
    [InlineData("mkdir:-p:2:fail=1")]
    [InlineData("mount::2:fail=32")]
    public async Task An_image_is_taken_off_when_something_fails(string fault)
    {
        await using SimulatedHost host = Host("debian-12", fault, Tree);
        PutImage(host);
        IReadOnlyList<string> before = Paths(host, Tree);
        await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, Image));
        AssertClean(host);
        Assert.Equal(before, Paths(host, Tree));
    }

    [Fact]
    public async Task An_image_is_taken_off_when_the_user_stops_it()
    {
        CancellationTokenSource stop = new();
        await using SimulatedHost host = Host("debian-12", place: Tree);
        PutImage(host);
        IReadOnlyList<string> before = Paths(host, Tree);
        PlannedChange<DriverDomainRoot> change = await host.Session.Roots.PlanInitializeAsync(Request(Image), holdsLock: false, default);

        // In the middle of it, as Ctrl+C does.
        ChangePlan plan = change.Plan with
        {
            Steps =
            [
                .. change.Plan.Steps.Take(4),
                new ChangeStep("Stop", new Look((_, _) =>
                {
                    stop.Cancel();
                    return Task.FromCanceled(stop.Token);
                })),
                .. change.Plan.Steps.Skip(4),
            ],
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => plan.RunAsync(host.Session.Hand, stop.Token));
        AssertClean(host);
        Assert.Equal(before, Paths(host, Tree));
    }

    [Fact]
    public async Task What_a_killed_session_left_mounted_is_listed_and_taken_off_by_the_next_one()
    {
        await using SimulatedHost host = Host("debian-12", place: Tree);
        PutImage(host);
        bool wasLeft = false;
        for (int at = 1; ; at++)
        {
            await using KilledSession killed = new(host.Dom0, at, XlAtTheEnd.NotBegun);
            try
            {
                PlannedChange<DriverDomainRoot> change =
                    await killed.Session.Roots.PlanInitializeAsync(Request(Image), holdsLock: true, default);
                await change.Plan.RunAsync(killed.Session.Hand, default);
            }
            catch (Exception e) when (e is not InvalidOperationException)
            {
                // It is dead.
            }

            if (!killed.IsDead)
            {
                break;
            }

            bool isLeft = host.Dom0.Machine.Files.Exists(Point);
            wasLeft |= host.Dom0.Machine.Files.Mounts.Count > 0;
            Assert.Equal(
                isLeft ? [Point] : [],
                (await host.Session.Footprint.ListAsync(string.Empty, default)).Where(one => one.Kind == HostTraceKind.Mount)
                    .Select(one => one.Path));
            await TestAsync(host, Image);
            AssertClean(host);
        }

        Assert.True(wasLeft);
        Assert.DoesNotContain(await TestAsync(host, Image), one => one.Severity == FindingSeverity.Error);
    }

    [Fact]
    public async Task An_image_that_was_not_taken_off_cleanly_is_looked_at_as_it_is_and_mended_by_writing()
    {
        await using SimulatedHost host = Host("debian-12", place: Tree);
        string image = $"tree: {Tree}\nunclean\n";
        host.Dom0.Machine.Files.Put(Image, image);
        Told told = new();
        await host.Session.HeardBy(told).Roots.TestAsync(Image, DriverDomainRole.Network, "xenbr0", default);
        Assert.Contains("was not taken off cleanly", Assert.Single(told.Warnings), StringComparison.Ordinal);
        Assert.Equal(image, host.Dom0.Machine.Files.Text(Image));
        await InitializeAsync(host, Image);
        Assert.Equal($"tree: {Tree}\n", host.Dom0.Machine.Files.Text(Image));
        AssertClean(host);
    }

    [Fact]
    public async Task What_cannot_be_taken_off_is_told_with_what_was_done_kept()
    {
        await using SimulatedHost host = Host("debian-12", "umount::2:fail=32", Tree);
        PutImage(host);
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, Image));
        Assert.Equal(ErrorIds.RootImageStillMounted, error.ErrorId);
        Assert.Contains($"fuser -m {Point}", error.Remedy, StringComparison.Ordinal);
        Assert.Single(host.Dom0.Machine.Files.Mounts);
        Assert.DoesNotContain(await TestAsync(host, Image), one => one.Severity == FindingSeverity.Error);
        AssertClean(host);
    }

    [Fact]
    public async Task An_image_in_use_is_refused()
    {
        await using SimulatedHost host = Host("debian-12", place: Tree);
        PutImage(host);
        SimulatedFiles files = host.Dom0.Machine.Files;
        files.PutAttribute("/sys/class/block/loop3/loop/backing_file", () => Image + "\n");
        Assert.Contains("/dev/loop3", (await UsedAsync()).Message, StringComparison.Ordinal);
        files.Remove("/sys/class/block/loop3");

        files.MakeDirectory("/mnt/there");
        await host.Dom0.RunAsync("mount", Image, "/mnt/there");
        files.Put("/dev/loop0", $"tree: {Tree}");
        Assert.Contains(
            "mounted at /mnt/there",
            (await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, "/dev/loop0"))).Message, StringComparison.Ordinal);
        await host.Dom0.RunAsync("umount", "/mnt/there");

        files.Put(
            "/root/web.cfg",
            "name='web'\nkernel='/root/vmlinuz'\nmemory=128\ntype='pv'\n" + $"disk=['format=raw,vdev=xvda,access=rw,target={Image}']\n");
        Assert.Equal(0, (await host.XlAsync("create", "/root/web.cfg")).ExitCode);
        Assert.Contains("a disk of the domain web", (await UsedAsync()).Message, StringComparison.Ordinal);

        // The device that its back end has, by whatever name.
        files.PutAttribute("/sys/class/block/loop11/dev", () => "7:11\n");
        files.PutDevice("/dev/loop11", HostFileKind.BlockDevice);
        host.Dom0.Store.Write(0, $"{host.Dom0.Store.Read(0, "/libxl/1/device/vbd/51712/backend")}/physical-device", "7:b");
        Assert.Contains(
            "/dev/loop11 is in use: it is a disk of the domain web",
            (await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, "/dev/loop11"))).Message, StringComparison.Ordinal);
        AssertClean(host);

        async Task<XenDriverDomainException> UsedAsync()
        {
            XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, Image));
            Assert.Equal(ErrorIds.RootImageInUse, error.ErrorId);
            return error;
        }
    }

    [Fact]
    public async Task A_partitioned_image_is_refused_with_the_way_to_its_partitions()
    {
        await using SimulatedHost host = Host("debian-12");
        byte[] disk = new byte[1024];
        (disk[510], disk[511]) = (0x55, 0xaa);
        host.Dom0.Machine.Files.Put(Image, disk);
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, Image));
        Assert.Equal(ErrorIds.RootImagePartitioned, error.ErrorId);
        Assert.Contains($"losetup -fP --show {Image}", error.Remedy, StringComparison.Ordinal);
        host.Dom0.Machine.Files.Put(Image, "no file system");
        error = await SimulatedHost.ErrorOfAsync(() => InitializeAsync(host, Image));
        Assert.Equal(ErrorIds.RootImageNotMounted, error.ErrorId);
        Assert.Contains("wrong fs type", error.Message, StringComparison.Ordinal);
        AssertClean(host);
    }

    private static SimulatedHost Host(string recording, string? fault = null, string place = Root)
    {
        SimulatedHost host = new("lab", fault is null ? [] : [fault]);
        SimulatedFiles files = host.Dom0.Machine.Files;
        RecordedRoot.Lay(recording, place, (path, text) => files.Put(path, text), files.Link, files.MakeDirectory);
        return host;
    }

    private static void PutImage(SimulatedHost host) => host.Dom0.Machine.Files.Put(Image, $"tree: {Tree}\n");

    // A Debian's dom0: xl is a script, libraries are links.
    private static void PutDom0(SimulatedHost host)
    {
        SimulatedFiles files = host.Dom0.Machine.Files;
        files.Link("/lib", "/usr/lib");
        files.Put("/usr/sbin/xl", "#!/bin/sh\n", 0x1ED);
        files.Put("/usr/lib/xen-4.17/bin/xl", Encoding.Latin1.GetString(WithNeeds([])), 0x1ED);
        foreach (string tool in (string[])["read", "write", "list"])
        {
            files.Put($"/usr/bin/xenstore-{tool}", "needs: /lib/x86_64-linux-gnu/libxenstore.so.4\n", 0x1ED);
        }

        foreach (string library in s_libraries)
        {
            files.Link($"/usr/lib/x86_64-linux-gnu/{library}", library + ".0");
            files.Put($"/usr/lib/x86_64-linux-gnu/{library}.0", $"{library}\nneeds: /lib64/ld-linux-x86-64.so.2\n");
        }

        files.Put("/lib64/ld-linux-x86-64.so.2", "\n");
        files.Put("/etc/xen/scripts/xen-hotplug-common.sh", "# common\n");
    }

    private static byte[] WithNeeds(byte[] program) =>
        [.. program, .. Encoding.Latin1.GetBytes("\n" + string.Concat(s_libraries.Select(one => $"needs: /lib/x86_64-linux-gnu/{one}\n")))];

    private static InitializeRootRequest Request(
        string path, DriverDomainRole role = DriverDomainRole.Network, bool copy = false, string bridge = "xenbr0") =>
        new() { Path = path, Role = role, CopyFromDom0 = copy, Bridge = bridge };

    private static Task<DriverDomainRoot> InitializeAsync(
        SimulatedHost host, string path, DriverDomainRole role = DriverDomainRole.Network, bool copy = false, string bridge = "xenbr0") =>
        host.RunAsync(host.Session.Roots.PlanInitializeAsync(Request(path, role, copy, bridge), holdsLock: false, default));

    private static async Task<ChangePlan> PlanAsync(
        SimulatedHost host, string path, DriverDomainRole role = DriverDomainRole.Network, bool copy = false, string bridge = "xenbr0") =>
        (await host.Session.Roots.PlanInitializeAsync(Request(path, role, copy, bridge), holdsLock: false, default)).Plan;

    private static Task<IReadOnlyList<RootFinding>> TestAsync(SimulatedHost host, string path) =>
        host.Session.Roots.TestAsync(path, DriverDomainRole.Network, "xenbr0", default);

    private static void AssertClean(SimulatedHost host)
    {
        Assert.Empty(host.Dom0.Machine.Files.Mounts);
        Assert.False(host.Dom0.Machine.Files.Exists(Point));
    }

    // What is there, with the contents of files and the targets of links.
    private static IReadOnlyList<string> Paths(SimulatedHost host, string folder)
    {
        SimulatedFiles files = host.Dom0.Machine.Files;
        return [.. files.Names(folder).SelectMany(name => One($"{folder}/{name}"))];

        IEnumerable<string> One(string path) => files.TargetOf(path) is { } target ? [$"{path} -> {target}"]
            : files.Text(path) is { } text ? [$"{path} = {text}"]
            : Paths(host, path).Prepend(path);
    }
}
