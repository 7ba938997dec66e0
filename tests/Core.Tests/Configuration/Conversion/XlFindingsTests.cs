using System.Text;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Import;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Configuration.Conversion;

/// <summary>An xl.cfg in the model: nothing of it is lost, and where xl does something else is told.</summary>
public class XlFindingsTests
{
    private const string Head = "name = \"a\"\ntype = \"pv\"\nkernel = \"/k\"\n";

    [Theory]
    [InlineData("memory = 64\nvif = [ 'bakend=dd' ]", ErrorIds.VifKeyUnknown, FindingSeverity.Error, 5, 9)]
    [InlineData("memory = 64\nvif = [ 'backend=' ]", ErrorIds.BackendEmpty, FindingSeverity.Error, 5, 9)]
    [InlineData("memory = 64\nvif = [ 'backend=dd ' ]", ErrorIds.BlankInValue, FindingSeverity.Error, 5, 9)]
    [InlineData("memory = 64\nvif = [ 'bridge=b, backend=dd' ]", ErrorIds.BlankBehindComma, FindingSeverity.Information, 5, 9)]
    [InlineData("memory = 64\nvif = [ 'backend=7' ]", ErrorIds.BackendByDomid, FindingSeverity.Warning, 5, 9)]
    [InlineData("memory = 64\nvif = [ '', 'mac=x' ]", ErrorIds.VifSpecMalformed, FindingSeverity.Error, 5, 13)]
    [InlineData("memory = 64\npci = [ '01:00' ]", ErrorIds.PciFunctionMissing, FindingSeverity.Error, 5, 9)]
    [InlineData("memory = 64\npci = [ 'bdf=01:00.0xyz' ]", ErrorIds.PciTailIgnored, FindingSeverity.Error, 5, 9)]
    [InlineData("memory = 64\npci = [ '01:00.0x' ]", ErrorIds.PciTailIgnored, FindingSeverity.Error, 5, 9)]
    [InlineData("memory = 64\npci = [ '36:00.0@20' ]", ErrorIds.PciSlotOutOfRange, FindingSeverity.Error, 5, 9)]
    [InlineData("memory = 64\npci = [ '01:00.0,permissive=yes' ]", ErrorIds.PciFlagNotBinary, FindingSeverity.Error, 5, 9)]
    [InlineData("memory = 64\npci = [ '01:00.0, permissive=1' ]", ErrorIds.PciSpecMalformed, FindingSeverity.Error, 5, 9)]
    [InlineData("memory = 64\npci = [ '01:00.0', '01:00.0' ]", ErrorIds.PciDeviceTwice, FindingSeverity.Error, 5, 20)]
    [InlineData("memory = 64\ndisk = [ 'phy:/dev/x,xvda,w,dd' ]", ErrorIds.DiskSpecMalformed, FindingSeverity.Error, 5, 10)]
    [InlineData("memory = 064", ErrorIds.NumberOctal, FindingSeverity.Warning, 4, 10)]
    [InlineData("memory = 64\nnic = 1", ErrorIds.SettingIgnored, FindingSeverity.Warning, 5, 1)]
    [InlineData("memory = 64\nnics = 1", ErrorIds.SettingIgnored, FindingSeverity.Warning, 5, 1)]
    [InlineData("memory = 2", ErrorIds.MemoryOutOfBounds, FindingSeverity.Error, 4, 10)]
    [InlineData("memory = 'x'", ErrorIds.ConfigValueInvalid, FindingSeverity.Error, 4, 10)]
    [InlineData("memory = 64\non_crash = 'never'", ErrorIds.ConfigValueInvalid, FindingSeverity.Error, 5, 12)]
    [InlineData("memory = 64\nvif = 'bridge=b'", ErrorIds.ConfigValueInvalid, FindingSeverity.Error, 5, 7)]
    public void A_pitfall_is_told_with_its_place(string lines, string id, FindingSeverity severity, int line, int column)
    {
        Finding finding = Assert.Single(DomainConfigImporter.Read(Head + lines + "\n", "a.cfg").Findings);

        Assert.Equal(
            (id, severity, "a.cfg", line, column),
            (finding.Id, finding.Severity, finding.File, finding.Line!.Value, finding.Column!.Value));
        Assert.NotEmpty(finding.Remedy);
    }

    [Fact]
    public void All_findings_come_at_once_in_the_order_of_the_file()
    {
        XenDomainConfig config = DomainConfigImporter.Read(
            "type = 'hvm'\nmemory = 64\nmaxmem = 'x'\nvif = [ 'backend=', 'bridge=b' ]\npci = [ '01:00', '02:00.0' ]\n"
                + "nonsense = 1\n", "a.cfg");

        Assert.Equal(
            [
                ErrorIds.ConfigValueInvalid, ErrorIds.BackendEmpty, ErrorIds.PciFunctionMissing, ErrorIds.SettingIgnored,
                ErrorIds.ConfigSettingMissing,
            ],
            config.Findings.Select(f => f.Id));
        Assert.Equal([false, true], config.Vif.Select(v => v.Spec is not null));
        Assert.Equal("0000:02:00.0", config.PciDevice[1].Address.ToString());
        Assert.False(config.IsSound);
    }

    [Theory]
    [InlineData("# a comment\n\tname = 'a'  # the name\nname='b';memory=0x40\npci = [ '01:00.0' , # first\n '02:00.0',]\nextra += \"x\"\nextra += \"y\"")]
    [InlineData("type = 'hvm'\nvif = [ 'bridge=xenbr0, model=e1000, backend=dd' ]\n")]
    [InlineData("")]
    public void What_was_read_is_written_byte_for_byte(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);

        Assert.Equal(bytes, DomainConfigImporter.Read(bytes, "a.cfg").ToXlConfig());
        Assert.Equal(text, DomainConfigImporter.Read(bytes, "a.cfg", DomainConfigFormat.Xl).XlConfig);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_come_back_as_they_were()
    {
        byte[] bytes = [.. "name = 'a' # M"u8, 0xfc, .. "ller\n"u8];

        Assert.Equal(bytes, DomainConfigImporter.Read(bytes, "a.cfg").ToXlConfig());
    }

    [Theory]
    [InlineData("name = 'a'\nmemory = 64\n", DomainConfigFormat.Xl)]
    [InlineData("builder = 'hvm'\ntype = 'hvm'\n", DomainConfigFormat.Xl)]
    [InlineData("builder = 'hvm'\ndisk = [ '/x,raw,xvda,w' ]\n", DomainConfigFormat.Xl)]
    [InlineData("pci = [ '01:00.0,permissive=1' ]\ndhcp = 'dhcp'\n", DomainConfigFormat.Xl)]
    [InlineData("builder = 'linux'\n", DomainConfigFormat.Xm)]
    [InlineData("dhcp = 'dhcp'\n", DomainConfigFormat.Xm)]
    [InlineData("disk = [ 'phy:x,xvda,w,dd' ]\n", DomainConfigFormat.Xm)]
    [InlineData("disk = [ 'phy:vg/x,xvda,w' ]\n", DomainConfigFormat.Xm)]
    [InlineData("disk = [ 'phy:/dev/vg/x,xvda,w' ]\n", DomainConfigFormat.Xl)]
    [InlineData("pci = [ '01:00.0-3' ]\n", DomainConfigFormat.Xm)]
    [InlineData("pci = [ '1,5,0' ]\n", DomainConfigFormat.Xm)]
    [InlineData("name = 'a' + 'b'\n", DomainConfigFormat.Xm)]
    [InlineData("name = 'a'\r\n", DomainConfigFormat.Xm)]
    [InlineData("# -*- mode: python -*-\n\n  (vm (name a))", DomainConfigFormat.Sxp)]
    public void The_language_is_seen(string text, DomainConfigFormat format) =>
        Assert.Equal(format, DomainConfigImporter.Read(text).Format);

    [Fact]
    public void What_both_take_is_carried_over_or_left_as_it_is()
    {
        const string Text = "builder = 'hvm'\nname = 'a'\n";

        Assert.Equal(DomainConfigFormat.Xm, DomainConfigImporter.Read(Text).Format);
        Assert.Equal(
            DomainConfigFormat.Xl, DomainConfigImporter.Read(Text, null, DomainConfigFormat.Auto, null, DomainConfigFormat.Xl).Format);
    }

    [Theory]
    [InlineData("name = 'a'\nmemory = 64m\n", 2)]
    [InlineData("name = 'a'\ntype = pv\n", 2)]
    [InlineData("import frobnicate\nname = 'a'\n", 1)]
    [InlineData("name = 'a'\nfor x in range(3):\n  y = x +\n", 3)]
    public void An_error_is_where_the_text_goes_wrong(string text, int line)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => DomainConfigImporter.Read(text, "a"));

        Assert.Equal(line, error.Location.Line);
    }

    [Fact]
    public void Variables_of_an_xl_cfg_are_settings_above_its_own()
    {
        XenDomainConfig config = DomainConfigImporter.Read(
            Head + "memory = 64 # as ever\n",
            "a.cfg",
            DomainConfigFormat.Auto,
            [KeyValuePair.Create("memory", "128"), KeyValuePair.Create("pci", "01:00.0"), KeyValuePair.Create("pci", "02:00.0")]);

        Assert.Equal(Head + "memory = 128 # as ever\npci = [ \"01:00.0\", \"02:00.0\" ]\n", config.XlConfig);
    }
}
