using XenDriverDomain.Access;
using XenDriverDomain.Assignment.AtBoot;
using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>
/// Hiding functions at boot, with GRUB 2 and with module options: what is written, what is run, and what a failure leaves.
/// </summary>
public sealed class AtBootTests : IAsyncDisposable
{
    private const string Defaults = "/etc/default/grub";
    private const string Generated = "/boot/grub/grub.cfg";
    private const string Options = "/etc/modprobe.d/xen-pciback.conf";
    private const string Modules = "/etc/initramfs-tools/modules";
    private const string Image = "/boot/initrd.img-6.1.0-28-amd64";
    private static readonly PciAddress s_card = PciAddress.Parse("01:00.0");
    private static readonly PciAddress s_second = PciAddress.Parse("03:00.0");
    private static readonly PciAddress s_disk = PciAddress.Parse("02:00.0");
    private static readonly AtBootOptions s_grub = new() { BootLoader = BootLoader.Grub2 };

    private readonly Told _told = new();
    private SimulatedDom0 _dom0 = SimulatedDom0.Create();

    private HostSession Session => HostSession.Of(_dom0.CreateDom0());

    public ValueTask DisposeAsync() => _dom0.DisposeAsync();

    [Fact]
    public async Task Functions_go_onto_GRUBs_command_line_and_nothing_changes_now()
    {
        string before = Text(Defaults);

        IReadOnlyList<PciDevice> devices = await AddAsync(s_grub, s_card, s_second);

        Assert.Equal([(PciDeviceState.Host, PciNextBootState.Assignable)], devices.Select(device => (device.State, device.StateAtNextBoot))
            .Distinct());
        const string Hide = "xen-pciback.hide=(0000:01:00.0)(0000:03:00.0)";
        Assert.Equal(before.Replace("GRUB_CMDLINE_LINUX=\"\"", $"GRUB_CMDLINE_LINUX=\"{Hide}\"", StringComparison.Ordinal), Text(Defaults));
        Assert.Equal(before, Text(Defaults + ".xdd-backup"));
        Assert.Contains(Hide, Text(Generated), StringComparison.Ordinal);
        Assert.Equal("softdep i40e pre: xen-pciback\nsoftdep igb pre: xen-pciback\n", Text(Options));
        Assert.EndsWith("\nxen-pciback\n", Text(Modules), StringComparison.Ordinal);

        BootAssignment[] shown = [.. await Session.AtBoot.ListAsync(new AtBootOptions(), default)];
        Assert.Equal([s_card, s_second], shown.Select(one => one.Address));
        Assert.All(shown, one => Assert.Equal((BootLoader.Grub2, Defaults, null), (one.BootLoader, one.Path, one.Error)));
    }

    [Fact]
    public async Task The_same_again_is_nothing_to_do_and_taking_it_back_restores_the_file()
    {
        string before = Text(Defaults);
        await AddAsync(s_grub, s_card);

        Assert.True((await Session.HeardBy(_told).AtBoot.PlanAddAsync([s_card], s_grub, default)).Plan.IsEmpty);
        PciDevice device = Assert.Single(await RemoveAsync(new AtBootOptions(), s_card));

        Assert.Equal(PciNextBootState.Host, device.StateAtNextBoot);
        Assert.Equal(before, Text(Defaults));
        Assert.DoesNotContain("hide", Text(Generated), StringComparison.Ordinal);
        Assert.True((await Session.HeardBy(_told).AtBoot.PlanRemoveAsync([s_card], s_grub, default)).Plan.IsEmpty);
    }

    [Fact]
    public async Task Where_pciback_is_a_module_its_options_are_used()
    {
        PciDevice device = Assert.Single(await AddAsync(new AtBootOptions(), s_card));

        Assert.Equal(PciNextBootState.Assignable, device.StateAtNextBoot);
        Assert.Equal("options xen-pciback hide=(0000:01:00.0)\nsoftdep i40e pre: xen-pciback\n", Text(Options));
        Assert.DoesNotContain("hide", Text(Defaults), StringComparison.Ordinal);

        // The module takes it, as it will at boot, from a card without a driver.
        _dom0.WriteFile($"/sys/bus/pci/drivers/i40e/unbind", "0000:01:00.0\n");
        Run("modprobe", "-r", "xen-pciback");
        Run("modprobe", "xen-pciback");
        Assert.Equal(PciDeviceState.Assignable, (await Session.Pci.GetAsync(s_card, default)).State);

        Assert.Equal(PciNextBootState.Host, Assert.Single(await RemoveAsync(new AtBootOptions(), s_card)).StateAtNextBoot);
        Assert.Null(TryText(Options));
    }

    [Theory]
    [InlineData("update-grub::1:fail=1 grub-probe: error: cannot find a device", ErrorIds.BootConfigRegenerationFailed)]
    [InlineData("update-initramfs:-u:1:fail=1", ErrorIds.BootConfigRegenerationFailed)]
    [InlineData("cp::1:fail=1", ErrorIds.HostFileFailed)]
    public async Task A_failure_leaves_every_file_as_it_was(string fault, string id)
    {
        await RestartAsync(SimulatedHostOptionsWith(fault));
        Dictionary<string, string?> before = Snapshot();

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => AddAsync(s_grub, s_card));

        Assert.Equal(id, error.ErrorId);
        Assert.Empty(error.Outcome.Remaining);
        Assert.Equal(before[Defaults], Text(Defaults));
        Assert.Equal(before[Options], TryText(Options));
        Assert.Equal(before[Modules], Text(Modules));
        Assert.DoesNotContain("hide", Text(Generated), StringComparison.Ordinal);

        // The fault was the first occasion; the second try succeeds.
        Assert.Equal(PciNextBootState.Assignable, Assert.Single(await AddAsync(s_grub, s_card)).StateAtNextBoot);
    }

    /// <summary>The last card goes, and with it a file: what fails after that brings the file back.</summary>
    [Fact]
    public async Task A_failure_brings_back_a_file_that_was_deleted()
    {
        await RestartAsync(SimulatedHostOptionsWith("update-initramfs:-u:2:fail=1"));
        await AddAsync(new AtBootOptions(), s_card);
        Dictionary<string, string?> before = Snapshot();
        Assert.NotNull(before[Options]);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => RemoveAsync(new AtBootOptions(), s_card));

        Assert.Equal(ErrorIds.BootConfigRegenerationFailed, error.ErrorId);
        Assert.Empty(error.Outcome.Remaining);
        Assert.Equal(before, Snapshot());
        await RemoveAsync(new AtBootOptions(), s_card);
        Assert.Null(TryText(Options));
    }

    /// <summary>A file that somebody wrote himself keeps all but what we are seen to have put into it.</summary>
    [Fact]
    public async Task What_the_administrator_had_there_stays()
    {
        const string Own = "# Ours\nsoftdep igb pre: xen-pciback\n";
        _dom0.WriteFile(Options, Own);
        await AddAsync(new AtBootOptions { BootLoader = BootLoader.Modprobe }, s_card);
        Assert.Contains("softdep i40e pre: xen-pciback", Text(Options), StringComparison.Ordinal);

        await RemoveAsync(new AtBootOptions { BootLoader = BootLoader.Modprobe }, s_card);

        Assert.Equal(Own, Text(Options));
    }

    [Fact]
    public async Task What_dom0_lives_on_is_refused_unless_forced()
    {
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => AddAsync(s_grub, s_card, s_disk));
        Assert.Equal((ErrorIds.PciDeviceVitalToDom0, (object?)s_disk), (error.ErrorId, error.Target));
        Assert.DoesNotContain("hide", Text(Defaults), StringComparison.Ordinal);

        await AddAsync(s_grub with { Force = true }, s_disk);
        Assert.Contains(
            _told.Warnings,
            text => text.Contains("-Force", StringComparison.Ordinal) && text.Contains(s_disk.ToString(), StringComparison.Ordinal));
        Assert.Contains("(0000:02:00.0)", Text(Defaults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_not_root_is_refused()
    {
        _dom0.Machine.Files.Put("/proc/self/status", "Name:\tcat\nUid:\t1000\t1000\t1000\t1000\n");
        Assert.Equal(ErrorIds.NotRoot, (await Assert.ThrowsAsync<XenDriverDomainException>(() => AddAsync(s_grub, s_card))).ErrorId);
    }

    [Fact]
    public async Task A_malformed_element_is_named_and_dropped_only_by_force()
    {
        _dom0.WriteFile(Defaults, "GRUB_CMDLINE_LINUX=\"xen-pciback.hide=(03:00.0)(0000:82.0.0) quiet\"\n");
        BootAssignment bad = (await Session.AtBoot.ListAsync(new AtBootOptions(), default)).Single(one => one.Error is not null);
        Assert.Equal(("(0000:82.0.0)", null, 1), (bad.Element, bad.Address, bad.Line));
        Assert.Equal(PciNextBootState.Host, (await Session.Pci.GetAsync(s_second, default)).StateAtNextBoot);

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => AddAsync(new AtBootOptions(), s_card));
        Assert.Equal(ErrorIds.BootHideMalformed, error.ErrorId);
        Assert.Contains("(0000:82.0.0)", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{Defaults}, line 1", error.Message, StringComparison.Ordinal);

        await AddAsync(new AtBootOptions { Force = true }, s_card);
        Assert.Equal("GRUB_CMDLINE_LINUX=\"xen-pciback.hide=(03:00.0)(0000:01:00.0) quiet\"\n", Text(Defaults));
        Assert.Equal(PciNextBootState.Assignable, (await Session.Pci.GetAsync(s_second, default)).StateAtNextBoot);
    }

    [Fact]
    public async Task A_wildcard_counts_as_there_and_goes_only_by_force()
    {
        _dom0.WriteFile(Defaults, "GRUB_CMDLINE_LINUX=\"xen-pciback.hide=(01:00.*)\"\n");
        Assert.True(
            (await Session.HeardBy(_told).AtBoot.PlanAddAsync([s_card], s_grub, default)).Plan.Steps.All(
                step => !step.Description.Contains(Defaults, StringComparison.Ordinal)
                    || step.Description.StartsWith("Check", StringComparison.Ordinal)));

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => RemoveAsync(s_grub, s_card));
        Assert.Equal(ErrorIds.BootHideIsWildcard, error.ErrorId);

        await RemoveAsync(s_grub with { Force = true }, s_card);
        Assert.Equal("GRUB_CMDLINE_LINUX=\"\"\n", Text(Defaults));
    }

    [Fact]
    public async Task A_command_line_takes_over_what_module_options_hide_and_both_are_cleared()
    {
        _dom0.WriteFile("/etc/modprobe.d/local.conf", "options xen-pciback permissive=1 hide=(03:00.0)(06:*.*)\n");

        await AddAsync(s_grub, s_card);

        Assert.Contains("xen-pciback.hide=(0000:03:00.0)(0000:06:*.*)(0000:01:00.0)", Text(Defaults), StringComparison.Ordinal);
        Assert.Equal(PciNextBootState.Assignable, (await Session.Pci.GetAsync(s_second, default)).StateAtNextBoot);
        Assert.Equal(
            ErrorIds.BootHideOverridden,
            (await Assert.ThrowsAsync<XenDriverDomainException>(
                () => AddAsync(new AtBootOptions { BootLoader = BootLoader.Modprobe }, s_card))).ErrorId);

        Assert.Equal(PciNextBootState.Host, Assert.Single(await RemoveAsync(new AtBootOptions(), s_second)).StateAtNextBoot);
        Assert.Equal("options xen-pciback permissive=1 hide=(06:*.*)\n", Text("/etc/modprobe.d/local.conf"));
        Assert.Contains("xen-pciback.hide=(0000:06:*.*)(0000:01:00.0)", Text(Defaults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_somebody_else_changes_meanwhile_is_not_overwritten()
    {
        PlannedChange<IReadOnlyList<PciDevice>> change = await Session.HeardBy(_told).AtBoot.PlanAddAsync([s_card], s_grub, default);
        string theirs = "# theirs\n" + Text(Defaults);
        _dom0.WriteFile(Defaults, theirs);

        ChangeFailedException error =
            await Assert.ThrowsAsync<ChangeFailedException>(() => change.Plan.RunAsync(Session.HeardBy(_told).Hand, default));

        Assert.Equal(ErrorIds.BootConfigChanged, error.ErrorId);
        Assert.Equal(theirs, Text(Defaults));
    }

    [Fact]
    public async Task The_setting_that_replaces_another_one_for_Xen_is_changed_in_its_place()
    {
        _dom0.WriteFile(Defaults + ".d/zz.cfg", "GRUB_CMDLINE_LINUX_XEN_REPLACE=\"console=hvc0\"\n");
        await AddAsync(s_grub, s_card);
        Assert.Equal("GRUB_CMDLINE_LINUX_XEN_REPLACE=\"console=hvc0 xen-pciback.hide=(0000:01:00.0)\"\n", Text(Defaults + ".d/zz.cfg"));
        Assert.DoesNotContain("hide", Text(Defaults), StringComparison.Ordinal);
        Assert.Contains("console=hvc0 xen-pciback.hide=(0000:01:00.0)", Text(Generated), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_that_do_not_follow_the_settings_are_named_and_it_is_an_error_when_none_does()
    {
        await AddAsync(s_grub, s_card);
        Dom0 dom0 = Session.Dom0;
        BootConfiguration configuration = (await BootReader.ReadAsync(dom0.Files, null, default)).Choose("dom0", s_grub);
        const string Custom = "menuentry 'mine' {\n\tmultiboot2 /boot/xen.gz\n\tmodule2 /boot/vmlinuz ro\n}\n";

        _dom0.WriteFile(Generated, Text(Generated) + Custom);
        await new BootCheck(dom0, _told).RequireAsync(configuration, [s_card], true, default);
        Assert.Contains(
            _told.Warnings,
            text => text.Contains("'mine'", StringComparison.Ordinal) && text.Contains("will not be hidden", StringComparison.Ordinal));

        _dom0.WriteFile(Generated, Custom);
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => new BootCheck(dom0, _told).RequireAsync(configuration, [s_card], true, default));
        Assert.Equal(ErrorIds.BootConfigNotVerified, error.ErrorId);
        Assert.Contains(Generated, error.Message, StringComparison.Ordinal);

        // A file without any entry of Xen leaves the card to dom0, whatever else it boots.
        _dom0.WriteFile(Generated, "menuentry 'Linux' {\n\tlinux /boot/vmlinuz ro\n}\n");
        _dom0.WriteFile(Defaults, "GRUB_CMDLINE_LINUX=\"\"\n");
        await new BootCheck(dom0, _told).RequireAsync(configuration, [s_card], false, default);
    }

    [Fact]
    public async Task What_Alpine_makes_of_its_settings_is_looked_at()
    {
        const string Settings = "/etc/update-extlinux.conf";
        const string Made = "/boot/extlinux.conf";
        const string Text = "# Generated by update-extlinux 6.04\nLABEL xen-lts\n"
            + "  APPEND xen.gz --- vmlinuz-lts ro quiet OPTIONS --- initramfs-lts\n";
        _dom0.WriteFile(Settings, "overwrite=1\ndefault_kernel_opts=\"quiet xen-pciback.hide=(0000:01:00.0)\"\n");
        _dom0.WriteFile(Made, Text);
        _dom0.WriteFile("/boot/xen.gz", "xen");
        _dom0.WriteFile("/usr/sbin/update-extlinux", "#!/bin/sh\n");
        Dom0 dom0 = Session.Dom0;
        BootConfiguration configuration = (await BootReader.ReadAsync(dom0.Files, null, default)).Choose(
            "dom0", new AtBootOptions { BootLoader = BootLoader.Extlinux });
        Assert.Equal((Settings, Made), (configuration.Path, configuration.Generated?.Path));

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => new BootCheck(dom0, _told).RequireAsync(configuration, [s_card], true, default));
        Assert.Equal((ErrorIds.BootConfigNotVerified, Made), (error.ErrorId, error.Target));

        _dom0.WriteFile(Made, Text.Replace("OPTIONS", "xen-pciback.hide=(0000:01:00.0)", StringComparison.Ordinal));
        await new BootCheck(dom0, _told).RequireAsync(configuration, [s_card], true, default);
    }

    [Fact]
    public async Task A_loader_that_is_not_there_is_named_with_what_was_seen()
    {
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => AddAsync(new AtBootOptions { BootLoader = BootLoader.Extlinux }, s_card));
        Assert.Equal(ErrorIds.BootLoaderNotFound, error.ErrorId);
        Assert.Equal(
            "No configuration of Extlinux with an entry for Xen was seen on simulated; seen were Grub2 (/etc/default/grub and "
                + "/boot/grub/grub.cfg, made by /usr/sbin/update-grub).",
            error.Message);
        Assert.StartsWith("Leave -BootLoader out", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_initial_RAM_disk_is_looked_into()
    {
        await AddAsync(new AtBootOptions(), s_card);
        Assert.DoesNotContain(_told.Warnings, text => text.Contains("RAM disk", StringComparison.Ordinal));
        CommandResult list = _dom0.Run(["lsinitramfs", Image]);
        Assert.Contains("etc/modprobe.d/xen-pciback.conf\n", list.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("/xen-pciback.ko\n", list.StandardOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update-initramfs", "/etc/modprobe.d/none.conf", null, "lacks /etc/modprobe.d/none.conf")]
    [InlineData("update-initramfs", null, "pciback", "lacks the module pciback")]
    [InlineData("stat", null, null, "was not made anew")]
    public async Task An_initial_RAM_disk_that_is_not_as_it_should_be_is_an_error_whatever_the_program_said(
        string program, string? file, string? module, string words)
    {
        Dom0 dom0 = Session.Dom0;
        BootScene scene = (await BootReader.ReadAsync(dom0.Files, null, default)).Scene;
        RamDisks disks = RamDisks.Find(scene, await dom0.Files.ReadManyAsync(RamDisks.Query, default))!;
        Assert.Equal([Image], disks.Images);
        RamDiskCheck check = new(
            dom0, disks with { Programs = [new CommandRequest(program, ["-u"])] }, file is null ? [] : [file], module);
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => check.MakeAsync(async (request, token) => await dom0.Commands.RunAsync(request, token), default));
        Assert.Equal((ErrorIds.BootConfigNotVerified, Image), (error.ErrorId, error.Target));
        Assert.Contains($"{Image} {words}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_initial_RAM_disk_of_several_that_lags_behind_is_named()
    {
        Dom0 dom0 = Session.Dom0;
        RamDisks disks = new([new CommandRequest("update-initramfs", ["-u"])], [Image, "/boot/initrd.img-old"]);
        _dom0.WriteFile("/boot/initrd.img-old", "old");
        dom0.Reporter.Listen(_told);
        await new RamDiskCheck(dom0, disks, [], null)
            .MakeAsync(async (request, token) => await dom0.Commands.RunAsync(request, token), default);
        Assert.Contains("/boot/initrd.img-old was not made anew", Assert.Single(_told.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("menu.lst", ErrorIds.BootConfigPathInvalid)]
    [InlineData("/boot/no-such-file", ErrorIds.HostFileFailed)]
    [InlineData("/etc/hostname", ErrorIds.BootLoaderNotFound)]
    public async Task A_path_that_is_no_boot_configuration_is_refused(string path, string id) => Assert.Equal(
        id,
        (await Assert.ThrowsAnyAsync<XenDriverDomainException>(
            () => AddAsync(new AtBootOptions { BootConfigPath = path }, s_card))).ErrorId);

    private static SimulatedHostOptions SimulatedHostOptionsWith(string fault) =>
        new() { Host = DefaultHost.Create(), Faults = FaultPlan.Parse([fault]) };

    private async Task RestartAsync(SimulatedHostOptions options)
    {
        await _dom0.DisposeAsync();
        _dom0 = SimulatedDom0.Create(options);
    }

    private Task<IReadOnlyList<PciDevice>> AddAsync(AtBootOptions options, params PciAddress[] addresses) =>
        RunAsync(Session.HeardBy(_told).AtBoot.PlanAddAsync(addresses, options, default));

    private Task<IReadOnlyList<PciDevice>> RemoveAsync(AtBootOptions options, params PciAddress[] addresses) =>
        RunAsync(Session.HeardBy(_told).AtBoot.PlanRemoveAsync(addresses, options, default));

    private async Task<T> RunAsync<T>(Task<PlannedChange<T>> planning)
    {
        PlannedChange<T> change = await planning;
        await change.Plan.RunAsync(Session.HeardBy(_told).Hand, default);
        return await change.ReadBackAsync(default);
    }

    private Dictionary<string, string?> Snapshot() => new[] { Defaults, Options, Modules }.ToDictionary(path => path, TryText);

    private string Text(string path) => TryText(path) ?? throw new InvalidOperationException($"There is no {path}.");

    private string? TryText(string path) => _dom0.Machine.Files.Text(path);

    private void Run(params string[] command)
    {
        CommandResult result = _dom0.Run(command);
        Assert.Equal((0, string.Empty), (result.ExitCode, result.StandardError));
    }
}
