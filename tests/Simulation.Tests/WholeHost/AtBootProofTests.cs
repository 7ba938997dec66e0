using XenDriverDomain.Access;
using XenDriverDomain.Assignment;
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
/// What a change of boot files looks at before it says that it is made, and what it takes back and runs again when it is not.
/// </summary>
public sealed class AtBootProofTests : IAsyncDisposable
{
    private const string Defaults = "/etc/default/grub";
    private const string Generated = "/boot/grub/grub.cfg";
    private const string Options = "/etc/modprobe.d/xen-pciback.conf";
    private const string Local = "/etc/modprobe.d/local.conf";
    private const string Modules = "/etc/initramfs-tools/modules";
    private const string Image = "/boot/initrd.img-6.1.0-28-amd64";
    private static readonly PciAddress s_card = PciAddress.Parse("01:00.0");
    private static readonly PciAddress s_second = PciAddress.Parse("03:00.0");
    private static readonly AtBootOptions s_grub = new() { BootLoader = BootLoader.Grub2 };
    private static readonly AtBootOptions s_modprobe = new() { BootLoader = BootLoader.Modprobe };

    private readonly Told _told = new();
    private SimulatedDom0 _dom0 = SimulatedDom0.Create();
    private HookedPorts _ports;

    public AtBootProofTests() => _ports = new HookedPorts(_dom0.CreateDom0());

    private HostSession Session => HostSession.Of(_ports.Wrap()).HeardBy(_told);

    public ValueTask DisposeAsync() => _dom0.DisposeAsync();

    [Fact]
    public async Task What_was_not_begun_is_not_made_again()
    {
        await RestartAsync(DefaultHost.Create(), "cp::1:fail=1 cp: no space left", "update-grub::fail=1", "update-initramfs::fail=1");

        ChangeFailedException error = await FailAsync(ErrorIds.HostFileFailed, s_grub);

        Assert.Contains("cp: no space left", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_ports.Runs, run => run.Contains("update-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_initial_RAM_disk_that_was_begun_is_made_again_of_the_restored_files()
    {
        await RestartAsync(DefaultHost.Create(), "update-initramfs::1:die");

        await FailAsync(ErrorIds.BootConfigRegenerationFailed, s_grub);

        Assert.DoesNotContain("xen-pciback", _dom0.Run(["lsinitramfs", Image]).StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_menu_that_was_begun_is_made_again_of_the_restored_files()
    {
        await RestartAsync(DefaultHost.Create() with { IsPcibackBuiltIn = true }, "update-grub::1:die");

        await FailAsync(ErrorIds.BootConfigRegenerationFailed, s_grub);

        Assert.DoesNotContain("hide", Text(Generated), StringComparison.Ordinal);
        Assert.DoesNotContain(_ports.Runs, run => run.Contains("update-initramfs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_menu_that_was_begun_again_is_made_again_with_the_initial_RAM_disk()
    {
        await RestartAsync(DefaultHost.Create(), "update-grub::1:die");

        await FailAsync(ErrorIds.BootConfigRegenerationFailed, s_grub);

        Assert.DoesNotContain("hide", Text(Generated), StringComparison.Ordinal);
        Assert.DoesNotContain("xen-pciback", _dom0.Run(["lsinitramfs", Image]).StandardOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xen-pciback.conf", "lacks " + Options)]
    [InlineData(".ko", "lacks the module xen-pciback")]
    public async Task An_initial_RAM_disk_that_lacks_what_hides_is_found_out(string missing, string words)
    {
        _ports.Heard = (line, result) => line.Contains("lsinitramfs", StringComparison.Ordinal)
            ? result with
            {
                StandardOutput = string.Join(
                    '\n', result.StandardOutput.Split('\n').Where(name => !name.Contains(missing, StringComparison.Ordinal))),
            }
            : null;

        Assert.Contains(words, (await FailAsync(ErrorIds.BootConfigNotVerified, s_modprobe)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_somebody_changes_after_it_was_copied_is_not_overwritten()
    {
        string theirs = Text(Modules) + "theirs\n";
        _ports.After = change =>
        {
            if (change.StartsWith("cp ", StringComparison.Ordinal) && change.Contains($" {Modules} ", StringComparison.Ordinal))
            {
                _dom0.WriteFile(Modules, theirs);
            }
        };

        await FailAsync(ErrorIds.BootConfigChanged, s_grub, theirs);
    }

    [Fact]
    public async Task A_file_that_does_not_hold_what_was_written_is_found_out_and_left_to_whoever_changed_it()
    {
        string theirs = Text(Modules) + "theirs\n";
        _ports.After = change =>
        {
            if (change == $"write {Modules}")
            {
                _dom0.WriteFile(Modules, theirs);
            }
        };

        ChangeFailedException error = await FailAsync(ErrorIds.BootConfigNotVerified, s_grub, theirs);

        Assert.Contains($"{Modules} does not hold what was written to it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_changes_is_made_anew()
    {
        string before = Text(Defaults);
        await AddAsync(s_grub, s_card);
        Assert.Contains(_ports.Runs, run => run.Contains("update-initramfs", StringComparison.Ordinal));
        Assert.Contains(_ports.Runs, run => run.Contains("update-grub", StringComparison.Ordinal));

        // Somebody took it off the command line, and the rest is there.
        _dom0.WriteFile(Defaults, before);
        ChangePlan plan = (await Session.AtBoot.PlanAddAsync([s_card], s_grub, default)).Plan;
        Assert.Contains("update-grub", plan.Describe(), StringComparison.Ordinal);
        Assert.DoesNotContain("update-initramfs", plan.Describe(), StringComparison.Ordinal);
        Assert.True((await Session.AtBoot.PlanRemoveAsync([s_card], s_modprobe, default)).Plan.IsEmpty);

        // Somebody put another one there, whose driver does not wait yet.
        _dom0.WriteFile(Defaults, "GRUB_CMDLINE_LINUX=\"xen-pciback.hide=(0000:03:00.0)\"\n");
        plan = (await Session.AtBoot.PlanAddAsync([s_second], s_grub, default)).Plan;
        Assert.Contains("update-initramfs", plan.Describe(), StringComparison.Ordinal);
        Assert.DoesNotContain("update-grub", plan.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Module_options_are_in_the_initial_RAM_disk_which_is_made_anew_with_them()
    {
        await AddAsync(s_modprobe, s_card, s_second);
        await RemoveAsync(s_modprobe, s_second);

        // What else there is to arrange, is: only the options change.
        ChangePlan plan = (await Session.AtBoot.PlanAddAsync([s_second], s_modprobe, default)).Plan;
        Assert.DoesNotContain(Modules, plan.Describe(), StringComparison.Ordinal);
        Assert.Contains("update-initramfs", plan.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_undo_has_the_time_that_its_programs_take()
    {
        ChangePlan plan = (await Session.AtBoot.PlanAddAsync([s_card], s_grub, default)).Plan;
        BootSituation situation = await BootReader.ReadAsync(Session.Dom0.Files, null, default);
        RamDisks disks = RamDisks.Find(situation.Scene, await Session.Dom0.Files.ReadManyAsync(RamDisks.Query, default))!;
        CommandRequest[] programs = [.. situation.Choose("dom0", s_grub).Regeneration, .. disks.Programs];
        Assert.Equal(2, programs.Length);
        Assert.Equal(programs.Aggregate(Patience.Undo, (sum, one) => sum + one.Timeout), plan.UndoTimeout);
    }

    [Fact]
    public async Task Of_two_cards_the_last_one_takes_along_what_has_pciback_loaded_early()
    {
        string defaults = Text(Defaults), modules = Text(Modules);
        await AddAsync(s_grub, s_card, s_second);
        string options = Text(Options);

        await RemoveAsync(s_grub, s_card);
        Assert.Equal(options, Text(Options));
        Assert.EndsWith("\nxen-pciback\n", Text(Modules), StringComparison.Ordinal);

        await RemoveAsync(s_grub, s_second);
        Assert.Equal((defaults, null, modules), (Text(Defaults), TryText(Options), Text(Modules)));
    }

    [Fact]
    public async Task Two_cards_go_at_once()
    {
        string defaults = Text(Defaults), modules = Text(Modules);
        await AddAsync(s_grub, s_card, s_second);

        IReadOnlyList<PciDevice> devices = await RemoveAsync(s_grub, s_card, s_second);

        Assert.All(devices, device => Assert.Equal(PciNextBootState.Host, device.StateAtNextBoot));
        Assert.Equal((defaults, null, modules), (Text(Defaults), TryText(Options), Text(Modules)));
    }

    [Fact]
    public async Task A_file_of_somebody_elses_in_which_nothing_is_left_stays()
    {
        _dom0.WriteFile(Local, "options xen-pciback hide=(01:00.0)\n");

        await RemoveAsync(s_modprobe, s_card);

        Assert.DoesNotContain("hide", Assert.IsType<string>(TryText(Local)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_element_keeps_others_from_being_taken_out_unless_it_is_dropped()
    {
        _dom0.WriteFile(Defaults, "GRUB_CMDLINE_LINUX=\"xen-pciback.hide=(01:00.0)(0000:82.0.0) quiet\"\n");

        Assert.Equal(
            ErrorIds.BootHideMalformed, (await Assert.ThrowsAsync<XenDriverDomainException>(() => RemoveAsync(s_grub, s_card))).ErrorId);

        await RemoveAsync(s_grub with { Force = true }, s_card);
        Assert.Contains(_told.Warnings, text => text.Contains("(0000:82.0.0)", StringComparison.Ordinal));
        Assert.Equal("GRUB_CMDLINE_LINUX=\"quiet\"\n", Text(Defaults));
    }

    [Fact]
    public async Task That_a_wildcard_goes_whole_is_told()
    {
        _dom0.WriteFile(Defaults, "GRUB_CMDLINE_LINUX=\"xen-pciback.hide=(01:00.*)\"\n");
        await RemoveAsync(s_grub with { Force = true }, s_card);
        Assert.Contains(_told.Warnings, text => text.Contains("taken out whole", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_is_of_the_loader_that_was_asked_for()
    {
        _dom0.WriteFile(Defaults, "GRUB_CMDLINE_LINUX=\"xen-pciback.hide=(01:00.0)\"\n");
        _dom0.WriteFile(Local, "options xen-pciback hide=(03:00.0)\n");

        Assert.Equal([s_card, s_second], await ListAsync(new AtBootOptions()));
        Assert.Equal([s_card], await ListAsync(s_grub));
        Assert.Equal([s_second], await ListAsync(s_modprobe));

        await RestartAsync(DefaultHost.Create() with { IsPcibackBuiltIn = true });
        _dom0.Machine.Files.Remove(Defaults);
        _dom0.Machine.Files.Remove(Generated);
        Assert.Equal(
            ErrorIds.BootLoaderNotFound,
            (await Assert.ThrowsAsync<XenDriverDomainException>(() => ListAsync(new AtBootOptions()))).ErrorId);

        async Task<IEnumerable<PciAddress?>> ListAsync(AtBootOptions options) =>
            (await Session.AtBoot.ListAsync(options, default)).Select(one => one.Address);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_driver_waits_that_the_card_has_or_had_where_no_module_is_known_for_it(bool isAssignable)
    {
        _dom0.Machine.Files.Remove("/lib/modules/6.1.0-28-amd64/modules.alias");
        if (isAssignable)
        {
            await RunAsync(Session.Assignments.PlanAddAsync(s_card, new AddAssignableOptions(), default));
        }

        await AddAsync(s_grub, s_card);

        Assert.Equal("softdep i40e pre: xen-pciback\n", Text(Options));
    }

    [Fact]
    public async Task Where_nothing_makes_initial_RAM_disks_that_is_told()
    {
        _dom0.Machine.Files.Remove("/usr/sbin/update-initramfs");
        await AddAsync(s_grub, s_card);
        Assert.Contains(_told.Warnings, text => text.Contains("no program that makes initial RAM disks", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_menu_that_is_gone_is_made_again_though_the_settings_say_it_all()
    {
        await AddAsync(s_grub, s_card);
        BootConfiguration configuration = await ConfigurationAsync(s_grub);
        _dom0.Machine.Files.Remove(Generated);
        Assert.False(await new BootCheck(Session.Dom0, _told).HoldsAsync(configuration, [s_card], true, default));
    }

    [Fact]
    public async Task Settings_that_do_not_say_it_are_not_verified()
    {
        await AddAsync(s_grub, s_card);
        BootConfiguration grub = await ConfigurationAsync(s_grub);
        BootCheck check = new(Session.Dom0, _told);
        _told.Warnings.Clear();
        await check.RequireAsync(grub, [s_card], true, default);
        Assert.Empty(_told.Warnings);

        // Not one of them: all.
        await NotVerifiedAsync(grub, true, Defaults, s_card, s_second);
        await NotVerifiedAsync(grub, false, Defaults, s_card, s_second);

        _dom0.WriteFile(Defaults, "GRUB_CMDLINE_LINUX=\"\"\n");
        await NotVerifiedAsync(grub, true, Defaults, s_card);

        // The menu says it still.
        await NotVerifiedAsync(grub, false, Generated, s_card);
        _dom0.WriteFile(Generated, Text(Generated) + "menuentry 'mine' {\n\tmultiboot2 /boot/xen.gz\n\tmodule2 /boot/vmlinuz ro\n}\n");
        await check.RequireAsync(grub, [s_card], false, default);
        Assert.Contains("will be hidden.", Assert.Single(_told.Warnings), StringComparison.Ordinal);

        // A menu without an entry of Xen hides nothing.
        _dom0.WriteFile(Defaults, "GRUB_CMDLINE_LINUX=\"xen-pciback.hide=(01:00.0)\"\n");
        _dom0.WriteFile(Generated, "menuentry 'Linux' {\n\tlinux /boot/vmlinuz ro\n}\n");
        await NotVerifiedAsync(grub, true, Generated, s_card);

        // What a loader reads is not gone because somebody deleted it.
        _dom0.Machine.Files.Remove(Defaults);
        await Assert.ThrowsAnyAsync<XenDriverDomainException>(() => check.RequireAsync(grub, [s_card], false, default));
    }

    [Fact]
    public async Task Module_options_that_do_not_say_it_are_not_verified()
    {
        await AddAsync(s_modprobe, s_card);
        BootConfiguration modprobe = await ConfigurationAsync(s_modprobe);
        BootCheck check = new(Session.Dom0, _told);
        await check.RequireAsync(modprobe, [s_card], true, default);
        await Assert.ThrowsAnyAsync<XenDriverDomainException>(() => check.RequireAsync(modprobe, [s_card], false, default));

        _dom0.Machine.Files.Remove(Options);
        await check.RequireAsync(modprobe with { Path = Options }, [s_card], false, default);
        await Assert.ThrowsAnyAsync<XenDriverDomainException>(
            () => check.RequireAsync(modprobe with { Path = Options }, [s_card], true, default));
    }

    [Fact]
    public async Task Each_entry_that_boots_Xen_must_say_it()
    {
        const string Menu = "/boot/extlinux/extlinux.conf";
        const string Entry = "label {0}\n\tkernel mboot.c32\n\tappend /boot/xen.gz --- /boot/vmlinuz ro{1} --- /boot/initrd\n";
        const string Hide = " xen-pciback.hide=(01:00.0)";
        AtBootOptions options = new() { BootLoader = BootLoader.Extlinux, BootConfigPath = Menu };
        _dom0.Machine.Files.MakeDirectory("/boot/extlinux");
        _dom0.WriteFile(Menu, "default xen\n" + EntryOf("xen", Hide) + EntryOf("old", Hide));
        BootConfiguration menu = await ConfigurationAsync(options);
        Assert.Equal(2, menu.Lines.Count);
        await new BootCheck(Session.Dom0, _told).RequireAsync(menu, [s_card], true, default);

        _dom0.WriteFile(Menu, "default xen\n" + EntryOf("xen", Hide) + EntryOf("old", string.Empty));
        await NotVerifiedAsync(menu, true, Menu, s_card);
        await NotVerifiedAsync(menu, false, Menu, s_card);

        static string EntryOf(string name, string hide) =>
            Entry.Replace("{0}", name, StringComparison.Ordinal).Replace("{1}", hide, StringComparison.Ordinal);
    }

    private async Task<BootConfiguration> ConfigurationAsync(AtBootOptions options) =>
        (await BootReader.ReadAsync(Session.Dom0.Files, options.BootConfigPath, default)).Choose("dom0", options);

    private async Task NotVerifiedAsync(BootConfiguration configuration, bool hidden, string path, params PciAddress[] addresses)
    {
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => new BootCheck(Session.Dom0, _told).RequireAsync(configuration, addresses, hidden, default));
        Assert.Equal((ErrorIds.BootConfigNotVerified, path), (error.ErrorId, error.Target));
        Assert.False(await new BootCheck(Session.Dom0, _told).HoldsAsync(configuration, addresses, hidden, default));
    }

    /// <summary>Hides the card, which fails and leaves nothing but what somebody else has written.</summary>
    private async Task<ChangeFailedException> FailAsync(string errorId, AtBootOptions options, string? theirs = null)
    {
        (string, string?, string) before = (Text(Defaults), TryText(Options), theirs ?? Text(Modules));
        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => AddAsync(options, s_card));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Empty(error.Outcome.Remaining);
        Assert.Equal(before, (Text(Defaults), TryText(Options), Text(Modules)));
        return error;
    }

    private async Task RestartAsync(HostDescription host, params string[] faults)
    {
        await _dom0.DisposeAsync();
        _dom0 = SimulatedDom0.Create(new SimulatedHostOptions { Host = host, Faults = FaultPlan.Parse(faults) });
        _ports = new HookedPorts(_dom0.CreateDom0());
    }

    private Task<IReadOnlyList<PciDevice>> AddAsync(AtBootOptions options, params PciAddress[] addresses) =>
        RunAsync(Session.AtBoot.PlanAddAsync(addresses, options, default));

    private Task<IReadOnlyList<PciDevice>> RemoveAsync(AtBootOptions options, params PciAddress[] addresses) =>
        RunAsync(Session.AtBoot.PlanRemoveAsync(addresses, options, default));

    private async Task<T> RunAsync<T>(Task<PlannedChange<T>> planning)
    {
        PlannedChange<T> change = await planning;
        await change.Plan.RunAsync(Session.Hand, default);
        return await change.ReadBackAsync(default);
    }

    private string Text(string path) => TryText(path) ?? throw new InvalidOperationException($"There is no {path}.");

    private string? TryText(string path) => _dom0.Machine.Files.Text(path);
}
