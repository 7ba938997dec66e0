using System.Globalization;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Images;

namespace XenDriverDomain.Tests.Images;

public class CpioArchiveTests
{
    [Fact]
    public void A_file_is_written_as_the_kernel_reads_it()
    {
        byte[] archive = Archive(one => one.AddFile("/init", Of("#!/bin/sh\n"), isExecutable: true));

        // buffer-format.rst: magic, then inode, mode, uid, gid, nlink, mtime, size, device, device of the node, length of the name, check.
        string text = Encoding.ASCII.GetString(archive);
        Assert.Equal(
            "070701" + "00000001" + "000081ed" + "00000000" + "00000000" + "00000001" + "00000000" + "0000000a" + "00000000" + "00000000"
                + "00000000" + "00000000" + "00000005" + "00000000" + "init\0" + "\0" + "#!/bin/sh\n" + "\0\0",
            text[..128]);
        Assert.StartsWith("070701", text[128..], StringComparison.Ordinal);
        Assert.EndsWith("TRAILER!!!\0\0\0\0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Directories_above_come_first_and_once()
    {
        Entry[] entries = Entries(one =>
        {
            one.AddFile("/usr/lib/xen-4.17/bin/xl", Of("x"));
            one.AddFile("/usr/lib/libz.so.1", Of("z"));
            one.AddDirectory("/usr/lib");
            one.AddDirectory("/");
        });

        Assert.Equal(
            ["usr", "usr/lib", "usr/lib/xen-4.17", "usr/lib/xen-4.17/bin", "usr/lib/xen-4.17/bin/xl", "usr/lib/libz.so.1"],
            entries.Select(entry => entry.Name));
        Assert.Equal("040755", Convert.ToString(entries[0].Mode, 8).PadLeft(6, '0'));
        Assert.Equal("100644", Convert.ToString(entries[^1].Mode, 8));
    }

    [Fact]
    public void A_link_holds_its_target_and_a_device_its_numbers()
    {
        Entry[] entries = Entries(one =>
        {
            one.AddLink("/bin", "usr/bin");
            one.AddCharacterDevice("/dev/console", 5, 1);
        });

        Assert.Equal(("bin", 0xa1ff, "usr/bin"), (entries[0].Name, entries[0].Mode, Encoding.UTF8.GetString(entries[0].Content)));
        Assert.Equal(("dev/console", 0x2180, 5, 1), (entries[2].Name, entries[2].Mode, entries[2].Major, entries[2].Minor));
    }

    [Fact]
    public void Every_length_of_name_and_content_keeps_its_place()
    {
        Entry[] entries = Entries(one =>
        {
            for (int i = 1; i < 20; i++)
            {
                one.AddFile("/" + new string('n', i), Of(new string('c', i * 3)));
            }
        });

        Assert.Equal(Enumerable.Range(1, 19).Select(i => (i, i * 3)), entries.Select(entry => (entry.Name.Length, entry.Content.Length)));
        Assert.All(entries, entry => Assert.All(entry.Content, one => Assert.Equal((byte)'c', one)));
    }

    [Fact]
    public void The_same_entries_give_the_same_bytes()
    {
        static void Fill(CpioArchive one)
        {
            one.AddFile("/etc/xen/xl.conf", Of("autoballoon=0\n"));
            one.AddLink("/var/run", "../run");
        }

        Assert.Equal(Archive(Fill), Archive(Fill));
    }

    [Theory]
    [InlineData("init")]
    [InlineData("/usr/../init")]
    [InlineData("/usr/./init")]
    [InlineData("/in\0it")]
    public void What_is_no_path_in_it_is_refused(string path) =>
        Assert.Throws<ArgumentException>(() => Archive(one => one.AddFile(path, Of(""))));

    [Fact]
    public void After_the_end_nothing_is_added()
    {
        CpioArchive archive = new();
        archive.End();

        Assert.Throws<ObjectDisposedException>(() => archive.AddFile("/init", Of("")));
    }

    [Fact]
    public void A_path_is_there_once() => Assert.Throws<ArgumentException>(() => Archive(one =>
    {
        one.AddFile("/init", Of(""));
        one.AddLink("/init", "usr/lib/systemd/systemd");
    }));

    private static byte[] Archive(Action<CpioArchive> fill)
    {
        CpioArchive archive = new();
        fill(archive);
        return [.. archive.End().SelectMany(piece => piece.Bytes.ToArray())];
    }

    private static FilePiece Of(string text) => FilePiece.Of(Encoding.ASCII.GetBytes(text));

    [Fact]
    public void A_file_of_dom0_is_named_and_not_read()
    {
        CpioArchive archive = new();
        archive.AddFile("/usr/sbin/xl", FilePiece.Of("/usr/lib/xen-4.17/bin/xl", 6), isExecutable: true);
        archive.AddFile("/etc/empty", FilePiece.Of("/etc/empty", 0));
        archive.AddFile("/init", Of("#!"));

        IReadOnlyList<FilePiece> pieces = archive.End();

        Assert.Equal([null, "/usr/lib/xen-4.17/bin/xl", null], pieces.Select(piece => piece.Source));
        Assert.Equal(0, pieces[0].Length % 4);
        Assert.Equal([0, 0], pieces[2].Bytes[..2].ToArray());
        Assert.StartsWith("070701", Encoding.ASCII.GetString(pieces[2].Bytes.Span[2..]), StringComparison.Ordinal);
        Assert.Equal(0, pieces.Sum(piece => piece.Length) % 4);
    }

    private static Entry[] Entries(Action<CpioArchive> fill)
    {
        byte[] bytes = Archive(fill);
        List<Entry> entries = [];
        for (int at = 0; ;)
        {
            Assert.Equal("070701", Encoding.ASCII.GetString(bytes, at, 6));
            int Field(int number) => int.Parse(
                Encoding.ASCII.GetString(bytes, at + 6 + (8 * number), 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            string name = Encoding.UTF8.GetString(bytes, at + 110, Field(11) - 1);
            int content = Aligned(at + 110 + Field(11)), end = content + Field(6);
            if (name == "TRAILER!!!")
            {
                Assert.Equal(bytes.Length, Aligned(end));
                return [.. entries];
            }

            entries.Add(new Entry(name, Field(1), bytes[content..end], Field(9), Field(10)));
            at = Aligned(end);
        }
    }

    private static int Aligned(int at) => (at + 3) / 4 * 4;

    private sealed record Entry(string Name, int Mode, byte[] Content, int Major, int Minor);
}
