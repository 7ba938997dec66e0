using System.Text;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>The bytes on the wire.</summary>
public sealed class WireTests
{
    [Fact]
    public void A_header_is_four_words_in_the_machines_order()
    {
        byte[] bytes = new byte[16];
        new MessageHeader(MessageType.Write, 0x01020304, 0x05060708, 0x0A0B).Write(bytes);

        uint[] words = [11, 0x01020304, 0x05060708, 0x0A0B];
        Assert.Equal(words.SelectMany(BitConverter.GetBytes), bytes);
        Assert.Equal(new MessageHeader(MessageType.Write, 0x01020304, 0x05060708, 0x0A0B), MessageHeader.Read(bytes));
    }

    [Fact]
    public void Texts_end_with_NUL_and_a_value_does_not()
    {
        Assert.Equal("/a\0n0\0r3\0"u8.ToArray(), PayloadWriter.Strings("/a", "n0", "r3"));
        Assert.Equal("\0"u8.ToArray(), PayloadWriter.Strings());
        Assert.Equal("/a\0\u0001\0x"u8.ToArray(), PayloadWriter.PathAndValue("/a", "\u0001\0x"u8));
        Assert.Throws<ArgumentException>(() => PayloadWriter.Strings("a\0b"));
    }

    [Theory]
    [InlineData("/a\01\0", "/a", "1")]
    [InlineData("@releaseDomain\0token\0", "@releaseDomain", "token")]
    [InlineData("device/vif\02\0", "device/vif", "2")]
    [InlineData("/a\01\03\0", "/a", "1")]
    public void An_event_names_its_path_and_token_and_may_carry_more(string payload, string path, string token)
    {
        Assert.True(PayloadReader.TryReadEvent(Encoding.ASCII.GetBytes(payload), out string readPath, out string readToken));
        Assert.Equal((path, token), (readPath, readToken));
    }

    [Theory]
    [InlineData("ENOENT\0", "ENOENT")]
    [InlineData("E2BIG\0", "E2BIG")]
    [InlineData("EQUOTA\0", "EQUOTA")]
    public void An_error_is_a_name(string payload, string name)
    {
        Assert.True(PayloadReader.TryReadError(Encoding.ASCII.GetBytes(payload), out string read));
        Assert.Equal(name, read);
    }

    [Fact]
    public void Permissions_are_written_as_they_are_read()
    {
        byte[] payload = "n0\0r1\0w2\0b65535\0"u8.ToArray();

        Assert.True(PayloadReader.TryReadPermissions(payload, out List<XenStorePermission> permissions));
        Assert.Equal(payload, PayloadWriter.Strings([.. permissions.Select(permission => permission.ToString())]));
    }

    [Fact]
    public async Task A_claim_of_a_long_payload_costs_no_memory_before_it_arrives()
    {
        MessageReader reader = new(new ShortChannel([.. Enumerable.Repeat((byte)'a', 100)]), _ => { });
        long before = GC.GetAllocatedBytesForCurrentThread();
        ValueTask<byte[]> reading = reader.ReadPayloadAsync(1 << 30, CancellationToken.None);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);

        await Assert.ThrowsAsync<CutMessageException>(async () => await reading);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task A_payload_larger_than_the_buffer_arrives_whole(int piece)
    {
        byte[] sent = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31))];
        MessageReader reader = new(new ShortChannel(sent) { PieceSize = piece }, _ => { });

        Assert.Equal(sent, await reader.ReadPayloadAsync(sent.Length, CancellationToken.None));
    }

    [Fact]
    public void No_garbage_makes_a_reader_throw()
    {
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] payload = new byte[random.Next(12)];
            for (int at = 0; at < payload.Length; at++)
            {
                payload[at] = (byte)(random.Next(3) switch { 0 => 0, 1 => "/a0nrTE1"[random.Next(8)], _ => random.Next(256) });
            }

            if (PayloadReader.TryReadPath(payload, out XenStorePath path))
            {
                Assert.Equal(payload.Length - 1, path.ToString().Length);
            }

            List<string> names = [];
            if (PayloadReader.TryReadNames(payload, names, 3))
            {
                Assert.InRange(names.Count, 0, 3);
                Assert.All(names, name => Assert.True(XenStorePath.TryParse(name, out _)));
            }

            if (PayloadReader.TryReadEvent(payload, out string changed, out _))
            {
                Assert.True(XenStorePath.TryParse(changed, out _));
            }

            PayloadReader.TryReadError(payload, out _);
            PayloadReader.TryReadPart(payload, out _, out _);
            PayloadReader.TryReadNumber(payload, out _);
            PayloadReader.TryReadBoolean(payload, out _);
            PayloadReader.TryReadPermissions(payload, out _);
        }
    }

    /// <summary>Gives some bytes and then ends, all without waiting.</summary>
    private sealed class ShortChannel(byte[] bytes) : IXenStoreChannel
    {
        private int _at;

        public int PieceSize { get; init; } = int.MaxValue;

        public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            int count = Math.Min(PieceSize, Math.Min(buffer.Length, bytes.Length - _at));
            bytes.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return new ValueTask<int>(count);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
