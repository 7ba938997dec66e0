using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.XenStore;

public sealed class XenPathsTests
{
    [Fact]
    public void Devices_lie_where_libxl_puts_them()
    {
        Assert.Equal("/local/domain/0/backend/pci/7/0", XenPaths.Backend(0, "pci", 7, 0).ToString());
        Assert.Equal("/local/domain/7/device/vif/1", XenPaths.Frontend(7, "vif", 1).ToString());
        Assert.Equal("/libxl/7/device/vif", XenPaths.DeviceRecords(7, "vif").ToString());
        Assert.Equal("/local/domain/3/error/backend/vif/7/1", XenPaths.BackendError(3, "vif", 7, 1).ToString());
        Assert.Equal("/libxl/pci", XenPaths.PciRecords.ToString());
        Assert.Equal("/libxl/pciback", XenPaths.OlderPciRecords.ToString());
    }

    [Theory]
    [InlineData("/local/domain/3/backend/vif/7/1", 3)]
    [InlineData("/local/domain/0/backend/qdisk/7/51712", 0)]
    [InlineData("/local/domain/3/device/vif/7", null)]
    [InlineData("/local/domain/x/backend/vif/7/1", null)]
    [InlineData("/local/domain/-3/backend/vif/7/1", null)]
    [InlineData("/local/domain/3", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_back_ends_domain_is_read_from_its_path(string? path, int? domid) => Assert.Equal(domid, XenPaths.BackendDomidOf(path));

    [Theory]
    [InlineData("/vm/6f57ae20-1194-2bc5-13d4-55bab1186501", true)]
    [InlineData("/vm/6f57ae20119442bc513d455bab1186501", false)]
    [InlineData("/vm/6f57ae20-1194-2bc5-13d4-55bab1186501/name", false)]
    [InlineData("/wm/6f57ae20-1194-2bc5-13d4-55bab1186501", false)]
    [InlineData("\u001b[2J", false)]
    [InlineData(null, false)]
    public void A_uuid_is_read_from_its_path(string? path, bool isOne) => Assert.Equal(isOne, XenPaths.UuidOf(path) is not null);
}
