using System.Globalization;
using System.IO.Compression;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Access;

/// <summary>What the files of every dom0 must do alike, be they on a disk or in memory.</summary>
public abstract class FilesContract
{
    protected abstract IDom0Files Files { get; }

    /// <summary>The tree behind <see cref="Files"/>, where tests put things and look at what became of them.</summary>
    protected abstract IFileStage Stage { get; }

    /// <summary>An empty directory.</summary>
    protected abstract string Root { get; }

    [Fact]
    public async Task A_file_is_read_byte_for_byte()
    {
        byte[] content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
        Stage.Put($"{Root}/data", content);

        Assert.Equal(content, await Files.ReadAsync($"{Root}/data", content.Length, default));
    }

    [Fact]
    public async Task A_file_larger_than_the_limit_is_refused_and_not_cut()
    {
        Stage.Put($"{Root}/data", new byte[100_001]);

        var error = await Assert.ThrowsAsync<XenDriverDomainException>(async () => await Files.ReadAsync($"{Root}/data", 100_000, default));

        Assert.Equal(ErrorIds.HostFileTooLarge, error.ErrorId);
        await Assert.ThrowsAsync<XenDriverDomainException>(async () => await Files.ReadAsync("/dev/zero", 100_000, default));
    }

    [Fact]
    public async Task The_kernels_error_of_a_read_comes_back()
    {
        Stage.Put($"{Root}/file", "");

        Assert.Equal(Errno.ENOENT, await ErrnoOf(() => Files.ReadAsync($"{Root}/none", 10, default).AsTask()));
        Assert.Equal(Errno.EISDIR, await ErrnoOf(() => Files.ReadAsync(Root, 10, default).AsTask()));
        Assert.Equal(Errno.ENOTDIR, await ErrnoOf(() => Files.ReadAsync($"{Root}/file/below", 10, default).AsTask()));
    }

    [Fact]
    public async Task A_file_that_is_not_there_can_be_asked_for()
    {
        Stage.Put($"{Root}/file", "text");

        Assert.Equal("text"u8.ToArray(), await Files.TryReadAsync($"{Root}/file", 10, default));
        Assert.Null(await Files.TryReadAsync($"{Root}/none", 10, default));
        Assert.Null(await Files.TryReadAsync($"{Root}/file/below", 10, default));
        Assert.Equal(Errno.EISDIR, await ErrnoOf(() => Files.TryReadAsync(Root, 10, default).AsTask()));
    }

    [Fact]
    public async Task The_kernels_error_of_a_write_comes_back()
    {
        Assert.Equal(Errno.ENOSPC, await ErrnoOf(() => Files.WriteOnceAsync("/dev/full", "0000:00:10.0\n"u8.ToArray(), default).AsTask()));
        Assert.Equal(Errno.ENOENT, await ErrnoOf(() => Files.WriteOnceAsync($"{Root}/none", "1\n"u8.ToArray(), default).AsTask()));
        Assert.Equal(Errno.EISDIR, await ErrnoOf(() => Files.WriteOnceAsync(Root, "1\n"u8.ToArray(), default).AsTask()));
        Assert.DoesNotContain("none", Stage.Names(Root));
    }

    [Fact]
    public async Task A_store_writes_all_bytes_at_the_start_of_the_file()
    {
        byte[] every = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];
        Stage.Put($"{Root}/attribute", "");

        await Files.WriteOnceAsync($"{Root}/attribute", every, default);

        Assert.Equal(every, Stage.Content($"{Root}/attribute"));
    }

    [Fact]
    public async Task Replacing_keeps_mode_and_links_and_leaves_nothing_beside()
    {
        byte[] content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)i)];
        Stage.Put($"{Root}/old.cfg", new byte[300_000], UnixFileMode.UserRead | UnixFileMode.GroupWrite);
        Stage.Link($"{Root}/link.cfg", "old.cfg");

        await Files.ReplaceAsync($"{Root}/link.cfg", content, default);
        await Files.ReplaceAsync($"{Root}/new.cfg", Array.Empty<byte>(), default);

        Assert.Equal(content, Stage.Content($"{Root}/old.cfg"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupWrite, Stage.ModeOf($"{Root}/old.cfg"));
        Assert.Equal("old.cfg", Stage.TargetOf($"{Root}/link.cfg"));
        Assert.Equal(IFileStage.Default, Stage.ModeOf($"{Root}/new.cfg"));
        Assert.Equal(["link.cfg", "new.cfg", "old.cfg"], Stage.Names(Root).Order());
    }

    [Fact]
    public async Task What_cannot_be_replaced_is_an_error_and_stays()
    {
        Assert.Equal(Errno.EISDIR, await ErrnoOf(() => Files.ReplaceAsync(Root, new byte[1], default).AsTask()));
        Assert.Equal(Errno.ENOENT, await ErrnoOf(() => Files.ReplaceAsync($"{Root}/none/file", new byte[1], default).AsTask()));
        Assert.Empty(Stage.Names(Root));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_is_put_together_on_dom0(bool isPacked)
    {
        byte[] big = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
        byte[] every = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        Stage.Put($"{Root}/a file", big);
        Stage.Link($"{Root}/link", "a file");
        Stage.Put($"{Root}/empty", "");

        await Files.ComposeAsync(
            $"{Root}/made",
            [
                FilePiece.Of(every), FilePiece.Of($"{Root}/a file", big.Length), FilePiece.Of("%s\\n"u8.ToArray()),
                FilePiece.Of($"{Root}/empty", 0), FilePiece.Of($"{Root}/link", big.Length), FilePiece.Of(Array.Empty<byte>()),
            ],
            isPacked,
            default);

        byte[] made = Stage.Content($"{Root}/made");
        byte[] plain = isPacked ? Unpack(made) : made;
        Assert.Equal([.. every, .. big, .. "%s\\n"u8, .. big], plain);
        Assert.Equal(IFileStage.Default, Stage.ModeOf($"{Root}/made"));
        Assert.Equal(["a file", "empty", "link", "made"], Stage.Names(Root).Order());
    }

    [Fact]
    public async Task What_cannot_be_put_together_leaves_the_file_as_it_was()
    {
        Stage.Put($"{Root}/made", "old");
        Stage.Put($"{Root}/grown", "longer than it was");

        Assert.Equal(Errno.EIO, await ErrnoOf(() => Compose(FilePiece.Of("new"u8.ToArray()), FilePiece.Of($"{Root}/grown", 6))));
        Assert.Equal(Errno.ENOENT, await ErrnoOf(() => Compose(FilePiece.Of($"{Root}/none", 6), FilePiece.Of("new"u8.ToArray()))));
        Assert.Equal(Errno.EISDIR, await ErrnoOf(() => Files.ComposeAsync(Root, [], true, default).AsTask()));
        Assert.Equal("old"u8.ToArray(), Stage.Content($"{Root}/made"));
        Assert.Equal(["grown", "made"], Stage.Names(Root).Order());

        Task Compose(params FilePiece[] pieces) => Files.ComposeAsync($"{Root}/made", pieces, true, default).AsTask();
    }

    private static byte[] Unpack(byte[] packed)
    {
        using GZipStream stream = new(new MemoryStream(packed), CompressionMode.Decompress);
        using MemoryStream plain = new();
        stream.CopyTo(plain);
        return plain.ToArray();
    }

    [Fact]
    public async Task Deleting_and_making_directories_can_be_repeated()
    {
        await Files.CreateDirectoryAsync($"{Root}/a/b c/d", default);
        await Files.CreateDirectoryAsync($"{Root}/a/b c/d", default);
        Stage.Put($"{Root}/a/file", "");
        await Files.DeleteAsync($"{Root}/a/file", default);
        await Files.DeleteAsync($"{Root}/a/file", default);

        Assert.Equal(["b c"], await Files.ListAsync($"{Root}/a", default));
        Assert.Equal(Errno.EISDIR, await ErrnoOf(() => Files.DeleteAsync($"{Root}/a", default).AsTask()));
        Stage.Put($"{Root}/plain", "");
        Assert.Equal(Errno.EEXIST, await ErrnoOf(() => Files.CreateDirectoryAsync($"{Root}/plain", default).AsTask()));
    }

    [Fact]
    public async Task A_directory_is_listed_in_ordinal_order_with_every_sort_of_name()
    {
        string[] names = [" leading", "*", "-dash", ".hidden", "..two", "a'b\"c", "b\nc", "ü", "z\\n$HOME`id`"];
        foreach (string name in names)
        {
            Stage.Put($"{Root}/{name}", "");
        }

        Stage.Link($"{Root}/dangling", "nowhere");

        Assert.Equal(names.Append("dangling").Order(StringComparer.Ordinal), await Files.ListAsync(Root, default));
        Stage.MakeDirectory($"{Root}/sub/empty");
        Assert.Empty(await Files.ListAsync($"{Root}/sub/empty", default));
        Assert.Equal(Errno.ENOENT, await ErrnoOf(() => Files.ListAsync($"{Root}/none", default).AsTask()));
        Assert.Equal(Errno.ENOTDIR, await ErrnoOf(() => Files.ListAsync($"{Root}/*", default).AsTask()));
    }

    [Fact]
    public async Task Links_are_resolved_and_kinds_told()
    {
        Stage.MakeDirectory($"{Root}/real dir");
        Stage.Put($"{Root}/real dir/file", "");
        Stage.Link($"{Root}/link", "real dir");
        Stage.Link($"{Root}/dangling", "nowhere");

        Assert.Equal($"{Root}/real dir/file", await Files.ResolveAsync($"{Root}/link/file", default));
        Assert.Null(await Files.ResolveAsync($"{Root}/dangling", default));
        Assert.Equal(HostFileKind.Directory, await Files.GetKindAsync($"{Root}/link", default));
        Assert.Equal(HostFileKind.File, await Files.GetKindAsync($"{Root}/link/file", default));
        Assert.Equal(HostFileKind.None, await Files.GetKindAsync($"{Root}/dangling", default));
        Assert.Equal(HostFileKind.None, await Files.GetKindAsync($"{Root}/link/file/below", default));
        Assert.Equal(HostFileKind.Other, await Files.GetKindAsync("/dev/null", default));
    }

    [Fact]
    public async Task One_query_reads_files_links_and_names()
    {
        foreach (string device in new[] { "0000:00:10.0", "0000:00:11.0", ".hidden", "a b'c:1:\u00fc" })
        {
            Stage.MakeDirectory($"{Root}/devices/{device}/net/eth0");
            Stage.Put($"{Root}/devices/{device}/vendor", "0x8086\n");
            Stage.Put($"{Root}/devices/{device}/resource", "0x1 0x2\n0x3 0x4\n\n");
            Stage.Link($"{Root}/devices/{device}/driver", "../../drivers/e1000e");
        }

        Stage.Put($"{Root}/devices/0000:00:10.0/override", "");
        Stage.Put($"{Root}/devices/0000:00:11.0/override", [.. "no newline "u8, 0xFC]);
        Stage.MakeDirectory($"{Root}/devices/a b'c:1:\u00fc/override");
        Stage.Put($"{Root}/devices/0000:00:10.0/long", new string('x', 5000));

        BulkAnswer answer = await Files.ReadManyAsync(
            new BulkQuery(
                [$"{Root}/devices/*/vendor", $"{Root}/devices/0000:00:10.0/vendor", $"{Root}/devices/*:00:1*.0/resource",
                    $"{Root}/devices/*/override", $"{Root}/devices/*/long", $"{Root}/devices/*/absent", $"{Root}/none"],
                [$"{Root}/devices/*/driver", $"{Root}/devices/*/vendor"],
                [$"{Root}/devices/*/net/*", $"{Root}/devices/0000:00:10.0/driver", $"{Root}/devices/*/absent", $"{Root}/none"]),
            default);

        string[] seen = ["0000:00:10.0", "0000:00:11.0", "a b'c:1:\u00fc"];
        Dictionary<string, string> files = seen.ToDictionary(device => $"{Root}/devices/{device}/vendor", _ => "0x8086");
        files[$"{Root}/devices/0000:00:10.0/resource"] = "0x1 0x2\n0x3 0x4\n";
        files[$"{Root}/devices/0000:00:11.0/resource"] = "0x1 0x2\n0x3 0x4\n";
        files[$"{Root}/devices/0000:00:10.0/override"] = "";
        files[$"{Root}/devices/0000:00:11.0/override"] = "no newline \u00fc";
        files[$"{Root}/devices/0000:00:10.0/long"] = new string('x', BulkQuery.FileLimit);
        Assert.Equal(files.OrderBy(pair => pair.Key), answer.Files.OrderBy(pair => pair.Key));
        Assert.Equal(seen.Select(device => $"{Root}/devices/{device}/driver").Order(), answer.Links.Keys.Order());
        Assert.All(answer.Links.Values, target => Assert.Equal("../../drivers/e1000e", target));
        Assert.Equal(
            seen.Select(device => $"{Root}/devices/{device}/net/eth0").Append($"{Root}/devices/0000:00:10.0/driver").Order(),
            answer.Names.Order());
    }

    [Fact]
    public async Task Thousands_of_files_are_one_query()
    {
        for (int i = 0; i < 1000; i++)
        {
            Stage.MakeDirectory($"{Root}/with a rather long name/device {i}");
            Stage.Put($"{Root}/with a rather long name/device {i}/number", i.ToString(CultureInfo.InvariantCulture));
        }

        BulkAnswer answer = await Files.ReadManyAsync(new BulkQuery([$"{Root}/*/*/number"], [], []), default);

        Assert.Equal(1000, answer.Files.Count);
        Assert.Equal("999", answer.Files[$"{Root}/with a rather long name/device 999/number"]);
    }

    [Fact]
    public async Task Bulk_reads_refuse_what_touches_the_hardware()
    {
        foreach (string name in new[] { "rom", "vpd", "config", "resource0", "resource0_wc", "*", "res*" })
        {
            var query = new BulkQuery([$"/sys/bus/pci/devices/*/{name}"], [], []);
            await Assert.ThrowsAsync<ArgumentException>(async () => await Files.ReadManyAsync(query, default));
        }
    }

    private static async Task<Errno> ErrnoOf(Func<Task> action) => (await Assert.ThrowsAsync<HostFileException>(action)).Errno;
}
