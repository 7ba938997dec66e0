using XenDriverDomain.Checks;

namespace XenDriverDomain.Tests.Checks;

/// <summary>The grammar of xen-pciback.hide= as the kernel's parser has it.</summary>
public class HideParameterTests
{
    [Theory]
    [InlineData("")]
    [InlineData("(00:10.0)")]
    [InlineData("(0000:00:10.0)(0000:0b:00.1)")]
    [InlineData(" (00:10.0) (00:11.0) ")]
    [InlineData("(00:10.*)(0000:03:*.*)(03:*.*)")]
    [InlineData("(0:1.2)")]
    public void What_the_driver_takes_is_fine(string value) => Assert.Null(HideParameter.FindMalformed(value));

    [Theory]
    [InlineData("(0000:82.0.0)", "(0000:82.0.0)")]
    [InlineData("(00:10.0)(0b::00.1)", "(0b::00.1)")]
    [InlineData("(00:10.0),(00:11.0)", ",(00:11.0)")]
    [InlineData("00:10.0", "00:10.0")]
    [InlineData("(00:10.0", "(00:10.0")]
    [InlineData("(00:10)", "(00:10)")]
    [InlineData("(0:0:0:0)", "(0:0:0:0)")]
    [InlineData("(00:20.0)", "(00:20.0)")]
    [InlineData("(00:10.8)", "(00:10.8)")]
    [InlineData("(00:*.0)", "(00:*.0)")]
    public void What_the_driver_cannot_read_is_named(string value, string bad) => Assert.Equal(bad, HideParameter.FindMalformed(value));

    [Theory]
    [InlineData("root=/dev/sda xen-pciback.hide=(00:10.0) quiet", "(00:10.0)")]
    [InlineData("xen_pciback.hide=(00:10.0)", "(00:10.0)")]
    [InlineData("pciback.hide=(00:10.0)", "(00:10.0)")]
    [InlineData("xen-pciback.hide=(00:10.0) xen-pciback.hide=(00:11.0)", "(00:11.0)")]
    [InlineData("xen-pciback.passthrough=1 hide=(00:10.0)", null)]
    public void The_parameter_is_found_on_the_command_line(string line, string? value) => Assert.Equal(value, HideParameter.Find(line));
}
