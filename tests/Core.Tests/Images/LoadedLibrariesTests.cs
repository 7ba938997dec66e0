using XenDriverDomain.Images;

namespace XenDriverDomain.Tests.Images;

public class LoadedLibrariesTests
{
    [Fact]
    public void Glibcs_words_name_the_libraries_and_the_loader()
    {
        // Debian 12: ldd /usr/lib/xen-4.17/bin/xl /bin/true.
        LoadedLibraries libraries = LoadedLibraries.Read("""
            /usr/lib/xen-4.17/bin/xl:
            	linux-vdso.so.1 (0x00007ffc0a7e8000)
            	libxenutil-4.17.so => /lib/x86_64-linux-gnu/libxenutil-4.17.so (0x00007f2f6a1c2000)
            	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2f69e00000)
            	/lib64/ld-linux-x86-64.so.2 (0x00007f2f6a3d2000)
            /bin/true:
            	linux-vdso.so.1 (0x00007ffe1b9f5000)
            	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f9d4e200000)
            	/lib64/ld-linux-x86-64.so.2 (0x00007f9d4e41e000)
            """);

        Assert.Equal(
            ["/lib/x86_64-linux-gnu/libxenutil-4.17.so", "/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"],
            libraries.Paths);
        Assert.Empty(libraries.Missing);
    }

    [Fact]
    public void Musls_words_name_the_same()
    {
        LoadedLibraries libraries = LoadedLibraries.Read("""
            	/lib/ld-musl-x86_64.so.1 (0x7f31b0d3f000)
            	libxenlight.so.4.17 => /usr/lib/libxenlight.so.4.17 (0x7f31b0c1e000)
            	libc.musl-x86_64.so.1 => /lib/ld-musl-x86_64.so.1 (0x7f31b0d3f000)
            """);

        Assert.Equal(["/lib/ld-musl-x86_64.so.1", "/usr/lib/libxenlight.so.4.17"], libraries.Paths);
    }

    [Fact]
    public void A_library_that_is_not_there_is_told_by_name()
    {
        Assert.Equal(["libfdt.so.1"], LoadedLibraries.Read("\tlibfdt.so.1 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n").Missing);
        Assert.Equal(
            ["libyajl.so.2"],
            LoadedLibraries.Read("Error loading shared library libyajl.so.2: No such file or directory (needed by /usr/sbin/xl)\n")
                .Missing);
    }

    [Theory]
    [InlineData("\tnot a dynamic executable\n")]
    [InlineData("\tstatically linked\n")]
    [InlineData("")]
    public void A_program_that_loads_nothing_needs_nothing(string output) => Assert.Empty(LoadedLibraries.Read(output).Paths);
}
