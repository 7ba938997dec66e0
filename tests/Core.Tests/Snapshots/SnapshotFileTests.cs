using System.Text;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Snapshots;
using XenDriverDomain.Snapshots.Redaction;

namespace XenDriverDomain.Tests.Snapshots;

/// <summary>The file: what is written is read again, and nothing else is.</summary>
public sealed class SnapshotFileTests
{
    private static readonly HostSnapshot s_small = new()
    {
        RecordedAt = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero),
        Files = new Dictionary<string, FileText>
        {
            ["/proc/net/route"] = new("eth0\t0\neth1\t1"),
            ["/proc/cmdline"] = new("ro quiet"),
        },
        Links = new Dictionary<string, string> { ["/sys/class/net/eth0"] = "../../devices/pci0000:00/0000:00:02.0/net/eth0" },
        Names = ["/sys/module/bridge", "/sys/bus/pci/drivers/pciback"],
        ModuleAliases = [],
        Domains = [new DomainSnapshot(3, 384, 1, DomainState.Running), new DomainSnapshot(0, 1300, 1, DomainState.Running)],
        XenStore = new Dictionary<string, string> { ["/local"] = string.Empty, ["/local/domain"] = "\0\u001b[31m\u00ff" },
        XenStorePermissions = new Dictionary<string, string> { ["/local/domain"] = "n0 r3" },
        LeftOut = [new LeftOut("passwords in xenstore", "secrets stay on the host", 2)],
    };

    [Fact]
    public void What_is_written_is_read()
    {
        HostSnapshot read = Read(Text(s_small));
        Assert.Equal(Text(s_small), Text(read));
        Assert.Equal("\0\u001b[31m\u00ff", read.XenStore!["/local/domain"]);
        Assert.Equal("eth0\t0\neth1\t1", read.Files["/proc/net/route"].Text);
    }

    [Fact]
    public void It_is_plain_text_in_a_fixed_order()
    {
        string text = Text(s_small);
        Assert.Equal('{', text[0]);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
        Assert.True(
            text.IndexOf("\"/proc/cmdline\"", StringComparison.Ordinal) < text.IndexOf("\"/proc/net/route\"", StringComparison.Ordinal));
        Assert.True(text.IndexOf("drivers/pciback", StringComparison.Ordinal) < text.IndexOf("module/bridge", StringComparison.Ordinal));
        Assert.True(text.IndexOf("\"domid\": 0", StringComparison.Ordinal) < text.IndexOf("\"domid\": 3", StringComparison.Ordinal));
    }

    [Fact]
    public void A_byte_order_mark_of_an_editor_is_fine() => Assert.NotNull(Read("\ufeff" + Text(s_small)));

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("[]", "does not begin with {")]
    [InlineData("{}", "format")]
    [InlineData("{\"format\": \"other\", \"version\": 1}", "'other'")]
    [InlineData("{\"format\": \"XenDriverDomain host snapshot\", \"version\": 1}", "required")]
    public void What_is_no_snapshot_is_refused(string text, string why) => AssertMalformed(text, why);

    [Theory]
    [InlineData("\"names\": [", "\"surplus\": 1, \"names\": [", "surplus")]
    [InlineData("\"domid\": 3", "\"domid\": \"3\"", "domid")]
    [InlineData("\"domid\": 3", "\"domid\": 0", "twice")]
    [InlineData("\"domid\": 3", "\"domid\": 40000", "not a domid")]
    [InlineData("\"memoryMB\": 384", "\"memoryMB\": -1", "memoryMB")]
    [InlineData("\"Running\"", "\"Sleeping\"", "state")]
    [InlineData("\"Running\"", "77", "state")]
    [InlineData("\"/proc/cmdline\"", "\"/proc/../cmdline\"", "..")]
    [InlineData("\"/proc/cmdline\"", "\"cmdline\"", "not an absolute path")]
    [InlineData("\"ro quiet\"", "null", "files")]
    [InlineData("\"ro quiet\"", "{\"a\": [[[[[[[[[1]]]]]]]]]}", "depth")]
    [InlineData("\"ro quiet\"", "\"\\u2028\"", "no byte")]
    [InlineData("\"n0 r3\"", "\"n0 x3\"", "n0 x3")]
    [InlineData("\"/local\": \"\"", "\"/lo cal\": \"\"", "not an absolute path in xenstore")]
    [InlineData("\"names\": [", "\"names\": null, \"others\": [", "others")]
    [InlineData("\"leftOut\": [", "\"leftOut\": [ null, ", "leftOut")]
    public void Each_broken_rule_is_named(string good, string bad, string named)
    {
        string text = Text(s_small);
        Assert.Contains(good, text, StringComparison.Ordinal);
        AssertMalformed(ReplaceFirst(text, good, bad), named);
    }

    [Fact]
    public void A_later_version_is_not_taken_for_a_typo()
    {
        string text = ReplaceFirst(Text(s_small), "\"version\": 1,", "\"version\": 2, \"novelty\": {},");
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => Read(text));
        Assert.Equal(ErrorIds.SnapshotVersionUnknown, error.ErrorId);
        Assert.Contains("version 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_file_is_refused_at_the_limit()
    {
        using Blanks endless = new();
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => HostSnapshot.Read(endless));
        Assert.Equal(ErrorIds.SnapshotTooLarge, error.ErrorId);
        Assert.True(endless.Given < HostSnapshot.MaxBytes + (1024 * 1024));
    }

    private static void AssertMalformed(string text, string named)
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => Read(text));
        Assert.Equal(ErrorIds.SnapshotMalformed, error.ErrorId);
        Assert.Contains(named, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(error.Remedy);
    }

    private static string ReplaceFirst(string text, string from, string to)
    {
        int at = text.IndexOf(from, StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), to, text.AsSpan(at + from.Length));
    }

    private static string Text(HostSnapshot snapshot)
    {
        using MemoryStream file = new();
        snapshot.Write(file);
        return Encoding.UTF8.GetString(file.ToArray());
    }

    private static HostSnapshot Read(string text)
    {
        using MemoryStream file = new(Encoding.UTF8.GetBytes(text));
        return HostSnapshot.Read(file);
    }

    private sealed class Blanks : MemoryStream
    {
        public long Given { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)' ');
            Given += buffer.Length;
            return buffer.Length;
        }
    }
}
