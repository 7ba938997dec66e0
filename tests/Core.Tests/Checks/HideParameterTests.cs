using XenDriverDomain.Hide;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Checks;

/// <summary>The grammar of xen-pciback.hide= as the kernel's parser has it; Linux 6.1's was asked about what is odd here.</summary>
public class HideParameterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("(00:10.0)", "(0000:00:10.0)")]
    [InlineData("(0000:00:10.0)(0001:0b:00.1)", "(0000:00:10.0)(0001:0b:00.1)")]
    [InlineData(" (00:10.0) \t(00:11.0)\n", "(0000:00:10.0)(0000:00:11.0)")]
    [InlineData("(00:10.*)(0001:03:*.*)(03:*.*)(0002:03:04.*)", "(0000:00:10.*)(0001:03:*.*)(0000:03:*.*)(0002:03:04.*)")]
    [InlineData("(0:1.2)", "(0000:00:01.2)")]
    [InlineData("(0x0:0X1F.0x7)", "(0000:00:1f.7)")]
    [InlineData("( 0000: 03: 1a. 0)", "(0000:03:1a.0)")]
    [InlineData("(100000000:10.0)", "(0000:00:10.0)")]
    [InlineData("(00000000:000000ff:0000001f.00000007)", "(0000:ff:1f.7)")]
    public void What_the_driver_takes_is_understood(string value, string elements)
    {
        Assert.Null(HideParameter.FindFault(value));
        Assert.Equal(elements, string.Concat(HideList.Parse(value).Elements));
    }

    [Theory]
    [InlineData("(0000:82.0.0)", "(0000:82.0.0)", nameof(HideRule.Form))]
    [InlineData("(00:10.0)(0b::00.1)", "(0b::00.1)", nameof(HideRule.Form))]
    [InlineData("(00:10.0),(00:11.0)", ",", nameof(HideRule.NoCommas))]
    [InlineData("(00:10.0,00:11.0)", "(00:10.0,00:11.0)", nameof(HideRule.NoCommas))]
    [InlineData("00:10.0", "00:10.0", nameof(HideRule.Parentheses))]
    [InlineData("00:10.0 (00:11.0)", "00:10.0 ", nameof(HideRule.Parentheses))]
    [InlineData("(00:10.0", "(00:10.0", nameof(HideRule.Parentheses))]
    [InlineData("(00:10.0(00:11.0)", "(00:10.0", nameof(HideRule.Parentheses))]
    [InlineData("((00:10.0))", "(", nameof(HideRule.Parentheses))]
    [InlineData("(00:10.0))", ")", nameof(HideRule.Parentheses))]
    [InlineData("()", "()", nameof(HideRule.Form))]
    [InlineData("(00:10)", "(00:10)", nameof(HideRule.Form))]
    [InlineData("(0:0:0:0)", "(0:0:0:0)", nameof(HideRule.Form))]
    [InlineData("(2:0:0:0.1)", "(2:0:0:0.1)", nameof(HideRule.Form))]
    [InlineData("(00:.0)", "(00:.0)", nameof(HideRule.Form))]
    [InlineData("(00:1g.0)", "(00:1g.0)", nameof(HideRule.Hexadecimal))]
    [InlineData("(-1:10.0)", "(-1:10.0)", nameof(HideRule.Hexadecimal))]
    [InlineData("(00:*.0)", "(00:*.0)", nameof(HideRule.Wildcard))]
    [InlineData("(*:*.*)", "(*:*.*)", nameof(HideRule.Wildcard))]
    [InlineData("(00:10.0 )", "(00:10.0 )", nameof(HideRule.Blank))]
    [InlineData("(00 :10.0)", "(00 :10.0)", nameof(HideRule.Blank))]
    [InlineData("(00:20.0)", "(00:20.0)", nameof(HideRule.Range))]
    [InlineData("(00:10.8)", "(00:10.8)", nameof(HideRule.Range))]
    [InlineData("(100:10.0)", "(100:10.0)", nameof(HideRule.Range))]
    [InlineData("(10000:00:10.0)", "(10000:00:10.0)", nameof(HideRule.Range))]
    [InlineData("(80000000:10.0)", "(80000000:10.0)", nameof(HideRule.Range))]
    public void What_the_driver_cannot_read_is_named_with_the_rule(string value, string bad, string rule)
    {
        HideFault fault = HideParameter.FindFault(value)!;

        Assert.Equal((bad, rule), (fault.Element, fault.Rule.ToString()));
        Assert.Equal(bad, value.Substring(fault.Position, bad.Length));
        Assert.False(HideList.Parse(value).Hides(PciAddress.Parse("00:10.0")));
    }

    [Fact]
    public void Each_rule_has_words_of_its_own() => Assert.Equal(
        Enum.GetValues<HideRule>().Length, Enum.GetValues<HideRule>().Select(rule => new HideFault("x", rule, 0).Why).Distinct().Count());

    [Fact]
    public void Reading_goes_on_behind_what_cannot_be_read()
    {
        HideList list = HideList.Parse("(00:10.0)(0b::00.1),(00:11.0");

        Assert.Equal(["(0b::00.1)", ",", "(00:11.0"], list.Parts.Where(part => part.Fault is not null).Select(part => part.Fault!.Element));
        Assert.Equal(["(0000:00:10.0)"], list.Elements.Select(element => element.ToString()));
    }

    [Theory]
    [InlineData("root=/dev/sda xen-pciback.hide=(00:10.0) quiet", "(00:10.0)")]
    [InlineData("xen_pciback.hide=(00:10.0)", "(00:10.0)")]
    [InlineData("pciback.hide=(00:10.0)", "(00:10.0)")]
    [InlineData("xen-pciback.hide=(00:10.0) xen-pciback.hide=(00:11.0)", "(00:11.0)")]
    [InlineData("xen-pciback.hide=\"(00:10.0) (00:11.0)\" quiet", "(00:10.0) (00:11.0)")]
    [InlineData("\"xen-pciback.hide=(00:10.0) (00:11.0)\" quiet", "(00:10.0) (00:11.0)")]
    [InlineData("quiet -- xen-pciback.hide=(00:10.0)", null)]
    [InlineData("xen-pciback.passthrough=1 hide=(00:10.0)", null)]
    [InlineData("my.xen-pciback.hide=(00:10.0)", null)]
    public void The_parameter_is_found_on_the_command_line(string line, string? value) => Assert.Equal(value, HideParameter.Find(line));
}
