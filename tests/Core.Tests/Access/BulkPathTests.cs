using XenDriverDomain.Access;

namespace XenDriverDomain.Tests.Access;

public sealed class BulkPathTests
{
    [Theory]
    [InlineData("*", "abc", true)]
    [InlineData("*", ".abc", false)]
    [InlineData(".*", ".abc", true)]
    [InlineData("a*c", "abcbc", true)]
    [InlineData("a*c", "abcb", false)]
    [InlineData("*:00:1*.0", "0000:00:10.0", true)]
    [InlineData("*a*b*", "xxbxxa", false)]
    [InlineData("abc", "abcd", false)]
    [InlineData("**", "", true)]
    public void The_star_matches_as_in_sh(string pattern, string name, bool matches) =>
        Assert.Equal(matches, BulkPath.Matches(pattern, name));

    [Theory]
    [InlineData("relative")]
    [InlineData("/a b")]
    [InlineData("/a/../b")]
    [InlineData("/a//b")]
    [InlineData("/a/[b]")]
    [InlineData("/a/$(id)")]
    [InlineData("/sys/bus/pci/devices/*/rom")]
    [InlineData("/sys/bus/pci/devices/0000:00:10.0/resource10")]
    [InlineData("/sys/bus/pci/drivers/pciback/quirks")]
    [InlineData("/sys/bus/pci/drivers/*/q*")]
    public void Anything_else_is_refused(string path) =>
        Assert.Throws<ArgumentException>(() => BulkPath.Require(new BulkQuery([path], [], [])));

    [Fact]
    public void The_resource_table_and_links_beside_hardware_files_may_be_read() =>
        BulkPath.Require(new BulkQuery(["/sys/bus/pci/devices/*/resource"], ["/sys/bus/pci/devices/*/*"], ["/sys/bus/pci/devices/*/rom"]));
}
