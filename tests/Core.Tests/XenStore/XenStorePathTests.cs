using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>What is a path and what is none.</summary>
public sealed class XenStorePathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/local/domain/0")]
    [InlineData("/libxl/pci/0000-00-10-0/driver_path")]
    [InlineData("device/vif/0")]
    [InlineData("@releaseDomain")]
    public void Proper_paths_round_trip(string text)
    {
        Assert.Equal(text, XenStorePath.Parse(text).ToString());
        Assert.True(XenStorePath.TryParse(text, out XenStorePath path));
        Assert.Equal(XenStorePath.Parse(text), path);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("/a/", "slash")]
    [InlineData("//a", "empty component")]
    [InlineData("/a//b", "empty component")]
    [InlineData("/a b", "' '")]
    [InlineData("/0000:00:10.0", "':'")]
    [InlineData("/a/../b", "'.'")]
    [InlineData("/a\0", "\\u{0}")]
    [InlineData("/ä", "'ä'")]
    public void Others_are_refused_with_the_rule(string text, string words)
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => XenStorePath.Parse(text));
        Assert.Equal(ErrorIds.XenStorePathMalformed, error.ErrorId);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(text, error.Target);
        Assert.False(XenStorePath.TryParse(text, out _));
    }

    [Fact]
    public void The_length_is_bounded_and_less_for_relative_paths()
    {
        Assert.True(XenStorePath.TryParse("/" + new string('a', 3071), out _));
        Assert.False(XenStorePath.TryParse("/" + new string('a', 3072), out _));
        Assert.True(XenStorePath.TryParse(new string('a', 2048), out _));
        Assert.False(XenStorePath.TryParse(new string('a', 2049), out _));
    }

    [Fact]
    public void Children_and_parents()
    {
        XenStorePath path = XenStorePath.Root / "local" / "domain" / 7;

        Assert.Equal("/local/domain/7", path.ToString());
        Assert.Equal("7", path.Name);
        Assert.Equal("/local/domain", path.Parent.ToString());
        Assert.Equal("/", XenStorePath.Parse("/a").Parent.ToString());
        Assert.Null(XenStorePath.Root.Parent);
        Assert.Null(XenStorePath.Parse("a").Parent);
        Assert.Throws<XenDriverDomainException>(() => path / "");
        Assert.Throws<XenDriverDomainException>(() => path / "a.b");
    }
}
