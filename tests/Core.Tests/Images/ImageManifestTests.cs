using System.Text;
using XenDriverDomain.Errors;
using XenDriverDomain.Images;

namespace XenDriverDomain.Tests.Images;

public class ImageManifestTests
{
    private static readonly ImageManifest s_manifest = new()
    {
        Format = 1,
        Id = "6.1.0-57-amd64-a4db93796de9",
        Role = DriverDomainRole.Network,
        HasVlan = true,
        Kernel = "6.1.0-57-amd64",
        Xen = "4.17.5",
        Drivers = ["e1000e"],
        Modules = ["ptp", "e1000e"],
        MadeBy = "0.4.0",
        Made = new DateTime(2026, 12, 1, 0, 0, 0, DateTimeKind.Utc),
        Length = 12108960,
        Inputs = [new ImageInput("/usr/bin/bash", 1265648, new string('a', 64))],
    };

    [Fact]
    public void What_is_written_is_read()
    {
        ImageManifest read = ImageManifest.Read(s_manifest.Write(), "/manifest.json");

        Assert.Equal(Encoding.UTF8.GetString(s_manifest.Write()), Encoding.UTF8.GetString(read.Write()));
        Assert.True(read.HasVlan);
        Assert.Equal("/usr/bin/bash", Assert.Single(read.Inputs).Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{ \"format\": 1 }")]
    [InlineData("no JSON at all\u001b[2J")]
    public void What_is_none_is_refused_by_its_path(string text)
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(
            () => ImageManifest.Read(Encoding.UTF8.GetBytes(text), "/images/one/manifest.json"));

        Assert.Equal(ErrorIds.ImageManifestInvalid, error.ErrorId);
        Assert.Contains("/images/one/manifest.json", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', error.Message);
    }

    [Theory]
    [InlineData("\"e1000e\"", "null")]
    [InlineData("\"4.17.5\"", "null")]
    [InlineData("\"0.4.0\"", "null")]
    [InlineData("\"Network\"", "77")]
    [InlineData("\"/usr/bin/bash\"", "null")]
    [InlineData("\"/usr/bin/bash\"", "\"bash\"")]
    [InlineData("\"/usr/bin/bash\"", "\"/usr\\u0000/bash\"")]
    public void One_with_parts_that_are_nothing_is_refused(string part, string other)
    {
        byte[] odd = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(s_manifest.Write()).Replace(part, other, StringComparison.Ordinal));

        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => ImageManifest.Read(odd, "/manifest.json"));

        Assert.Equal(ErrorIds.ImageManifestInvalid, error.ErrorId);
    }

    [Fact]
    public void One_of_a_later_format_is_refused_and_not_guessed_at()
    {
        byte[] later = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(s_manifest.Write()).Replace("\"format\": 1", "\"format\": 2"));

        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => ImageManifest.Read(later, "/manifest.json"));

        Assert.Equal(ErrorIds.ImageManifestInvalid, error.ErrorId);
        Assert.Contains("its format is 2", error.Message, StringComparison.Ordinal);
    }
}
