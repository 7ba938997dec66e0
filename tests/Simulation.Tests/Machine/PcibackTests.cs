using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Tests.Machine;

/// <summary>Each attribute of pciback, with each errno (drivers/xen/xen-pciback/pci_stub.c).</summary>
public sealed class PcibackTests : IDisposable
{
    private const string Card = "0000:00:11.0";
    private const string Pciback = TestMachine.Pciback;
    private readonly TestMachine _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("0000:00:11.0")]
    [InlineData("00:11.0")]
    [InlineData(" 0:0:11.0 \n")]
    [InlineData("0x0:0x0:0x11.0x0")]
    public async Task A_slot_is_listed_once_in_whatever_form_it_is_written(string text)
    {
        Assert.Null(await _host.StoreAsync(Pciback + "/new_slot", text));
        Assert.Null(await _host.StoreAsync(Pciback + "/new_slot", "0000:00:11.0"));

        Assert.Equal("0000:00:11.0\n", await _host.ReadAsync(Pciback + "/slots"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00:11")]
    [InlineData("00:11.0 tail")]
    [InlineData("10000:00:11.0")]
    [InlineData("100:11.0")]
    [InlineData("00:20.0")]
    [InlineData("00:11.8")]
    [InlineData("00:*.0")]
    [InlineData("(00:11.0)")]
    public async Task What_is_no_slot_is_EINVAL(string text)
    {
        Assert.Equal(Errno.EINVAL, await _host.StoreAsync(Pciback + "/new_slot", text + "\n"));
        Assert.Empty(await _host.ReadAsync(Pciback + "/slots"));
    }

    [Fact]
    public async Task A_slot_need_not_exist()
    {
        Assert.Null(await _host.StoreAsync(Pciback + "/new_slot", "5555:aa:1f.7"));
        Assert.Equal("5555:aa:1f.7\n", await _host.ReadAsync(Pciback + "/slots"));
    }

    [Fact]
    public async Task A_wildcard_lists_all_functions_of_a_slot()
    {
        Assert.Null(await _host.StoreAsync(Pciback + "/new_slot", "00:15.*"));

        Assert.Equal(
            string.Concat(Enumerable.Range(0, 8).Select(function => $"0000:00:15.{function}\n")),
            await _host.ReadAsync(Pciback + "/slots"));
    }

    [Fact]
    public async Task The_list_of_slots_ends_with_its_page()
    {
        Assert.Null(await _host.StoreAsync(Pciback + "/new_slot", "0a:*.*"));
        Assert.Null(await _host.StoreAsync(Pciback + "/new_slot", "0b:*.*"));

        string slots = await _host.ReadAsync(Pciback + "/slots");

        Assert.Equal(4095, slots.Length);
        Assert.Equal(315, slots.Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_slot_is_removed_by_itself_or_by_a_wildcard_and_else_is_ENOENT()
    {
        await _host.StoreAsync(Pciback + "/new_slot", Card);
        await _host.StoreAsync(Pciback + "/new_slot", "0a:*.*");

        Assert.Equal(Errno.EINVAL, await _host.StoreAsync(Pciback + "/remove_slot", "nonsense"));
        Assert.Equal(Errno.ENOENT, await _host.StoreAsync(Pciback + "/remove_slot", "00:12.0"));
        Assert.Null(await _host.StoreAsync(Pciback + "/remove_slot", "0a:*.*"));
        Assert.Equal(Card + "\n", await _host.ReadAsync(Pciback + "/slots"));
        Assert.Null(await _host.StoreAsync(Pciback + "/remove_slot", Card));
        Assert.Equal(Errno.ENOENT, await _host.StoreAsync(Pciback + "/remove_slot", Card));
    }

    [Fact]
    public async Task A_function_whose_slot_is_not_listed_is_ENODEV()
    {
        await _host.StoreAsync($"/sys/bus/pci/devices/{Card}/driver/unbind", Card);

        Assert.Equal(Errno.ENODEV, await _host.StoreAsync(Pciback + "/bind", Card));
        Assert.Null(_host.DriverOf(Card));
    }

    [Fact]
    public async Task A_bridge_in_the_list_makes_what_is_behind_it_eligible()
    {
        await _host.StoreAsync("/sys/bus/pci/devices/0000:03:01.0/driver/unbind", "0000:03:01.0");
        await _host.StoreAsync(Pciback + "/new_slot", "0000:00:16.0");

        Assert.Null(await _host.StoreAsync(Pciback + "/bind", "0000:03:01.0"));
        Assert.Equal("pciback", _host.DriverOf("0000:03:01.0"));
    }

    [Fact]
    public async Task An_override_of_pciback_needs_no_slot_and_adds_it()
    {
        await _host.StoreAsync($"/sys/bus/pci/devices/{Card}/driver/unbind", Card);
        await _host.StoreAsync($"/sys/bus/pci/devices/{Card}/driver_override", "pciback\n");

        Assert.Null(await _host.StoreAsync(Pciback + "/bind", Card));
        Assert.Equal(Card + "\n", await _host.ReadAsync(Pciback + "/slots"));
    }

    [Theory]
    [InlineData("permissive")]
    [InlineData("allow_interrupt_control")]
    public async Task A_flag_needs_a_function_that_pciback_has(string attribute)
    {
        string path = $"{Pciback}/{attribute}";
        await _host.StoreAsync(Pciback + "/new_slot", Card);

        Assert.Equal(Errno.EINVAL, await _host.StoreAsync(path, "nonsense"));
        Assert.Equal(Errno.ENODEV, await _host.StoreAsync(path, Card));
        Assert.Equal(Errno.ENODEV, await _host.StoreAsync(path, "00:11.*"));
        Assert.Empty(await _host.ReadAsync(path));

        await _host.SeizeAsync(Card);
        Assert.Null(await _host.StoreAsync(path, "00:11.0\n"));
        Assert.Equal(Card + "\n", await _host.ReadAsync(path));
    }

    [Fact]
    public async Task A_guests_end_takes_the_interrupt_control_and_leaves_permissive()
    {
        await _host.SeizeAsync(Card);
        await _host.StoreAsync(Pciback + "/permissive", Card);
        await _host.StoreAsync(Pciback + "/allow_interrupt_control", Card);
        Assert.Null(_host.Machine.AssignTo(PciAddress.Parse(Card), 3));

        Assert.Null(_host.Machine.Release(PciAddress.Parse(Card)));

        Assert.Empty(await _host.ReadAsync(Pciback + "/allow_interrupt_control"));
        Assert.Equal(Card + "\n", await _host.ReadAsync(Pciback + "/permissive"));
    }

    [Fact]
    public async Task Only_unbinding_takes_permissive()
    {
        await _host.SeizeAsync(Card);
        await _host.StoreAsync(Pciback + "/permissive", Card);

        Assert.Null(await _host.StoreAsync(Pciback + "/unbind", Card));
        Assert.Null(await _host.StoreAsync(Pciback + "/bind", Card));

        Assert.Empty(await _host.ReadAsync(Pciback + "/permissive"));
    }

    [Fact]
    public async Task Quirks_show_the_header_and_what_was_added()
    {
        await _host.SeizeAsync(Card);

        Assert.Null(await _host.StoreAsync(Pciback + "/quirks", "00:11.0-dc:1:0\n"));

        string[] lines = (await _host.ReadAsync(Pciback + "/quirks")).Split('\n');
        Assert.Equal(["00:11.0", "\t8086:100e:1af4:1100", "\t\t00000000:2:00000000"], lines[..3]);
        Assert.Equal("\t\t000000dc:1:00000000", lines[^2]);
    }

    [Fact]
    public async Task A_guests_end_takes_the_fields_that_were_added()
    {
        await _host.SeizeAsync(Card);
        await _host.StoreAsync(Pciback + "/quirks", "00:11.0-dc:1:0");
        Assert.Null(_host.Machine.AssignTo(PciAddress.Parse(Card), 3));
        Assert.Contains("000000dc", await _host.ReadAsync(Pciback + "/quirks"), StringComparison.Ordinal);

        Assert.Null(_host.Machine.Release(PciAddress.Parse(Card)));

        Assert.DoesNotContain("000000dc", await _host.ReadAsync(Pciback + "/quirks"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_equal_cards_given_back_in_the_wrong_order_leave_an_entry_that_crashes_dom0_when_it_is_read()
    {
        await _host.SeizeAsync("0000:00:10.0");
        await _host.SeizeAsync("0000:01:00.0");
        Assert.Null(await _host.StoreAsync(Pciback + "/unbind", "0000:01:00.0"));
        Assert.Null(await _host.StoreAsync("/sys/bus/pci/drivers/e1000e/bind", "0000:01:00.0"));
        Assert.False(_host.Machine.HasCrashed);

        await AssertCrashesAsync("general protection fault");
    }

    [Fact]
    public async Task The_right_order_leaves_none()
    {
        await _host.SeizeAsync("0000:00:10.0");
        await _host.SeizeAsync("0000:01:00.0");
        Assert.Null(await _host.StoreAsync(Pciback + "/unbind", "0000:00:10.0"));

        Assert.StartsWith("01:00.0\n", await _host.ReadAsync(Pciback + "/quirks"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bind_that_fails_late_leaves_an_entry_too()
    {
        _host.Machine.FailEnabling(PciAddress.Parse(Card));
        await _host.StoreAsync($"/sys/bus/pci/devices/{Card}/driver/unbind", Card);
        await _host.StoreAsync(Pciback + "/new_slot", Card);
        Assert.Equal(Errno.EIO, await _host.StoreAsync(Pciback + "/bind", Card));
        Assert.Null(_host.DriverOf(Card));

        await AssertCrashesAsync("NULL pointer dereference");
    }

    [Fact]
    public async Task An_entry_outlives_the_card_that_was_unplugged()
    {
        await _host.SeizeAsync("0000:00:10.0");
        await _host.SeizeAsync("0000:01:00.0");
        Assert.Null(await _host.StoreAsync("/sys/bus/pci/devices/0000:01:00.0/remove", "1"));

        await AssertCrashesAsync("BUG: kernel");
    }

    [Fact]
    public async Task A_driver_that_is_loaded_anew_knows_no_entries()
    {
        await _host.SeizeAsync("0000:00:10.0");
        await _host.SeizeAsync("0000:01:00.0");
        await _host.StoreAsync(Pciback + "/unbind", "0000:01:00.0");
        Assert.Equal(0, (await _host.RunAsync("rmmod", "xen-pciback")).ExitCode);
        Assert.Equal(0, (await _host.RunAsync("modprobe", "xen-pciback")).ExitCode);

        Assert.Empty(await _host.ReadAsync(Pciback + "/quirks"));
    }

    [Theory]
    [InlineData("nonsense", nameof(Errno.EINVAL))]
    [InlineData("00:11.0", nameof(Errno.EINVAL))]
    [InlineData("00:11.0-1000:1:0", nameof(Errno.EINVAL))]
    [InlineData("00:11.0-dc:1:100", nameof(Errno.EINVAL))]
    [InlineData("00:11.*-dc:1:0", nameof(Errno.EINVAL))]
    [InlineData("00:12.0-dc:1:0", nameof(Errno.ENODEV))]
    public async Task A_quirk_that_is_malformed_or_for_another_function_is_refused(string text, string errno)
    {
        await _host.SeizeAsync(Card);

        Assert.Equal(errno, (await _host.StoreAsync(Pciback + "/quirks", text))?.ToString());
    }

    [Fact]
    public async Task The_interrupt_handler_is_toggled()
    {
        await _host.SeizeAsync(Card);
        Assert.Equal(Card + ":off:not acking:0\n", await _host.ReadAsync(Pciback + "/irq_handlers"));

        Assert.Null(await _host.StoreAsync(Pciback + "/irq_handler_state", Card));
        Assert.Equal(Card + ":on:acking:0\n", await _host.ReadAsync(Pciback + "/irq_handlers"));
        Assert.Null(await _host.StoreAsync(Pciback + "/irq_handler_state", Card));
        Assert.Equal(Card + ":off:acking:0\n", await _host.ReadAsync(Pciback + "/irq_handlers"));

        Assert.Equal(Errno.ENOENT, await _host.StoreAsync(Pciback + "/irq_handler_state", "00:12.0"));
        Assert.Equal(Errno.EINVAL, await _host.StoreAsync(Pciback + "/irq_handler_state", "nonsense"));
    }

    [Theory]
    [InlineData("new_slot")]
    [InlineData("remove_slot")]
    [InlineData("bind")]
    [InlineData("unbind")]
    [InlineData("irq_handler_state")]
    [InlineData("new_id")]
    [InlineData("remove_id")]
    public async Task What_is_write_only_cannot_be_read_even_by_root(string attribute) =>
        Assert.Equal(Errno.EACCES, await _host.ErrnoOfReadAsync($"{Pciback}/{attribute}"));

    [Theory]
    [InlineData("slots")]
    [InlineData("irq_handlers")]
    public async Task What_is_read_only_cannot_be_written(string attribute) =>
        Assert.Equal(Errno.EACCES, await _host.StoreAsync($"{Pciback}/{attribute}", "1"));

    [Fact]
    public async Task Unbinding_a_function_that_a_guest_has_is_done_and_complained_about()
    {
        await _host.SeizeAsync(Card);
        _host.Machine.AssignTo(PciAddress.Parse(Card), 7);

        Assert.Null(await _host.StoreAsync(Pciback + "/unbind", Card));

        Assert.Contains(
            _host.Machine.KernelLog,
            line => line.Contains($"removing device {Card} while still in-use by domain 7!", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hidden_functions_are_seized_when_the_driver_loads_and_one_bad_element_keeps_it_out()
    {
        using TestMachine good = new(LabHost.Create() with { KernelCommandLine = "xen-pciback.hide=(0000:00:1f.3)(00:1f.*) quiet" });
        Assert.Equal("pciback", good.DriverOf("0000:00:1f.3"));
        Assert.Equal("ahci", good.DriverOf("0000:00:1f.2"));
        Assert.Equal("(0000:00:1f.3)(00:1f.*)\n", await good.ReadAsync("/sys/module/xen_pciback/parameters/hide"));

        using TestMachine bad = new(LabHost.Create() with { KernelCommandLine = "xen-pciback.hide=(0000:00:1f.3),(00:11.0) quiet" });
        Assert.False(bad.Machine.IsPcibackLoaded);
        Assert.False(bad.Machine.Files.Exists(Pciback));
        Assert.Contains(bad.Machine.KernelLog, line => line.Contains("Error parsing pci_devs_to_hide", StringComparison.Ordinal));
        Assert.Contains("Invalid argument", (await bad.RunAsync("modprobe", "xen-pciback")).StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Modprobe_takes_its_options_from_etc()
    {
        await _host.RunAsync("rmmod", "xen-pciback");
        _host.Machine.Files.Put("/etc/modprobe.d/xen-pciback.conf", "# seize\noptions xen-pciback hide=(00:1f.3)\n");

        Assert.Equal(0, (await _host.RunAsync("modprobe", "xen-pciback")).ExitCode);

        Assert.Equal("pciback", _host.DriverOf("0000:00:1f.3"));
    }

    [Fact]
    public async Task Unloading_lets_go_of_all_and_forgets_the_list()
    {
        await _host.SeizeAsync(Card);

        Assert.Equal(0, (await _host.RunAsync("rmmod", "xen-pciback")).ExitCode);
        Assert.Null(_host.DriverOf(Card));
        Assert.False(_host.Machine.Files.Exists(Pciback));
        Assert.False(_host.Machine.Files.Exists("/sys/module/xen_pciback"));

        Assert.Equal(0, (await _host.RunAsync("modprobe", "xen-pciback")).ExitCode);
        Assert.Empty(await _host.ReadAsync(Pciback + "/slots"));
        Assert.Null(_host.DriverOf(Card));
    }

    // Whoever reads gets no answer, and neither does anybody after him.
    private async Task AssertCrashesAsync(string words)
    {
        XenDriverDomainException error =
            await Assert.ThrowsAsync<XenDriverDomainException>(
                async () => await _host.Machine.Files.ReadAsync(Pciback + "/quirks", 100_000, default));
        Assert.Equal((ErrorIds.ConnectionLost, ErrorKind.Connection), (error.ErrorId, error.Kind));
        Assert.True(_host.Machine.HasCrashed);
        Assert.Contains(_host.Machine.KernelLog, line => line.Contains(words, StringComparison.Ordinal));
        Assert.Contains(_host.Machine.KernelLog, line => line.Contains("quirks_show", StringComparison.Ordinal));
        Assert.Equal(
            ErrorIds.ConnectionLost,
            (await Assert.ThrowsAsync<XenDriverDomainException>(
                async () => await _host.Machine.Files.GetKindAsync("/proc", default))).ErrorId);
    }
}
