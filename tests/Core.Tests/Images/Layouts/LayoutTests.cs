using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Images;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Images.Layouts;

/// <summary>
/// What is found on dom0s as distributions install them, and what is refused. The trees are written by hand after what is known of the
/// packages, not recorded from running hosts: they show what the composer does with such a layout, not that the layout is exactly so.
/// </summary>
public class LayoutTests
{
    private static readonly string[] s_modules =
    [
        "xen-evtchn", "xen-privcmd", "xen-gntdev", "xen-gntalloc", "xenfs", "xen-pcifront", "xen-netback", "llc", "stp", "bridge", "e1000e",
    ];

    public static TheoryData<string> All =>
    [
        "debian-11", "debian-12", "fedora-41", "fedora-42", "opensuse-leap-15.6", "opensuse-tumbleweed", "alpine-3.20", "xcp-ng-8.3",
        "source-build",
    ];

    [Theory]
    [InlineData("debian-11", "/boot/vmlinuz-5.10.0-33-amd64")]
    [InlineData("debian-12", "/boot/vmlinuz-6.1.0-30-amd64")]
    [InlineData("fedora-41", "/boot/vmlinuz-6.11.4-301.fc41.x86_64")]
    [InlineData("opensuse-leap-15.6", "/boot/vmlinuz-6.4.0-150600.23.25-default")]
    [InlineData("opensuse-tumbleweed", "/boot/vmlinuz-6.12.6-1-default")]
    [InlineData("alpine-3.20", "/boot/vmlinuz-lts")]
    [InlineData("xcp-ng-8.3", "/boot/vmlinuz-4.19.0+1")]
    public async Task The_kernel_is_the_one_that_runs(string name, string kernel) =>
        Assert.Equal(kernel, (await LookAsync(RecordedTree.Of(name))).Kernel.Source);

    [Theory]
    [InlineData("fedora-41", "/lib/modules/6.11.4-301.fc41.x86_64/vmlinuz")]
    [InlineData("opensuse-tumbleweed", "/lib/modules/6.12.6-1-default/vmlinuz")]
    public async Task A_kernel_that_is_not_in_boot_lies_beside_its_modules(string name, string kernel)
    {
        RecordedTree tree = RecordedTree.Of(name);
        tree.Without($"/boot/vmlinuz-{tree.Value("release")}");

        Assert.Equal(kernel, (await LookAsync(tree)).Kernel.Source);
    }

    [Theory]
    [InlineData("debian-11", "/usr/lib/xen-4.14/bin/xl")]
    [InlineData("debian-12", "/usr/lib/xen-4.17/bin/xl")]
    [InlineData("fedora-41", "/usr/sbin/xl")]
    [InlineData("fedora-42", "/usr/bin/xl")]
    [InlineData("opensuse-leap-15.6", "/usr/sbin/xl")]
    [InlineData("opensuse-tumbleweed", "/usr/sbin/xl")]
    [InlineData("alpine-3.20", "/usr/sbin/xl")]
    [InlineData("xcp-ng-8.3", "/usr/sbin/xl")]
    [InlineData("source-build", "/usr/local/sbin/xl")]
    public async Task The_xl_is_the_program_and_no_script_before_it(string name, string xl)
    {
        InsideTree inside = await InsideAsync(name);

        Assert.Equal(xl, inside.Command("xl"));
        Assert.Equal(xl, inside.FileAt("/usr/sbin/xl"));
    }

    [Theory]
    [InlineData("debian-11", "")]
    [InlineData("debian-12", "")]
    [InlineData("fedora-41", ".xz")]
    [InlineData("fedora-42", ".xz")]
    [InlineData("opensuse-leap-15.6", ".zst")]
    [InlineData("opensuse-tumbleweed", ".zst")]
    [InlineData("alpine-3.20", ".gz")]
    [InlineData("xcp-ng-8.3", "")]
    public async Task Modules_are_loaded_in_an_order_that_works_by_files_that_are_there(string name, string packed)
    {
        InsideTree inside = await InsideAsync(name);
        string[] modules = inside.Lines("/etc/xen-driver-domain/modules");

        Assert.Equal(s_modules.Select(one => $"{one}.ko{packed}"), modules.Select(path => path[(path.LastIndexOf('/') + 1)..]));
        Assert.All(modules, path => Assert.NotNull(inside.FileAt(path)));
    }

    [Fact]
    public async Task A_driver_that_XCPng_has_replaced_is_the_new_one() =>
        Assert.EndsWith("/4.19.0+1/updates/e1000e.ko", (await InsideAsync("xcp-ng-8.3")).Lines("/etc/xen-driver-domain/modules")[^1]);

    [Theory]
    [InlineData("debian-11", "/bin/kmod")]
    [InlineData("debian-12", "/usr/bin/busybox")]
    [InlineData("fedora-41", "/usr/bin/kmod")]
    [InlineData("fedora-42", "/usr/bin/kmod")]
    [InlineData("opensuse-leap-15.6", "/usr/bin/kmod")]
    [InlineData("alpine-3.20", "/bin/kmod")]
    public async Task What_loads_modules_can_unpack_them(string name, string program)
    {
        InsideTree inside = await InsideAsync(name);

        // On Alpine both names are there; init's PATH has /sbin before /bin.
        Assert.Equal(program, inside.Command("insmod"));
    }

    [Theory]
    [InlineData("debian-12", "/usr/bin/busybox")]
    [InlineData("alpine-3.20", "/bin/busybox")]
    [InlineData("fedora-41", "/usr/bin/mount")]
    [InlineData("opensuse-leap-15.6", "/bin/mount")]
    public async Task Small_tools_are_busyboxs_where_there_is_one(string name, string mount) =>
        Assert.Equal(mount, (await InsideAsync(name)).Command("mount"));

    [Theory]
    [InlineData("fedora-41", "/sbin", "usr/sbin")]
    [InlineData("fedora-42", "/usr/sbin", "bin")]
    [InlineData("opensuse-leap-15.6", "/bin", null)]
    [InlineData("alpine-3.20", "/lib", null)]
    [InlineData("xcp-ng-8.3", "/lib64", "usr/lib64")]
    public async Task Folders_are_merged_as_in_dom0(string name, string folder, string? target) =>
        Assert.Equal(
            target,
            (await LookAsync(RecordedTree.Of(name))).Entries.OfType<LinkEntry>().FirstOrDefault(one => one.Path == folder)?.Target);

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_inside_is_whole(string name)
    {
        RecordedTree tree = RecordedTree.Of(name);
        ImageContent content = await LookAsync(tree);
        InsideTree inside = new(content);

        Assert.NotEmpty(content.Pieces());
        Assert.All(
            (string[])
            [
                "sh", "bash", "ip", "xl", "xenstore-read", "xenstore-write", "xenstore-rm", "insmod", "mount", "mkfifo", "sleep", "sed",
                "grep", "awk", "flock", "setsid", "kill", "wc",
            ],
            command => Assert.True(inside.Command(command) is not null, $"no {command}"));
        Assert.All(
            (string[])["/init", "/sbin/poweroff", "/sbin/reboot"],
            path => Assert.True(inside.At(path) is OwnFileEntry { IsExecutable: true }, path));
        Assert.All(
            (string[])["/bin/sh", "/bin/bash", "/etc/xen/scripts/vif-bridge", "/etc/xen/scripts/xen-hotplug-common.sh"],
            path => Assert.True(inside.At(path) is HostFileEntry { IsExecutable: true }, path));
        Assert.Null(inside.At("/etc/xen/scripts/block"));
        Assert.All(
            content.Entries.OfType<LinkEntry>().Where(link => link.Path != "/var/lock"),
            link => Assert.True(inside.At(link.Path) is not null, $"{link.Path} leads to {link.Target}, which is not there"));

        // Each program finds what it loads where its loader looks, which has no cache inside.
        foreach (string source in content.Entries.OfType<HostFileEntry>().Select(file => Real(tree, file.Source)))
        {
            foreach (string library in tree.LoadedBy(source))
            {
                Assert.True(
                    tree.LoaderFolders.Any(folder => inside.FileAt($"{folder}/{library}") is not null), $"{source} lacks {library}");
            }
        }

        Assert.NotNull(inside.FileAt(tree.Value("loader")));
    }

    [Theory]
    [InlineData("debian-12", "xen-utils-common and xenstore-utils")]
    [InlineData("fedora-41", "xen-runtime")]
    [InlineData("opensuse-leap-15.6", "xen-tools")]
    [InlineData("opensuse-tumbleweed", "xen-tools")]
    [InlineData("alpine-3.20", "xen")]
    [InlineData("xcp-ng-8.3", "xen-dom0-tools and xen-tools")]
    public async Task Without_Xens_tools_the_package_is_named_once(string name, string package)
    {
        string[] names = ["read", "write", "exists", "list", "ls", "rm", "watch"];
        XenDriverDomainException error = await RefusedAsync(RecordedTree.Of(name).Without(
        [
            "/usr/sbin/xl", "/usr/lib/xen-4.17", "/etc/xen/scripts", .. names.Select(one => $"/usr/bin/xenstore-{one}"),
        ]));

        Assert.Equal(ErrorIds.ImagePartsMissing, error.ErrorId);
        Assert.All((string[])["xl", "xenstore-read", "/etc/xen/scripts/vif-bridge"], part => Assert.Contains(part, error.Message));
        Assert.Equal($"Install {package}.", error.Remedy);
    }

    [Theory]
    [InlineData("fedora-41", "nft", "/usr/sbin/nft", "nf_nat nft_chain_nat nft_masq", null)]
    [InlineData(
        "debian-11", "iptables", "/usr/sbin/xtables-legacy-multi", "nf_nat iptable_nat xt_MASQUERADE",
        "/usr/lib/x86_64-linux-gnu/xtables/libipt_MASQUERADE.so")]
    [InlineData(
        "xcp-ng-8.3", "iptables", "/usr/sbin/xtables-multi", "nf_nat iptable_nat ipt_MASQUERADE",
        "/usr/lib64/xtables/libipt_MASQUERADE.so")]
    public async Task Addresses_are_translated_by_what_dom0_has(string name, string tool, string program, string modules, string? library)
    {
        ImageContent content = await LookAsync(RecordedTree.Of(name), request => request with { HasNat = true });
        InsideTree inside = new(content);

        Assert.Equal(program, inside.Command(tool));
        Assert.Equal(modules.Split(' '), content.Modules.Where(one => one.Contains("nat") || one.Contains("masq") || one.Contains("MASQ")));
        Assert.True(library is null || inside.FileAt(library) is not null);
    }

    [Theory]
    [InlineData("alpine-3.20", "/bin/busybox")]
    [InlineData("debian-12", "/usr/bin/busybox")]
    public async Task Busybox_asks_for_an_address(string name, string busybox) =>
        Assert.Equal(
            busybox, new InsideTree(await LookAsync(RecordedTree.Of(name), request => request with { HasDhcp = true })).Command("udhcpc"));

    [Theory]
    [InlineData("fedora-41")]
    [InlineData("xcp-ng-8.3")]
    public async Task Where_there_is_no_busybox_it_is_what_DHCP_lacks(string name)
    {
        XenDriverDomainException error = await RefusedAsync(RecordedTree.Of(name), request => request with { HasDhcp = true });

        Assert.Contains("udhcpc", error.Message);
        Assert.Contains("Install busybox.", error.Remedy);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_inside_for_disks_has_their_script_and_no_bridge(string name)
    {
        ImageContent content = await LookAsync(RecordedTree.Of(name), request => request with { Role = DriverDomainRole.Disk });
        InsideTree inside = new(content);

        Assert.NotNull(inside.FileAt("/etc/xen/scripts/block"));
        Assert.Null(inside.At("/etc/xen/scripts/vif-bridge"));
        Assert.Contains("xen_blkback", content.Modules);
        Assert.DoesNotContain("bridge", content.Modules);
    }

    [Fact]
    public async Task Without_bash_Alpine_is_refused()
    {
        XenDriverDomainException error = await RefusedAsync(RecordedTree.Of("alpine-3.20").Without("/bin/bash"));

        Assert.Equal(ErrorIds.ImagePartsMissing, error.ErrorId);
        Assert.EndsWith("is made of: bash.", error.Message);
        Assert.Equal("Install bash.", error.Remedy);
    }

    [Theory]
    [InlineData("alpine-3.20", "/sbin/ip", "iproute2")]
    [InlineData("fedora-41", "/usr/sbin/ip", "iproute")]
    public async Task What_busybox_calls_ip_is_not_enough(string name, string path, string package)
    {
        RecordedTree tree = RecordedTree.Of(name).Without(path);
        tree.Files.Put("/usr/bin/busybox", "that is busybox").Link(path, name == "alpine-3.20" ? "/bin/busybox" : "../bin/busybox");
        tree.Commands.On("busybox", "ip\nifconfig\n");
        XenDriverDomainException error = await RefusedAsync(tree);

        Assert.Contains("ip", error.Message);
        Assert.Contains($"Install {package}.", error.Remedy);
    }

    [Theory]
    [InlineData("debian-12", "linux-image-6.1.0-30-amd64")]
    [InlineData("fedora-41", "kernel-modules")]
    [InlineData("opensuse-leap-15.6", "kernel-default")]
    [InlineData("alpine-3.20", "linux-lts")]
    [InlineData("xcp-ng-8.3", "kernel")]
    public async Task A_kernel_without_a_module_is_refused_with_the_package_that_has_it(string name, string package)
    {
        XenDriverDomainException error = await RefusedAsync(RecordedTree.Of(
            name, text => string.Join('\n', text.Split('\n').Where(line => !line.Contains("pcifront")))));

        Assert.Equal(ErrorIds.ImagePartsMissing, error.ErrorId);
        Assert.EndsWith("is made of: the module xen_pcifront.", error.Message);
        Assert.Contains($"Install {package},", error.Remedy);
    }

    [Theory]
    [InlineData("fedora-41", "kernel-modules")]
    [InlineData("alpine-3.20", "linux-lts")]
    public async Task A_card_that_no_module_knows_is_refused(string name, string package)
    {
        XenDriverDomainException error = await RefusedAsync(RecordedTree.Of(
            name, text => string.Join('\n', text.Split('\n').Where(line => !line.StartsWith("alias ")))));

        Assert.Equal(ErrorIds.ImageDriverNotFound, error.ErrorId);
        Assert.Contains("0000:03:00.0", error.Message);
        Assert.Contains(package, error.Remedy);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Without_the_kernel_that_runs_there_is_no_image(string name)
    {
        RecordedTree tree = RecordedTree.Of(name);
        string release = tree.Value("release");
        tree.Without("/boot", $"/lib/modules/{release}/vmlinuz");

        XenDriverDomainException error = await RefusedAsync(tree);

        Assert.Equal(ErrorIds.ImageKernelNotFound, error.ErrorId);
        Assert.Contains(release, error.Message);
    }

    [Fact]
    public async Task What_is_packed_by_zstd_is_not_for_busybox()
    {
        RecordedTree tree = RecordedTree.Of("alpine-3.20", text => text.Replace(".ko.gz", ".ko.zst")).Without("/sbin/insmod", "/bin/kmod");
        tree.Files.Link("/sbin/insmod", "/bin/busybox");

        XenDriverDomainException error = await RefusedAsync(tree);

        Assert.EndsWith("is made of: insmod.", error.Message);
        Assert.Equal("Install kmod.", error.Remedy);
    }

    [Theory]
    [InlineData("alpine-3.20", "ldd", "musl-utils")]
    [InlineData("fedora-41", "ldd", "glibc-common")]
    [InlineData("opensuse-tumbleweed", "ldd", "glibc")]
    [InlineData("debian-12", "ldd", "libc-bin")]
    [InlineData("xcp-ng-8.3", "modinfo", "kmod")]
    public async Task A_program_that_is_to_look_and_is_not_there_is_named_with_its_package(string name, string program, string package)
    {
        RecordedTree tree = RecordedTree.Of(name);
        tree.Commands.On(program, request => throw CommandErrors.NotFound(request.Program));

        XenDriverDomainException error = await RefusedAsync(tree);

        Assert.Equal(ErrorIds.ImageLookFailed, error.ErrorId);
        Assert.Equal($"Install {package}, which has {program}.", error.Remedy);
    }

    private static string Real(RecordedTree tree, string path) =>
        tree.Files.ResolveAsync(path, default).AsTask().GetAwaiter().GetResult() ?? path;

    private static async Task<InsideTree> InsideAsync(string name) => new(await LookAsync(RecordedTree.Of(name)));

    private static Task<XenDriverDomainException> RefusedAsync(RecordedTree tree, Func<ImageRequest, ImageRequest>? change = null) =>
        Assert.ThrowsAsync<XenDriverDomainException>(() => LookAsync(tree, change));

    private static Task<ImageContent> LookAsync(RecordedTree tree, Func<ImageRequest, ImageRequest>? change = null)
    {
        ImageRequest request = new() { PciDevice = [PciAddress.Parse("0000:03:00.0")] };
        return ImageSurvey.LookAsync(tree.Host, change?.Invoke(request) ?? request, TestContext.Current.CancellationToken);
    }
}
