using XenDriverDomain.Assignment.AtBoot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Assignment.AtBoot;

/// <summary>Changing hide= on a command line leaves every other byte alone.</summary>
public class HideEditTests
{
    private const string Parameter = "xen-pciback.hide";

    [Theory]
    [InlineData("", "xen-pciback.hide=(0000:03:00.0)")]
    [InlineData("quiet", "quiet xen-pciback.hide=(0000:03:00.0)")]
    [InlineData("  ro   quiet  ", "  ro   quiet xen-pciback.hide=(0000:03:00.0)  ")]
    [InlineData("quiet -- single", "quiet xen-pciback.hide=(0000:03:00.0) -- single")]
    [InlineData("-- single", "xen-pciback.hide=(0000:03:00.0) -- single")]
    [InlineData("netloop.nloopbacks=8 a=\"b  c\" quiet", "netloop.nloopbacks=8 a=\"b  c\" quiet xen-pciback.hide=(0000:03:00.0)")]
    [InlineData("xen-pciback.hide=(01:00.0) quiet", "xen-pciback.hide=(01:00.0)(0000:03:00.0) quiet")]
    [InlineData("xen_pciback.hide=(01:00.0)\tquiet", "xen_pciback.hide=(01:00.0)(0000:03:00.0)\tquiet")]
    [InlineData("xen-pciback.hide= quiet", "xen-pciback.hide=(0000:03:00.0) quiet")]
    [InlineData("xen-pciback.hide=\"(01:00.0) (02:00.0) \" x", "xen-pciback.hide=\"(01:00.0) (02:00.0)(0000:03:00.0) \" x")]
    [InlineData("\"xen-pciback.hide=(01:00.0)\" x", "\"xen-pciback.hide=(01:00.0)(0000:03:00.0)\" x")]
    [InlineData("""xen-pciback.hide=\"(01:00.0) (02:00.0)\" x""", """xen-pciback.hide=\"(01:00.0) (02:00.0)(0000:03:00.0)\" x""")]
    [InlineData("xen-pciback.hide=(01:00.0) xen-pciback.hide=(02:00.0)", "xen-pciback.hide=(01:00.0) xen-pciback.hide=(02:00.0)(0000:03:00.0)")]
    [InlineData("xen-pciback.hide=(03:00.0)", "xen-pciback.hide=(03:00.0)")]
    [InlineData("xen-pciback.hide=(0000:03:00.*)", "xen-pciback.hide=(0000:03:00.*)")]
    [InlineData("xen-pciback.hide=(03:*.*) quiet", "xen-pciback.hide=(03:*.*) quiet")]
    [InlineData("pciback.hide=(03:00.0)", "pciback.hide=(03:00.0) xen-pciback.hide=(0000:03:00.0)")]
    public void An_address_is_added_where_no_element_stands_for_it(string line, string expected) =>
        Assert.Equal(expected, HideEdit.Add(line, Parameter, [PciAddress.Parse("03:00.0")]));

    [Fact]
    public void Several_addresses_are_added_once_each() => Assert.Equal(
        "xen-pciback.hide=(0000:03:00.0)(0001:04:00.1)",
        HideEdit.Add(
            string.Empty, Parameter, [PciAddress.Parse("03:00.0"), PciAddress.Parse("0001:04:00.1"), PciAddress.Parse("03:00.0")]));

    [Theory]
    [InlineData("xen-pciback.hide=(03:00.0)", "")]
    [InlineData("ro xen-pciback.hide=(0000:03:00.0) quiet", "ro quiet")]
    [InlineData("xen-pciback.hide=(0000:03:00.0)  quiet", " quiet")]
    [InlineData("ro  xen-pciback.hide=(01:00.0)(0x3:0.0)(02:00.0) quiet", "ro  xen-pciback.hide=(01:00.0)(02:00.0) quiet")]
    [InlineData("xen-pciback.hide=\"(03:00.0) (02:00.0)\"", "xen-pciback.hide=\"(02:00.0)\"")]
    [InlineData("""a xen-pciback.hide=\"(03:00.0)\" b""", "a b")]
    [InlineData("xen-pciback.hide=(03:00.0)(02:00.0) a xen-pciback.hide=(03:00.0)", "xen-pciback.hide=(02:00.0) a")]
    [InlineData("ro quiet", "ro quiet")]
    public void An_address_is_removed_with_its_word_when_it_is_the_last_one(string line, string expected) => Assert.Equal(
        expected, HideEdit.Remove(line, Parameter, part => part.Element?.Address == PciAddress.Parse("03:00.0")));

    [Theory]
    [InlineData("")]
    [InlineData("quiet")]
    [InlineData(" ro\tquiet  -- single")]
    [InlineData("xen-pciback.hide=(01:00.0) a")]
    [InlineData("a=\"x y\" xen-pciback.hide=\"(01:00.0) (02:00.*)\" b")]
    public void What_was_added_and_removed_again_leaves_no_trace(string line) => Assert.Equal(
        line,
        HideEdit.Remove(
            HideEdit.Add(line, Parameter, [PciAddress.Parse("03:00.0")]), Parameter,
            part => part.Element?.Address == PciAddress.Parse("03:00.0")));

    [Theory]
    [InlineData(" xen-pciback.hide=(01:00.0", "kernel=vmlinuz xen-pciback.hide=(0000:03:00.0)")]
    [InlineData("\txen-pciback.hide=(01 ro", "kernel=vmlinuz ro xen-pciback.hide=(0000:03:00.0)")]
    [InlineData(" ro", "kernel=vmlinuz ro xen-pciback.hide=(0000:03:00.0)")]
    public void What_divides_parameters_from_the_kernels_path_stays_when_one_that_cannot_be_read_goes(string parameters, string expected)
    {
        const string Path = "kernel=vmlinuz";
        string changed = HideEdit.Add(
            HideEdit.Remove(parameters, Parameter, part => part.Fault is not null), Parameter, [PciAddress.Parse("03:00.0")]);
        string file = new KernelLine("/boot/xen.cfg", 1, Path.Length, parameters).Change(Path + parameters, changed);
        Assert.Equal(expected, file);
    }

    [Fact]
    public void Several_addresses_are_removed_at_once() => Assert.Equal(
        "xen-pciback.hide=(02:00.0) ro",
        HideEdit.Remove(
            "xen-pciback.hide=(01:00.0)(02:00.0)(0000:03:00.0) ro", Parameter,
            part => part.Element?.Address != PciAddress.Parse("02:00.0")));

    [Fact]
    public void A_word_without_a_value_stays() => Assert.Equal(
        "xen-pciback.hide= ro", HideEdit.Remove("xen-pciback.hide= ro", Parameter, _ => true));

    [Fact]
    public void What_cannot_be_read_can_be_dropped() => Assert.Equal(
        "xen-pciback.hide=(01:00.0)(02:00.0) ro",
        HideEdit.Remove("xen-pciback.hide=(01:00.0),(0b::00.1)(02:00.0) ro", Parameter, part => part.Fault is not null));
}
