using System.Collections;
using XenDriverDomain.Backends;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Errors;
using XenDriverDomain.Files;
using XenDriverDomain.Pci;
using XenDriverDomain.Session;
using XenDriverDomain.Simulation.Descriptions;
using XenDriverDomain.Simulation.Errors;

namespace XenDriverDomain.Simulation.Tests.Descriptions;

/// <summary>What a description says is there, what it does not say has a default, and what cannot be is told where it stands.</summary>
public sealed class MachineDescriptionTests
{
    [Fact]
    public async Task Three_lines_are_a_host_with_a_card_behind_a_root_port()
    {
        await using DescribedHost host = DescribedHost.Of("""
            @{
                Cards = @{ Address = '03:00.0'; Model = 'I210' }
            }
            """);

        PciDevice card = await host.Session.Pci.GetAsync(PciAddress.Parse("03:00.0"), default);
        Assert.Equal(("igb", "enp3s0", "I210 Gigabit Network Connection"), (card.Driver, Assert.Single(card.UsedBy).Name, card.DeviceName));
        Assert.Equal("0000:00:1c.0", Assert.Single(card.BridgePath).ToString());
        Assert.Equal(["flr", "bus"], card.ResetMethods);
        Assert.Equal("xenhost", host.Run("cat /proc/sys/kernel/hostname").Trim());
        Assert.Contains("xen_version            : 4.17.7", host.Run("xl info"), StringComparison.Ordinal);
        Assert.Equal(3, (await host.Session.Pci.ListAsync(default)).Count);
    }

    [Fact]
    public async Task An_empty_table_is_a_host_without_a_card()
    {
        await using DescribedHost host = DescribedHost.Of("@{ }");

        Assert.True(Assert.Single(await host.Session.Pci.ListAsync(default)).IsHostBridge);
        Assert.Contains("Domain-0", host.Run("xl list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_can_be_said_of_a_card_is_in_sysfs()
    {
        await using DescribedHost host = DescribedHost.Of("""
            @{
                Xen = '4.14.2'; XenExtra = '.2-rc1'; Kernel = '5.10.0-8-amd64'; HostName = 'old.example.org'
                Bridges = @{ Name = 'br0'; IP = '10.1.2.3/16', 'fd00::1/64'; Gateway = '10.1.0.1'; Mac = '02:00:00:00:00:01' }
                Cards = @(
                    @{ Address = '00:01.0'; Model = 'RootPort' },
                    @{
                        Address = '07:00.0'; Model = '8086:1234'; Class = 'Ethernet'; Driver = 'strange'; Subsystem = '8086:abcd'
                        Behind = '00:01.0'; Irq = 77; Msi = $false; Registers = 'f0000000+1000', 'f0010000+10000'; Reset = 'flr'
                        Revision = 9; Numa = 1; Interface = 'lan0'; Mac = '02:00:00:00:00:02'; Bridge = 'br0'; Assignable = $false
                        VirtualFunctions = @{ Total = 4; AtBoot = 2; Device = 'abcd'; Driver = 'strangevf'; Offset = 16; Stride = 1 }
                    }
                )
                Modules = @{ tun = $true; 'xen-netback' = $false }
                Files = @{ '/etc/motd' = "hello`n" }
            }
            """);

        PciDevice card = await host.Session.Pci.GetAsync(PciAddress.Parse("07:00.0"), default);
        Assert.Equal(("strange", "lan0", 77, 1), (card.Driver, Assert.Single(card.UsedBy).Name, card.Irq, card.NumaNode));
        Assert.NotEqual(true, card.UsesMsi);
        Assert.Equal(
            (0x8086, 0x1234, 0x8086, 0xabcd, 9),
            (card.VendorId, card.DeviceId, card.SubsystemVendorId, card.SubsystemDeviceId, card.Revision));
        Assert.Equal([0xf0000000UL, 0xf0010000UL], card.Bars.Select(bar => bar.Start));

        // Linux 5.10 does not say how.
        Assert.Equal([PciDevice.UnnamedReset], card.ResetMethods);
        Assert.Equal(["0000:07:02.0", "0000:07:02.1"], card.VirtualFunctions.Select(one => one.ToString()));
        Assert.Contains(card.UsedBy, use => use.IsVital && use.ToString().Contains("10.1.2.3/16", StringComparison.Ordinal));
        Assert.Equal("hello\n", host.Run("cat /etc/motd"));
        Assert.Contains("tun ", host.Run("cat /proc/modules"), StringComparison.Ordinal);
        Assert.DoesNotContain("xen_netback", host.Run("cat /proc/modules"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_dom0_lacks_is_not_there_and_the_rest_is()
    {
        await using DescribedHost host = DescribedHost.Of("""
            @{
                Cards = @{ Address = '01:00.0'; Model = 'I210' }
                Missing = 'busybox', 'xen_pcifront', '/etc/xen/scripts/vif-nat', 'libz.so.1'
            }
            """);

        Assert.Contains("\nbash\n", host.Run("ls /bin/"), StringComparison.Ordinal);
        Assert.DoesNotContain("busybox", host.Run("ls /usr/bin"), StringComparison.Ordinal);
        Assert.DoesNotContain("xen-pcifront", host.Run("cat /lib/modules/6.1.0-28-amd64/modules.dep"), StringComparison.Ordinal);
        Assert.Contains("xen-netback.ko:", host.Run("cat /lib/modules/6.1.0-28-amd64/modules.dep"), StringComparison.Ordinal);
        Assert.DoesNotContain("vif-nat", host.Run("ls /etc/xen/scripts"), StringComparison.Ordinal);
        Assert.Contains("libz.so.1 => not found", host.Run("ldd /usr/bin/ip"), StringComparison.Ordinal);
        Assert.Equal(ErrorIds.HostCommandNotFound, Assert.Throws<XenDriverDomainException>(() => host.Run("busybox --list")).ErrorId);
    }

    [Fact]
    public async Task Guests_are_in_the_state_that_is_said()
    {
        await using DescribedHost host = DescribedHost.Of("""
            @{
                Bridges = @{ Name = 'xenbr0' }
                Cards = @(
                    @{ Address = '01:00.0'; Model = 'I210' }, @{ Address = '02:00.0'; Model = 'I210' }, @{ Address = '03:00.0'; Model = 'I210'; Assignable = $true }
                )
                Guests = @(
                    @{ Name = 'client'; Vifs = @{ Backend = 'netdd'; Mac = '00:16:3e:00:00:05' }, @{ Bridge = 'xenbr0' } },
                    @{ Name = 'netdd'; Cards = '01:00.0' },
                    @{ Name = 'asleep'; State = 'Paused' },
                    @{ Name = 'off'; State = 'ShutDown' },
                    @{ Name = 'idle'; State = 'Configured'; DriverDomain = $true; Cards = '02:00.0' }
                )
            }
            """);

        IReadOnlyList<DomainInfo> domains = await host.Session.Domains.ListAsync(default);
        DomainState? StateOf(string name) => domains.FirstOrDefault(domain => domain.Name == name)?.State;
        Assert.Equal((DomainState.Paused, DomainState.Shutdown, null), (StateOf("asleep"), StateOf("off"), StateOf("idle")));
        Assert.All(await host.Session.Vifs.ListAsync(default), vif => Assert.Equal(VifStatus.Connected, vif.Status));
        Assert.Equal(PciDeviceState.Assigned, (await host.Session.Pci.GetAsync(PciAddress.Parse("01:00.0"), default)).State);
        Assert.Equal(PciDeviceState.Host, (await host.Session.Pci.GetAsync(PciAddress.Parse("02:00.0"), default)).State);
        Assert.Equal(PciDeviceState.Assignable, (await host.Session.Pci.GetAsync(PciAddress.Parse("03:00.0"), default)).State);
        Assert.Contains(await host.Session.DriverDomains.ListAsync(default), domain => domain is { Name: "idle", Domid: null });
    }

    [Theory]
    [InlineData("Devd", VifStatus.Waiting)]
    [InlineData("Bridge", VifStatus.Failed)]
    [InlineData("Script", VifStatus.Failed)]
    [InlineData("Netback", VifStatus.Waiting)]
    public async Task A_driver_domain_with_a_broken_part_does_not_serve(string part, VifStatus status)
    {
        await using DescribedHost host = DescribedHost.Of($$"""
            @{
                Cards  = @{ Address = '01:00.0'; Model = 'I210' }
                Guests = @{ Name = 'netdd'; Cards = '01:00.0'; Broken = '{{part}}' }, @{ Name = 'web1'; Vifs = @{ Backend = 'netdd' } }
            }
            """);
        await Task.Delay(TimeSpan.FromMinutes(1), host.Dom0.Time);

        GuestVif vif = Assert.Single(await host.Session.Vifs.ListAsync(default));
        Assert.Equal(("web1", status), (vif.Guest, vif.Status));
        Assert.NotEmpty(vif.Remedy);
    }

    [Fact]
    public async Task A_guest_that_is_deaf_goes_on_when_it_is_told_to_shut_down()
    {
        await using DescribedHost host = DescribedHost.Of("@{ Guests = @{ Name = 'web1'; Broken = 'Shutdown' }, @{ Name = 'web2' } }");

        host.Run("xl shutdown web1");
        host.Run("xl shutdown web2");
        host.Dom0.Advance(30);

        Assert.Contains("web1", host.Run("xl list"), StringComparison.Ordinal);
        Assert.DoesNotContain("web2", host.Run("xl list"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_xl_cannot_do_is_an_error_with_the_words_of_xl()
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => DescribedHost.Of(
            "@{ Cards = @{ Address = '01:00.0'; Model = 'I210' }; Guests = @{ Name = 'netdd'; Cards = '01:00.0' } }", "no-iommu"));

        Assert.Equal(SimulationErrorIds.MachineSetupFailed, error.ErrorId);
        Assert.Contains("pci-assignable-add 0000:01:00.0", error.Message, StringComparison.Ordinal);
        Assert.Contains("quarantine", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_strike_the_users_and_not_what_is_there_from_the_start()
    {
        await using DescribedHost host = DescribedHost.Of(
            "@{ Cards = @{ Address = '01:00.0'; Model = 'I210' }; Guests = @{ Name = 'netdd'; Cards = '01:00.0' }; "
                + "Faults = 'xl:create:1:fail=3' }");

        Assert.Contains("netdd", host.Run("xl list"), StringComparison.Ordinal);
        Assert.Equal(["xl:create:1:fail=3"], host.Dom0.Faults);
        Assert.Equal(3, host.Dom0.Run("xl create /root/client.cfg").ExitCode);
        Assert.Equal(0, host.Dom0.Run("xl create /root/client.cfg").ExitCode);
    }

    [Theory]
    [InlineData("@{ Card = 1 }", "x.psd1: Card = 1: there is no such key", "Cards")]
    [InlineData("@{ HostName = 5 }", "HostName = 5: it is no text", "a text in quotes")]
    [InlineData("@{ HostName = 'a b' }", "HostName = 'a b': it is no name of a host", "letters")]
    [InlineData("@{ Iommu = 'yes' }", "Iommu = 'yes': it is neither true nor false", "$true")]
    [InlineData("@{ Cpus = 0 }", "Cpus = 0: it is out of range", "from 1 to 4096")]
    [InlineData("@{ Cpus = 1.5 }", "Cpus = 1.5: it is no whole number", "from 1 to 4096")]
    [InlineData("@{ Xen = '4.17' }", "Xen = '4.17': it is no version of Xen", "three numbers")]
    [InlineData("@{ Kernel = 'new' }", "Kernel = 'new': it is no release", "uname -r")]
    [InlineData("@{ BootLoader = 'Lilo' }", "BootLoader = 'Lilo': it is none of the words", "Grub2, GrubLegacy, Extlinux, None")]
    [InlineData("@{ Modules = @{ tun = 1 } }", "Modules['tun'] = 1: it is neither", "$true")]
    [InlineData("@{ Files = @{ '/sys/x' = '' } }", "Files['/sys/x']", "outside of /sys")]
    [InlineData("@{ Missing = 'bash', 'emacs' }", "Missing[1] = 'emacs': dom0 would not have it anyway", "by its path")]
    [InlineData("@{ Faults = 'a', 'no-iommu' }", "Faults[0] = 'a'", "-Fault")]
    [InlineData("@{ MemoryMB = 2048 }", "MemoryMB = 2048: dom0, Xen and the guests need 4160", "at least 4160")]
    [InlineData("@{ Cards = 'x' }", "Cards = 'x': it is no table", "@{")]
    [InlineData("@{ Cards = @{ Model = 'I210' } }", "Cards.Address: it is missing", "03:00.0")]
    [InlineData("@{ Cards = @{ Address = '3' ; Model = 'I210' } }", "Cards.Address = '3': it is no PCI address", "BB:DD.F")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'I211' }) }", "Cards[0].Model = 'I211': it is neither ids", "I210, I219")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = '8086:9999' }) }", "Cards[0].Class: it is missing, and nothing is known of 8086:9999", "Ethernet")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'I210'; Reset = 'flr', 'kick' }) }", "Cards[0].Reset[1] = 'kick'", "flr, af_flr, pm")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'I210'; Registers = 'f0000100+1000' }) }", "Cards[0].Registers = 'f0000100+1000'", "a power of two")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'I210'; Mac = 'x' }) }", "Cards[0].Mac = 'x': it is no MAC address", "six pairs")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'I210'; IP = '10.0.0.1' }) }", "Cards[0].IP = '10.0.0.1'", "/24")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'I210'; Gateway = '10.0.0.1' }) }", "Cards[0].Gateway = '10.0.0.1': the interface has no", "IP")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'I210'; Bridge = 'br1' }) }", "Cards[0].Bridge = 'br1': dom0 has no such bridge", "Bridges")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'NVMe'; Interface = 'e' }) }", "Cards[0].Interface = 'e': only a network card", "Ethernet")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'NVMe'; Disks = 'sda' }) }", "Cards[0].Disks.Name = 'sda'", "nvme0n1")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'I210'; Disks = 'sda' }) }", "Cards[0].Disks = 'sda': only a storage", "SATA")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'I210'; Usb = 'Mouse' }) }", "Cards[0].Usb = 'Mouse': only a USB", "xHCI")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'xHCI'; Usb = 'Mouse', 'Pen' }) }", "Cards[0].Usb[1] = 'Pen'", "Keyboard, Mouse")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'I210'; VirtualFunctions = 4 }) }", "Cards[0].VirtualFunctions = 4: it is no table", "@{")]
    [InlineData("@{ Cards = @(@{ Address = '01:00.0'; Model = 'I350'; VirtualFunctions = @{ AtBoot = 8 } }) }", "Cards[0].VirtualFunctions.AtBoot = 8: there can be 7", "0 to 7")]
    [InlineData("@{ Cards = @{ Address = '01:00.0'; Model = 'I210' }, @{ Address = '0000:01:00.0'; Model = 'I210' } }", "Cards[1].Address = '0000:01:00.0': another card has it", "no other card")]
    [InlineData("@{ Cards = @{ Address = '01:00.0'; Model = 'I210' }, @{ Address = '02:00.0'; Model = 'I210'; Interface = 'enp1s0' } }", "Cards[1].Interface = 'enp1s0'", "no other interface")]
    [InlineData("@{ Cards = @{ Address = '01:00.0'; Model = 'I210' }, @{ Address = '02:00.0'; Model = 'I210'; Behind = '01:00.0' } }", "Cards[1].Behind = '01:00.0': 0000:01:00.0 is no bridge", "Bridge")]
    [InlineData("@{ Cards = @{ Address = '01:00.0'; Model = 'I210'; Behind = '00:01.0' } }", "Cards.Behind = '00:01.0': there is no such card", "Bridge")]
    [InlineData("@{ Cards = @{ Address = '05:00.0'; Model = 'RootPort'; Root = $true }, @{ Address = '02:00.0'; Model = 'I210'; Behind = '05:00.0' } }", "Cards[1].Behind = '05:00.0': bus 02 cannot be", "lower number")]
    [InlineData("@{ Cards = @{ Address = '00:01.0'; Model = 'RootPort' }, @{ Address = '02:00.0'; Model = 'I210'; Behind = '00:01.0' }, @{ Address = '03:00.0'; Model = 'I210'; Behind = '00:01.0' } }", "leads to bus 02 already", "one bus")]
    [InlineData("@{ Bridges = @{ Name = 'br0' }, @{ Name = 'br0' } }", "Bridges[1].Name = 'br0': another interface has it", "nothing else")]
    [InlineData("@{ Guests = @{ Name = '1' } }", "Guests.Name = '1'", "letters")]
    [InlineData("@{ Guests = @{ Name = 'a' }, @{ Name = 'a' } }", "Guests[1].Name = 'a': another guest has it", "no other guest")]
    [InlineData("@{ Guests = @{ Name = 'a'; State = 'Dead' } }", "Guests.State = 'Dead'", "Running, Paused, Crashed, ShutDown, Destroyed, Configured")]
    [InlineData("@{ Guests = @{ Name = 'a'; Broken = 'Devd' } }", "Guests.Broken = 'Devd': only a driver domain", "Shutdown")]
    [InlineData("@{ Guests = @{ Name = 'a'; Cards = '01:00.0' } }", "Guests.Cards = '0000:01:00.0': there is no such card", "no bridge")]
    [InlineData("@{ Guests = @{ Name = 'a'; Vifs = @{ Backend = 'b' } } }", "Guests.Vifs.Backend = 'b': there is no such guest", "DriverDomain = $true")]
    [InlineData("@{ Guests = @{ Name = 'a'; Vifs = @{ Bridge = 'b' } } }", "Guests.Vifs.Bridge = 'b': dom0 has no bridge b", "Bridges")]
    [InlineData("@{ Iommu = $false; Cards = @{ Address = '01:00.0'; Model = 'I210' }; Guests = @{ Name = 'a'; Cards = '01:00.0' } }", "without an IOMMU", "Iommu = $true")]
    [InlineData("@{ Cards = @{ Address = '01:00.0'; Model = 'I210' }; Guests = @{ Name = 'a'; Cards = '01:00.0' }, @{ Name = 'b'; Cards = '01:00.0' } }", "Guests[1].Cards = '0000:01:00.0': a has it", "no other guest")]
    [InlineData("@{ Pciback = 'NotLoaded'; Cards = @{ Address = '01:00.0'; Model = 'I210'; Assignable = $true } }", "Pciback = 'NotLoaded': it has cards", "Loaded or BuiltIn")]
    public void What_cannot_be_names_file_place_value_rule_and_what_is_allowed(string text, string message, string allowed)
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => DescribedHost.Read(text));

        Assert.Equal(SimulationErrorIds.MachineDescriptionInvalid, error.ErrorId);
        Assert.StartsWith("x.psd1: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Allowed is ", error.Remedy, StringComparison.Ordinal);
        Assert.Contains(allowed, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_needs_no_file_and_its_keys_may_not_differ_in_case_alone()
    {
        Assert.Equal("tree", MachineDescription.Read(new Hashtable(), "a tree", "tree").Host.Name);

        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(
            () => MachineDescription.Read(new Hashtable { ["Cpus"] = 1, ["cpus"] = 2 }, "a tree", "tree"));
        Assert.Contains("twice", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@{ Cards = ")]
    [InlineData("'text'")]
    [InlineData("@{ HostName = hostname }")]
    [InlineData("@{ HostName = $env:HOME }")]
    [InlineData("@{ HostName = \"$(Get-Date)\" }")]
    [InlineData("@{ } ; @{ }")]
    [InlineData("")]
    public void What_is_no_data_is_refused_and_never_executed(string text)
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => DataFile.Read(text, "x.psd1"));

        Assert.Equal(ModuleErrorIds.MachineFileMalformed, error.ErrorId);
        Assert.Contains("x.psd1", error.Message, StringComparison.Ordinal);
        Assert.Contains("line ", error.Message, StringComparison.Ordinal);
    }
}
