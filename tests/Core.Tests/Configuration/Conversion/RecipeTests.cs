using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Import;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Configuration.Conversion;

public class RecipeTests
{
    [Fact]
    public void A_pv_guest_gets_its_back_end_from_the_command_line()
    {
        XenDomainConfig config = Import(Recipes.PvClient, ("beid", "4"));

        Assert.Equal((DomainConfigFormat.Xm, "client", DomainType.PV, 64), (config.Format, config.Name, config.Type, config.MemoryMB));
        Assert.Equal("root=/dev/hda1 ro 4", config.CommandLine);
        Assert.Equal(
            """
            # Converted by XenDriverDomain from an xm file: guest.conf
            kernel = "/boot/vmlinuz-2.6.18-xenU"
            ramdisk = "/boot/initrd-2.6.18-xenU.img"
            memory = 64
            name = "client"
            disk = [ "format=raw,vdev=hda1,access=rw,target=/var/xen/client.img" ]
            vif = [ "backend=4,mac=00:16:3e:00:00:04,bridge=xenbr0" ]
            root = "/dev/hda1 ro"
            extra = "4"
            on_crash = "restart"

            """,
            config.XlConfig);
        Assert.Equal(ConversionAction.Dropped, config.Conversion.Single(e => e.Setting == "hostname").Action);
        ConfigVif vif = Assert.Single(config.Vif);
        Assert.Equal(("4", "xenbr0", 18), (vif.Backend, vif.Bridge, vif.Line));
        Assert.Equal(ErrorIds.BackendByDomid, Assert.Single(config.Findings).Id);
        Assert.True(config.IsSound);
    }

    [Theory]
    [InlineData("0", "beid must be the domid of the driver domain")]
    [InlineData("x", "invalid literal for int")]
    public void The_files_own_check_speaks(string beid, string words)
    {
        ConfigException failed = Assert.Throws<ConfigException>(() => Import(Recipes.PvClient, ("beid", beid)));

        Assert.Equal(ErrorIds.XmScriptFailed, failed.ErrorId);
        Assert.Contains(words, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_is_missing_is_said_where_it_is_missed()
    {
        ConfigException failed = Assert.Throws<ConfigException>(() => Import(Recipes.PvClient));

        Assert.Equal(ErrorIds.XmScriptFailed, failed.ErrorId);
        Assert.StartsWith("guest.conf:", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_driver_domain_of_xm()
    {
        XenDomainConfig config = Import(Recipes.PvDriverDomain);

        Assert.Equal(DomainConfigFormat.Xm, config.Format);
        Assert.Equal("0000:01:07.0", Assert.Single(config.PciDevice).Address.ToString());
        Assert.Equal("ip=:127.0.255.255::::eth0:dhcp", config.CommandLine);
        Assert.Contains("driver_domain = 1\n", config.XlConfig, StringComparison.Ordinal);
        Assert.Empty(config.Findings);
    }

    [Fact]
    public void Devices_of_the_command_line_stand_in_one_list()
    {
        XenDomainConfig config = Import(Recipes.PvDriverDomain, ("pci", "01:00.0"), ("pci", "02:03.0"));

        Assert.Equal(["0000:01:00.0", "0000:02:03.0"], config.PciDevice.Select(p => p.Address.ToString()));
        Assert.All(config.PciDevice, p => Assert.Null(p.Line));
    }

    [Fact]
    public void The_sxp_form_says_the_same()
    {
        XenDomainConfig config = Import(Recipes.SxpDriverDomain);

        Assert.Equal((DomainConfigFormat.Sxp, "netdd", 128, DomainType.PV), (config.Format, config.Name, config.MemoryMB, config.Type));
        Assert.Equal(["0000:01:07.0", "0000:02:03.0"], config.PciDevice.Select(p => p.Address.ToString()));
        Assert.Equal("ip=:127.0.255.255::::eth0:dhcp", config.CommandLine);
        Assert.Equal("format=raw,vdev=xvda,access=rw,backend=storage,target=/dev/vg/dd", Assert.Single(config.Disk).Text);
        Assert.Equal("0", Assert.Single(config.Vif).Backend);
        Assert.Equal((6, 18), (config.PciDevice[0].Line, config.PciDevice[0].Column));
        Assert.True(config.IsSound);
    }

    [Fact]
    public void A_single_device_is_a_part_of_a_configuration()
    {
        XenDomainConfig config = Import(Recipes.SxpDevice);

        Assert.Equal("0000:03:1a.1", Assert.Single(config.PciDevice).Address.ToString());
        Assert.Null(config.Name);
        Assert.Null(config.Type);
        Assert.Empty(config.Findings);
        Assert.Equal("pci = [ \"0000:03:1a.1\" ]", config.XlConfig.Split('\n')[1]);
    }

    [Fact]
    public void An_hvm_driver_domain()
    {
        XenDomainConfig config = Import(Recipes.HvmDriverDomain);

        Assert.Equal((DomainConfigFormat.Xm, DomainType.HVM), (config.Format, config.Type));
        ConversionEntry disk = config.Conversion.Single(e => e.Setting == "disk");
        Assert.Equal(ConversionAction.Changed, disk.Action);
        Assert.Contains("xl says rw", disk.Reason, StringComparison.Ordinal);
        Assert.Contains("access=rw", disk.Became, StringComparison.Ordinal);
        Assert.Equal(ConversionAction.Changed, config.Conversion.Single(e => e.Setting == "pci_msitranslate").Action);
        Assert.Empty(config.Findings);
    }

    [Fact]
    public void Its_client_is_told_of_the_blanks_and_they_are_gone()
    {
        XenDomainConfig config = Import(Recipes.HvmClient);

        ConversionEntry vif = config.Conversion.Single(e => e.Setting == "vif");
        Assert.Equal(ConversionAction.Changed, vif.Action);
        Assert.Contains("blanks", vif.Reason, StringComparison.Ordinal);
        Assert.Equal("bridge=xenbr0,model=e1000,backend=driver-domain", Assert.Single(config.Vif).Text);
        Assert.Equal(ErrorIds.EmulatedVifElsewhere, Assert.Single(config.Findings).Id);
    }

    private static XenDomainConfig Import(string text, params (string Name, string Value)[] variables)
    {
        XenDomainConfig config = DomainConfigImporter.Read(
            text, "guest.conf", DomainConfigFormat.Auto, [.. variables.Select(v => KeyValuePair.Create(v.Name, v.Value))]);

        // What was converted is an xl.cfg by itself, without a remark.
        XenDomainConfig again = DomainConfigImporter.Read(config.ToXlConfig(), "guest.cfg", DomainConfigFormat.Xl);
        Assert.DoesNotContain(
            again.Findings, f => f.Severity == FindingSeverity.Error && f.Id != ErrorIds.ConfigSettingMissing && config.Name is not null);
        Assert.DoesNotContain(again.Findings, f => f.Id is ErrorIds.SettingIgnored or ErrorIds.NumberOctal or ErrorIds.BlankBehindComma);
        return config;
    }
}
