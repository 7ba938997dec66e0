using System.Text;
using XenDriverDomain.Pci;
using XenDriverDomain.Tests.Support;

namespace XenDriverDomain.Tests.Pci;

public sealed class PciIdsTests
{
    private static readonly PciIds s_ids = new(Encoding.UTF8.GetBytes(Recording.Text("pci.ids")));

    [Fact]
    public void Names_are_found_by_number()
    {
        Assert.Equal("Intel Corporation", s_ids.FindVendor(0x8086));
        Assert.Equal("Motorola", s_ids.FindVendor(0xc0de));
        Assert.Equal("82574L Gigabit Network Connection", s_ids.FindDevice(0x8086, 0x10d3));
        Assert.Equal("82G33/G31/P35/P31 Express DRAM Controller", s_ids.FindDevice(0x8086, 0x29c0));
        Assert.Equal("QEMU Virtual Machine", s_ids.FindSubsystem(0x8086, 0x100e, 0x1af4, 0x1100));
    }

    [Fact]
    public void A_name_is_never_taken_from_another_section()
    {
        Assert.Null(s_ids.FindVendor(0x1234));
        Assert.Null(s_ids.FindDevice(0x8086, 0x8139));
        Assert.Null(s_ids.FindDevice(0xc0de, 0x0001));
        Assert.Null(s_ids.FindSubsystem(0x8086, 0x100e, 0x8086, 0xa01f));
        Assert.Null(s_ids.FindSubsystem(0x8086, 0x29c0, 0x8086, 0xa01f));
    }

    [Theory]
    [InlineData(0x0c0330, "USB controller", "XHCI")]
    [InlineData(0x0c0399, "USB controller", null)]
    [InlineData(0x010601, "SATA controller", "AHCI 1.0")]
    [InlineData(0x01ff00, "Mass storage controller", null)]
    [InlineData(0xff0000, null, null)]
    public void Classes_fall_back_to_their_base(int code, string? name, string? programmingInterface)
    {
        Assert.Equal((name, programmingInterface), (s_ids.FindClass(code), s_ids.FindInterface(code)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\t8086  orphan\n\t\t1 2\nC\nC 0\n8086")]
    [InlineData("8086\n\t10d3\n\t\t8086\nC 02\n\t00")]
    [InlineData("\n\n#\n8086  \n\t10d3  ")]
    public void Nonsense_has_no_names(string text)
    {
        PciIds ids = new(Encoding.UTF8.GetBytes(text));

        Assert.Null(ids.FindVendor(0x8086));
        Assert.Null(ids.FindDevice(0x8086, 0x10d3));
        Assert.Null(ids.FindSubsystem(0x8086, 0x10d3, 0x8086, 1));
        Assert.Null(ids.FindClass(0x020000));
        Assert.Null(ids.FindInterface(0x020000));
    }
}
