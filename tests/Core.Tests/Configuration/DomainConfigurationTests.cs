using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Configuration;

public class DomainConfigurationTests
{
    private static readonly DomainConfiguration s_netdd = new()
    {
        Name = "netdd",
        MemoryMB = 384,
        Vcpus = 1,
        Kernel = "/root/vmlinuz",
        Ramdisk = "/root/guest.gz",
        CommandLine = "console=hvc0 role=dd",
        IsDriverDomain = true,
        PciDevices = [PciSpec.Parse("00:10.0,permissive=1")],
        OnCrash = DomainAction.Preserve,
        Bridge = "xenbr0",
    };

    [Fact]
    public void A_driver_domain_is_written_as_an_administrator_would()
    {
        Assert.Equal(
            """
            # Written by XenDriverDomain. Comments and settings that you add are kept.
            # XenDriverDomain: bridge=xenbr0
            name = "netdd"
            type = "pv"
            memory = 384
            vcpus = 1
            kernel = "/root/vmlinuz"
            ramdisk = "/root/guest.gz"
            cmdline = "console=hvc0 role=dd"
            driver_domain = 1
            pci = [ '0000:00:10.0,permissive=1' ]
            on_crash = "preserve"

            """,
            s_netdd.ToXlConfig().Text);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        DomainConfiguration everything = s_netdd with
        {
            Type = DomainType.HVM,
            MaxMemoryMB = 384,
            Root = "/dev/xvda",
            ExtraArguments = "it's \"quoted\" \\ é",
            Vifs = [VifSpec.Parse("bridge=xenbr0,backend=up"), new VifSpec()],
            Disks = [DiskSpec.Parse("phy:/dev/vg/dd,xvda,w")],
            OnPoweroff = DomainAction.RenameRestart,
            OnReboot = DomainAction.CoredumpRestart,
            Passthrough = PassthroughMode.SyncPt,
            E820Host = true,
            Other =
            [
                new("tsc_mode", XlConfigAtom.FromString("native")), new("maxvcpus", XlConfigAtom.FromNumber(4)),
                new("usbdevice", XlConfigList.Of([XlConfigAtom.FromString("tablet")])),
            ],
        };

        XlConfigDocument document = everything.ToXlConfig();
        DomainConfiguration read = DomainConfiguration.FromXlConfig(XlConfigDocument.Parse(document.Write()));

        Assert.Equal(document.Text, read.ToXlConfig().Text);
        Assert.Equal(["tsc_mode", "maxvcpus", "usbdevice"], read.Other.Select(o => o.Key));
        Assert.Equal(everything.ExtraArguments, read.ExtraArguments);
        Assert.Equal(everything.Vifs, read.Vifs);
        Assert.Equal(everything.PciDevices, read.PciDevices);
        Assert.Equal("xenbr0", read.Bridge);
        Assert.Equal(DomainType.HVM, read.Type);
    }

    [Fact]
    public void An_hvm_domain_gets_all_its_memory_at_once() =>
        Assert.Equal(384, (s_netdd with { Type = DomainType.HVM }).ToXlConfig().GetNumber("maxmem"));

    [Theory]
    [InlineData("name='x'\n", DomainType.PV)]
    [InlineData("name='x'\nbuilder='hvm'\n", DomainType.HVM)]
    [InlineData("name='x'\nbuilder='generic'\ntype='pv'\n", DomainType.PV)]
    [InlineData("name='x'\ntype='pvh'\n", DomainType.PVH)]
    public void The_type_is_found_as_xl_finds_it(string text, DomainType type) =>
        Assert.Equal(type, DomainConfiguration.FromXlConfig(XlConfigDocument.Parse(text)).Type);

    [Theory]
    [InlineData("memory=512\n", ErrorIds.ConfigSettingMissing, 1)]
    [InlineData("name='x'\ntype='h'\n", ErrorIds.ConfigValueInvalid, 2)]
    [InlineData("name='x'\ntype='pv'\nbuilder='hvm'\n", ErrorIds.ConfigValueInvalid, 3)]
    [InlineData("name='x'\nmemory='lots'\n", ErrorIds.ConfigValueInvalid, 2)]
    [InlineData("name='x'\nmemory='-1'\n", ErrorIds.ConfigValueInvalid, 2)]
    [InlineData("name='x'\nvif='bridge=xenbr0'\n", ErrorIds.ConfigValueInvalid, 2)]
    [InlineData("name='x'\nvif=['bridge=br0',\n 'brigde=br1']\n", ErrorIds.VifSpecMalformed, 3)]
    [InlineData("name='x'\npci=['00:10']\n", ErrorIds.PciSpecMalformed, 2)]
    [InlineData("name='x'\non_crash='panic'\n", ErrorIds.ConfigValueInvalid, 2)]
    public void A_bad_setting_is_pointed_to(string text, string id, int line)
    {
        ConfigException error = Assert.Throws<ConfigException>(
            () => DomainConfiguration.FromXlConfig(XlConfigDocument.Parse(text, "/etc/xen/x.cfg")));
        Assert.Equal(id, error.ErrorId);
        Assert.Equal(line, error.Location.Line);
        Assert.StartsWith($"/etc/xen/x.cfg:{line}:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sound_driver_domain_has_no_findings()
    {
        Assert.Empty(DomainConfigChecks.Check(s_netdd));
        Assert.Empty(DomainConfigChecks.Check(s_netdd with { Type = DomainType.HVM, MaxMemoryMB = 384 }));
    }

    private static (string Id, DomainConfiguration Configuration)[] Unsound =>
    [
        (ErrorIds.PciOnPvh, s_netdd with { Type = DomainType.PVH }),
        (ErrorIds.PciWithPopulateOnDemand, s_netdd with { Type = DomainType.HVM, MaxMemoryMB = 512 }),
        (ErrorIds.PciWithPassthroughDisabled, s_netdd with { Passthrough = PassthroughMode.Disabled }),
        (ErrorIds.DomainNameInvalid, s_netdd with { Name = "4711" }),
        (ErrorIds.DomainNameInvalid, s_netdd with { Name = "../netdd" }),
        (ErrorIds.PciDeviceTwice, s_netdd with { PciDevices = [PciSpec.Parse("00:10.0"), PciSpec.Parse("0000:00:10.0@5")] }),
        (ErrorIds.PciDeviceTwice, s_netdd with { PciDevices = [PciSpec.Parse("00:10.*@4"), PciSpec.Parse("00:10.1")] }),
        (ErrorIds.BackendByDomid, s_netdd with { Vifs = [VifSpec.Parse("backend=4")] }),
        (ErrorIds.BackendByDomid, s_netdd with { Disks = [DiskSpec.Parse("vdev=xvda,backend=4,target=/x")] }),
        (ErrorIds.MemoryOutOfBounds, s_netdd with { MemoryMB = 4 }),
        (ErrorIds.MemoryOutOfBounds, s_netdd with { MemoryMB = null }),
        (ErrorIds.MemoryOutOfBounds, s_netdd with { MaxMemoryMB = 128 }),
        (ErrorIds.NothingToBoot, s_netdd with { Kernel = null }),
    ];

    [Fact]
    public void What_cannot_work_is_found() => Assert.All(Unsound, unsound =>
    {
        Finding finding = Assert.Single(DomainConfigChecks.Check(unsound.Configuration));
        Assert.Equal(unsound.Id, finding.Id);
        Assert.NotEmpty(finding.Remedy);
    });

    [Fact]
    public void Dom0_by_number_is_a_fine_back_end() =>
        Assert.Empty(DomainConfigChecks.Check(s_netdd with { Vifs = [VifSpec.Parse("backend=0")] }));
}
