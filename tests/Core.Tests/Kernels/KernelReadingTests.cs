using System.Text;
using XenDriverDomain.Errors;
using XenDriverDomain.Kernels;

namespace XenDriverDomain.Tests.Kernels;

public class KernelReadingTests
{
    private const string Image = "/boot/vmlinuz-6.1.5";

    private static byte[] Kernel => KernelImages.Kernel(KernelHost.Minimal);

    // Not enumerated at discovery: xunit would write megabytes of bytes into the names of test cases, one by one, which takes gigabytes.
    public static TheoryData<string, byte[]> Images => new()
    {
        { "text", Encoding.ASCII.GetBytes(KernelHost.Minimal) },
        { "config.gz", KernelImages.Gzip(Encoding.ASCII.GetBytes(KernelHost.Minimal)) },
        { "vmlinux or configs.ko", Kernel },
        { "vmlinuz of 2.6.18-xen and arm64: gzip", KernelImages.Gzip(Kernel) },
        { "bzImage", KernelImages.BzImage(KernelImages.Gzip(Kernel)) },
        { "bzImage with the kernel as it is", KernelImages.BzImage(Kernel) },
        { "bzImage of before 2.6.26, which does not say where its payload is", KernelImages.BzImage(KernelImages.Gzip(Kernel), 0x0205) },
        { "zboot", KernelImages.ZBoot(KernelImages.Gzip(Kernel), "gzip") },
        { "mark across the steps of the search", KernelImages.Kernel(KernelHost.Minimal, (64 * 1024) + 5) },
        { "a kernel that ends with its configuration", KernelImages.Kernel(KernelHost.Minimal, after: 20) },
    };

    [Theory]
    [MemberData(nameof(Images), DisableDiscoveryEnumeration = true)]
    public async Task A_configuration_is_found_whatever_it_is_in(string what, byte[] content)
    {
        KernelHost host = new();
        host.Files.Put(Image, content);
        KernelConfig config = await host.ReadAsync(Image);
        Assert.True(config.IsSet("XEN"), what);
        Assert.Equal((3, Image, "6.1.5"), (config.Find("XEN")!.Value.Line, config.Find("XEN")!.Value.File, config.Release));
    }

    [Theory]
    [InlineData("xz", 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)]
    [InlineData("zstd", 0x28, 0xb5, 0x2f, 0xfd, 0, 0)]
    [InlineData("lz4", 0x02, 0x21, 0x4c, 0x18, 0, 0)]
    [InlineData("lzo", 0x89, 0x4c, 0x5a, 0x4f, 0, 0)]
    [InlineData("bzip2", 0x42, 0x5a, 0x68, 0x39, 0x31, 0x41)]
    [InlineData("lzma", 0x5d, 0, 0, 0, 1, 0xff)]
    public async Task Another_compression_is_named_with_what_to_do(string name, params int[] magic)
    {
        byte[] payload = [.. magic.Select(b => (byte)b), .. new byte[100]];
        foreach (byte[] content in new[] { KernelImages.BzImage(payload), KernelImages.ZBoot(payload, name), payload })
        {
            XenDriverDomainException error = await ErrorOfAsync(content);
            Assert.Equal((ErrorIds.KernelCompressionUnsupported, Image), (error.ErrorId, (string)error.Target!));
            Assert.Contains($" {name};", error.Message, StringComparison.Ordinal);
            Assert.Contains("/boot/config-6.1.5", error.Remedy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Another_compression_is_named_also_where_the_header_does_not_say_where_it_is()
    {
        byte[] payload = [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, .. new byte[100]];
        Assert.Equal(ErrorIds.KernelCompressionUnsupported, (await ErrorOfAsync(KernelImages.BzImage(payload, 0x0205))).ErrorId);
    }

    public static TheoryData<string, byte[], string> Hostile => new()
    {
        { "no kernel at all", [0, 1, 2, 3], ErrorIds.KernelConfigNotEmbedded },
        { "a kernel without IKCONFIG", KernelImages.BzImage(KernelImages.Gzip(new byte[200_000])), ErrorIds.KernelConfigNotEmbedded },
        { "an ELF file of a few bytes", "\u007fELF"u8.ToArray(), ErrorIds.KernelConfigNotEmbedded },
        {
            "a payload beyond the end", KernelImages.BzImage(KernelImages.Gzip(Kernel), payloadLength: int.MaxValue),
            ErrorIds.KernelImageDamaged
        },
        {
            "a payload of a negative length", KernelImages.BzImage(KernelImages.Gzip(Kernel), payloadLength: -1),
            ErrorIds.KernelImageDamaged
        },
        { "a mark without an end", [.. new byte[9], .. "IKCFG_ST"u8, .. KernelImages.Gzip(new byte[9])], ErrorIds.KernelImageDamaged },
        {
            "marks around what is no gzip", [0, .. "IKCFG_ST"u8, 0x1f, 0x8b, 8, 0xff, 0xff, 0xff, .. "IKCFG_ED"u8],
            ErrorIds.KernelImageDamaged
        },
        { "a configuration that unpacks to too much", KernelImages.Kernel(new string('#', 5_000_000)), ErrorIds.KernelConfigTooLarge },
        {
            "config.gz that unpacks to too much", KernelImages.Gzip(Encoding.ASCII.GetBytes(new string('#', 5_000_000))),
            ErrorIds.KernelConfigTooLarge
        },
        { "a text that is too long", Encoding.ASCII.GetBytes(new string('#', 5_000_000)), ErrorIds.HostFileTooLarge },
        { "config.gz that is cut", KernelImages.Gzip(Encoding.ASCII.GetBytes(KernelHost.Minimal))[..^12], ErrorIds.KernelImageDamaged },
        {
            "config.gz with a flipped byte", Flip(KernelImages.Gzip(Encoding.ASCII.GetBytes(KernelHost.Minimal))),
            ErrorIds.KernelImageDamaged
        },
        { "three bytes of gzip", [0x1f, 0x8b, 8], ErrorIds.KernelImageDamaged },
        { "an embedded configuration that is none", KernelImages.Kernel("<html>\n"), ErrorIds.KernelConfigMalformed },
    };

    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public async Task What_is_wrong_with_a_file_is_said(string what, byte[] content, string errorId)
    {
        XenDriverDomainException error = await ErrorOfAsync(content);
        Assert.True(errorId == error.ErrorId, $"{what}: {error.ErrorId}, {error.Message}");
        Assert.Contains(Image, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_images_end_in_an_error_of_this_product_or_in_a_configuration()
    {
        byte[] good = KernelImages.BzImage(KernelImages.Gzip(KernelImages.Kernel(KernelHost.Minimal, 3000, 1000)));
        Random random = new(20261122);
        KernelHost host = new();
        int read = 0, refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            byte[] bad = [.. good];
            for (int change = random.Next(1, 5); change > 0; change--)
            {
                bad[i % 2 == 0 ? random.Next(0x1f0, 0x250) : random.Next(bad.Length)] = (byte)random.Next(256);
            }

            host.Files.Put(Image, bad[..(i % 5 == 0 ? random.Next(1, bad.Length) : bad.Length)]);
            try
            {
                await host.ReadAsync(Image);
                read++;
            }
            catch (XenDriverDomainException)
            {
                refused++;
            }
        }

        Assert.True(read > 0 && refused > 0, $"{read} {refused}");
    }

    [Theory]
    [InlineData("boot/config", ErrorIds.KernelPathInvalid)]
    [InlineData("", ErrorIds.KernelPathInvalid)]
    [InlineData("/boot/a\nb", ErrorIds.KernelPathInvalid)]
    [InlineData("/boot/a\0b", ErrorIds.KernelPathInvalid)]
    [InlineData("/boot/config-*", ErrorIds.KernelConfigNotFound)]
    [InlineData("/boot", ErrorIds.KernelModulesIncomplete)]
    public async Task A_path_names_one_thing_on_dom0(string path, string errorId)
    {
        KernelHost host = KernelHost.With(KernelHost.Minimal);
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => host.ReadAsync(path));
        Assert.Equal(errorId, error.ErrorId);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task The_running_kernel_is_read_from_its_own_record_then_boot_then_its_modules()
    {
        KernelHost host = new();
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(host.ReadRunningAsync);
        Assert.Equal(ErrorIds.KernelConfigNotFound, error.ErrorId);
        Assert.Contains(
            "/proc/config.gz, /boot/config-6.1.0-56-amd64, /lib/modules/6.1.0-56-amd64", error.Message, StringComparison.Ordinal);

        host.Files.Put("/lib/modules/6.1.0-56-amd64/modules.builtin", "kernel/fs/ext4/ext4.ko\n").Put(
            "/lib/modules/6.1.0-56-amd64/modules.order", "");
        Assert.Equal("/lib/modules/6.1.0-56-amd64", (await host.ReadRunningAsync()).Path);

        host.Files.Put("/boot/config-6.1.0-56-amd64", KernelHost.Minimal);
        Assert.Equal("/boot/config-6.1.0-56-amd64", (await host.ReadRunningAsync()).Path);

        host.Files.Put("/proc/config.gz", KernelImages.Gzip(Encoding.ASCII.GetBytes(KernelHost.Minimal)));
        Assert.Equal("/proc/config.gz", (await host.ReadRunningAsync()).Path);
    }

    [Fact]
    public async Task A_release_that_is_none_becomes_no_part_of_a_path()
    {
        KernelHost host = new();
        host.Files.Put("/proc/sys/kernel/osrelease", "../../etc/passwd\n").Put("/etc/passwd", "root:x:0:0\n");
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(host.ReadRunningAsync);
        Assert.DoesNotContain("passwd", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Flip(byte[] data)
    {
        data[data.Length / 2] ^= 0x55;
        return data;
    }

    private static async Task<XenDriverDomainException> ErrorOfAsync(byte[] content)
    {
        KernelHost host = new();
        host.Files.Put(Image, content);
        return await Assert.ThrowsAnyAsync<XenDriverDomainException>(() => host.ReadAsync(Image));
    }
}
