using XenDriverDomain.Roots;

namespace XenDriverDomain.Tests.Roots;

/// <summary>The versions that programs need and libraries have, read from their files.</summary>
public class ElfVersionsTests
{
    [Fact]
    public void A_program_needs_what_its_C_library_has()
    {
        // Any program of glibc's will do; where there is none there is nothing to compare.
        string? libc = new[] { "/lib/x86_64-linux-gnu/libc.so.6", "/lib64/libc.so.6", "/usr/lib/libc.so.6" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(libc is null, "This machine has no glibc.");
        ElfVersions program = ElfVersions.TryRead(File.ReadAllBytes("/bin/cat"))!;
        ElfVersions library = ElfVersions.TryRead(File.ReadAllBytes(libc!))!;
        string[] needed = [.. program.Needs.Where(need => need.Library == "libc.so.6").Select(need => need.Version)];
        Assert.Contains("GLIBC_2.2.5", library.Has);
        Assert.NotEmpty(needed);
        Assert.All(needed, version => Assert.Contains(version, library.Has));
    }

    [Fact]
    public void What_a_test_makes_is_read_back()
    {
        ElfVersions read = ElfVersions.TryRead(
            ElfFile.Make([("libc.so.6", "GLIBC_2.34"), ("libz.so.1", "ZLIB_1.2.9")], ["libx.so.1", "X_1.0"]))!;
        Assert.Equal([("libc.so.6", "GLIBC_2.34"), ("libz.so.1", "ZLIB_1.2.9")], read.Needs);
        Assert.Equal(["X_1.0", "libx.so.1"], read.Has.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_file_that_is_none_or_lies_is_nothing()
    {
        byte[] file = ElfFile.Make([("libc.so.6", "GLIBC_2.34")], ["X_1.0"]);
        Assert.Null(ElfVersions.TryRead("#!/bin/sh\n"u8));
        Assert.Null(ElfVersions.TryRead(file.AsSpan(0, 40)));
        for (int cut = 64; cut < file.Length; cut++)
        {
            ElfVersions.TryRead(file.AsSpan(0, cut));
        }

        Random random = new(7);
        for (int i = 0; i < 2000; i++)
        {
            byte[] wrong = [.. file];
            wrong[random.Next(16, wrong.Length)] = (byte)random.Next(256);
            ElfVersions.TryRead(wrong);
        }
    }
}
