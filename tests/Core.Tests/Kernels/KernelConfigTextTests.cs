using System.Text;
using XenDriverDomain.Errors;
using XenDriverDomain.Kernels;

namespace XenDriverDomain.Tests.Kernels;

public class KernelConfigTextTests
{
    private const string File = "/boot/config-x";

    [Fact]
    public void Every_form_of_a_line_is_read_with_its_place()
    {
        KernelConfig config = Parse(
            "#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 6.1.192 Kernel Configuration\n#\n\nCONFIG_XEN=y\r\n"
            + "CONFIG_XENFS=m\n# CONFIG_XEN_DEBUG_FS is not set\nCONFIG_NR_CPUS=-64\nCONFIG_START=0xC000dead\n"
            + "CONFIG_TEXT=\"a \\\"b\\\" \\\\ = c\"\nCONFIG_8139TOO_8129=y\nCONFIG_LAST=n");
        Assert.Equal(("6.1.192", new Version(6, 1, 192)), (config.Release, config.Version));
        Assert.Equal(
            [("y", 6), ("m", 7), ("n", 8), ("-64", 9), ("0xC000dead", 10), ("a \"b\" \\ = c", 11), ("y", 12), ("n", 13)],
            new[] { "XEN", "XENFS", "XEN_DEBUG_FS", "NR_CPUS", "START", "TEXT", "8139TOO_8129", "LAST" }
                .Select(name => (config.Find(name)!.Value.Value, config.Find(name)!.Value.Line!.Value)));
        Assert.Null(config.Find("XEN_DOM0"));
    }

    [Fact]
    public void The_head_of_old_kernels_tells_their_version()
    {
        KernelConfig config = Parse(
            "#\n# Automatically generated make config: don't edit\n# Linux kernel version: 2.6.18.8\n#\nCONFIG_X86_XEN=y\n");
        Assert.Equal(new Version(2, 6, 18), config.Version);
        Assert.Equal(KernelFlavor.Classic, config.Flavor);
    }

    [Fact]
    public void Of_an_option_given_twice_the_last_counts()
    {
        Assert.Equal(("m", 3), Parse("CONFIG_XENFS=y\n# CONFIG_XENFS is not set\nCONFIG_XENFS=m\n").Find("XENFS") is { } found
            ? (found.Value, found.Line!.Value)
            : default);
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("# nothing but comments\n", 1, 1)]
    [InlineData("CONFIG_XEN=y\nXEN_DOM0=y\n", 2, 1)]
    [InlineData("CONFIG_XEN=y\n CONFIG_XEN_DOM0=y\n", 2, 1)]
    [InlineData("CONFIG_XEN=y\nCONFIG_XEN DOM0=y\n", 2, 1)]
    [InlineData("CONFIG_=y\n", 1, 1)]
    [InlineData("CONFIG_XEN\n", 1, 1)]
    [InlineData("CONFIG_XEN=\n", 1, 12)]
    [InlineData("CONFIG_XEN=yes\n", 1, 12)]
    [InlineData("CONFIG_XEN=Y\n", 1, 12)]
    [InlineData("CONFIG_N=0x\n", 1, 10)]
    [InlineData("CONFIG_N=-\n", 1, 10)]
    [InlineData("CONFIG_S=\"open\n", 1, 10)]
    [InlineData("CONFIG_S=\"a\"b\"\n", 1, 13)]
    [InlineData("CONFIG_S=\"ends in \\\"\n", 1, 10)]
    [InlineData("CONFIG_XEN=y\nCONFIG_S=\"a\u0085b\"\n", 2, 12)]
    [InlineData("<html>\n", 1, 1)]
    public void Any_other_line_is_an_error_with_its_place(string text, int line, int column)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Parse(text));
        Assert.Equal(ErrorIds.KernelConfigMalformed, error.ErrorId);
        Assert.Equal(new ConfigLocation(File, line, column), error.Location);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_an_error()
    {
        ConfigException error = Assert.Throws<ConfigException>(() => KernelConfigText.Parse(File, [.. "CONFIG_S=\""u8, 0xff, .. "\"\n"u8]));
        Assert.Equal((ErrorIds.KernelConfigMalformed, 1), (error.ErrorId, error.Location.Line));
    }

    [Fact]
    public void Nothing_of_the_file_reaches_the_terminal_raw()
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Parse("CONFIG_XEN=\u202e" + new string('x', 100_000) + "\n"));
        Assert.DoesNotContain('\u202e', error.Message);
        Assert.True(error.Message.Length < 500);
        Assert.DoesNotContain(
            "\u202e", Parse("# Linux/x86 6.1\u202e Kernel Configuration\nCONFIG_A=y\n").Release!, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_configurations_are_read_or_refused_and_never_crash()
    {
        byte[] good = Encoding.ASCII.GetBytes(
            "# Linux/x86 6.1.192 Kernel Configuration\nCONFIG_XEN=y\n# CONFIG_A is not set\nCONFIG_S=\"x\\\"y\"\nCONFIG_N=0x12\n");
        Random random = new(20261122);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bad = [.. good];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }

            try
            {
                KernelConfigText.Parse(File, bad.AsSpan(0, random.Next(bad.Length + 1)));
            }
            catch (ConfigException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 19_999);
    }

    private static KernelConfig Parse(string text) => KernelConfigText.Parse(File, Encoding.UTF8.GetBytes(text));
}
