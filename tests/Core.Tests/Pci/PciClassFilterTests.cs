using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Pci;

public sealed class PciClassFilterTests
{
    [Theory]
    [InlineData("Network", 0x020000, "Ethernet controller", true)]
    [InlineData("network", 0x028000, "Network controller", true)]
    [InlineData("Network", 0x0c0330, "USB controller", false)]
    [InlineData("usb", 0x0c0330, "USB controller", true)]
    [InlineData("Usb", 0x0c0500, "SMBus", false)]
    [InlineData("Audio", 0x040300, "Audio device", true)]
    [InlineData("Audio", 0x040000, "Multimedia video controller", false)]
    [InlineData("*ethernet*", 0x020000, "Ethernet controller", true)]
    [InlineData("Ethernet", 0x020000, "Ethernet controller", false)]
    [InlineData("Ethernet controller", 0x020000, "Ethernet controller", true)]
    [InlineData("0200", 0x020000, "Ethernet controller", true)]
    [InlineData("0x02", 0x028000, "Network controller", true)]
    [InlineData("0c0330", 0x0c0320, "USB controller", false)]
    [InlineData("", 0x020000, "Ethernet controller", false)]
    public void A_filter_matches_a_group_a_number_or_a_name(string text, int code, string name, bool expected)
    {
        PciDevice device = new() { Dom0 = "local", Address = default, ClassCode = code, ClassName = name };

        Assert.Equal(expected, PciClassFilter.Parse(text).Matches(device));
    }
}
