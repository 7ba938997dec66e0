using System.Text;
using XenDriverDomain.Access.Ssh;

namespace XenDriverDomain.Tests.Access;

public sealed class MarkedStreamTests
{
    [Fact]
    public void The_marker_is_found_however_the_bytes_are_cut()
    {
        byte[] all = "before \0 and \0MARK007\0after"u8.ToArray();
        for (int cut = 0; cut <= all.Length; cut++)
        {
            var stream = new MarkedStream("\0MARK"u8.ToArray(), 1000);
            stream.Append(all.AsSpan(0, cut));
            stream.Append(all.AsSpan(cut));

            Assert.True(stream.IsComplete);
            Assert.Equal("before \0 and ", Encoding.ASCII.GetString(stream.ToArray()));
        }
    }

    [Fact]
    public void The_status_is_read_and_what_follows_dropped()
    {
        var stream = new MarkedStream("\0MARK"u8.ToArray(), 4);
        foreach (byte one in "output\0MARK042\0later"u8)
        {
            stream.Append([one]);
        }

        Assert.Equal((42, true, "outp"), (stream.Status, stream.Truncated, Encoding.ASCII.GetString(stream.ToArray())));
    }
}
