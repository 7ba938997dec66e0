using System.Text;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>
/// The simulated xenstored answers as the C xenstored does, byte for byte: both get the same requests, many of them malformed, on
/// several connections with several transactions each, and both give the same replies and the same events in the same order.
/// </summary>
public sealed class SameAsRealServerTests
{
    private const int Connections = 3;
    private const int Requests = 2_000;

    private static readonly string[] s_names = ["a", "b", "c", "long-name_of@a-node", "0", "1"];

    private static readonly string[] s_oddPaths =
    [
        "", "/", "//", "relative", "relative/below", "/trailing/", "/double//slash", "/bad character", "/bad\u00e9", "@releaseDomain",
        "@none", "/tool",
    ];

    private static readonly string[] s_oddPermissions = ["n0", "r0", "b0", "w0", "x0", "n", "", "n0x", "r-1"];

    [Theory(Timeout = 120_000)]
    [OnReference(1)]
    [OnReference(2)]
    [OnReference(3)]
    public async Task Every_request_has_the_same_reply_and_the_same_events(int seed)
    {
        // Servers of their own: the numbers of transactions and the generations of nodes are to be the same.
        await using Pair pair = await Pair.StartAsync(Connections);
        Random random = new(seed);
        List<uint>[] open = [.. Enumerable.Range(0, Connections).Select(_ => new List<uint>())];
        int refused = 0, conflicts = 0, events = 0;
        for (int i = 0; i < Requests; i++)
        {
            int connection = random.Next(Connections);
            (MessageType type, uint transaction, byte[] payload) = Next(random, open[connection]);
            (string reply, string told) = await pair.AskBothAsync(connection, type, transaction, payload);
            Follow(open[connection], type, transaction, reply);
            refused += reply.StartsWith("Error", StringComparison.Ordinal) ? 1 : 0;
            conflicts += reply.Contains("EAGAIN", StringComparison.Ordinal) ? 1 : 0;
            events += told.Length > 0 ? 1 : 0;
        }

        // Without these the comparison would say little.
        Assert.InRange(refused, Requests / 20, Requests * 9 / 10);
        Assert.True(conflicts > Requests / 200, $"{conflicts} conflicts");
        Assert.True(events > Requests / 20, $"{events} requests with events");
    }

    [Theory(Timeout = 120_000)]
    [OnReference(0)]
    public async Task A_long_list_comes_in_the_same_parts(int length)
    {
        await using Pair pair = await Pair.StartAsync(1);
        for (int i = length; i < 600; i++)
        {
            await pair.AskBothAsync(0, MessageType.Write, 0, Encoding.ASCII.GetBytes($"/long/child-{new string('x', i % 29)}-{i}\0"));
        }

        (string whole, _) = await pair.AskBothAsync(0, MessageType.Directory, 0, "/long\0"u8.ToArray());
        Assert.Contains("E2BIG", whole, StringComparison.Ordinal);
        foreach (int offset in new[] { 0, 1, 17, 4000, 4091, 12_000, 1_000_000, -1 })
        {
            (string part, _) = await pair.AskBothAsync(
                0, MessageType.DirectoryPart, 0, Encoding.ASCII.GetBytes($"/long\0{offset}\0"), ignoreFirstText: true);
            Assert.StartsWith("DirectoryPart", part, StringComparison.Ordinal);
        }
    }

    [Theory(Timeout = 120_000)]
    [OnReference(0)]
    public async Task A_request_that_is_too_long_ends_the_connection(int spare)
    {
        await using Pair pair = await Pair.StartAsync(1);
        byte[] longest = [.. "/x\0"u8, .. new byte[MessageHeader.PayloadMax - 3 + spare]];

        Assert.StartsWith("Write", (await pair.AskBothAsync(0, MessageType.Write, 0, longest)).Reply, StringComparison.Ordinal);
        Assert.Equal("the end", (await pair.AskBothAsync(0, MessageType.Write, 0, [.. longest, 0], takeEvents: false)).Reply);
    }

    private static void Follow(List<uint> open, MessageType type, uint transaction, string reply)
    {
        if (type == MessageType.ResetWatches)
        {
            open.Clear();
        }
        else if (type == MessageType.TransactionStart && reply.StartsWith("TransactionStart ", StringComparison.Ordinal))
        {
            open.Add(uint.Parse(reply.AsSpan("TransactionStart ".Length).TrimEnd('|')));
        }
        else if (reply is not ("Error EINVAL|" or "Error ENOENT|") && (type == MessageType.TransactionEnd || reply == "Error EIO|"))
        {
            open.Remove(transaction);
        }
    }

    private static (MessageType Type, uint Transaction, byte[] Payload) Next(Random random, List<uint> open)
    {
        // Never more than a few at a time, and now and then one that does not exist.
        uint transaction = random.Next(50) == 0 ? 1_000_000
            : open.Count > 0 && (open.Count > 3 || random.Next(3) > 0) ? open[random.Next(open.Count)] : 0;
        string path = PathFor(random);
        return random.Next(24) switch
        {
            0 or 1 or 2 => (MessageType.Write, transaction, Bytes(path + "\0" + new string('v', random.Next(5)))),
            3 => (MessageType.Write, transaction, Bytes(path)),
            4 or 5 => (MessageType.Read, transaction, Bytes(path + "\0")),
            6 => (MessageType.MakeDirectory, transaction, Bytes(path + "\0")),
            7 or 8 => (MessageType.Remove, transaction, Bytes(path + "\0")),
            9 or 10 => (MessageType.Directory, transaction, Bytes(path + "\0")),
            11 => (MessageType.GetPermissions, transaction, Bytes(path + "\0")),
            12 or 13 => (MessageType.SetPermissions, transaction, Bytes(path.Replace("@none", "/") + "\0" + Permissions(random))),
            14 or 15 => (MessageType.Watch, 0, Bytes($"{path}\0token{random.Next(2)}{Ending(random)}")),
            16 => (MessageType.Unwatch, 0, Bytes($"{path}\0token{random.Next(2)}{Ending(random)}")),
            17 or 18 => (MessageType.TransactionStart, random.Next(5) == 0 ? transaction : 0, [0]),
            19 or 20 =>
                (MessageType.TransactionEnd, transaction, Bytes(random.Next(8) switch { 0 => "F\0", 1 => "x\0", 2 => "", _ => "T\0" })),
            21 => (MessageType.GetDomainPath, transaction, Bytes(random.Next(3) switch { 0 => "7\0", 1 => "x\0", _ => "7" })),
            22 => ((MessageType)random.Next(23, 30), transaction, [0]),
            _ => (random.Next(6) == 0 ? MessageType.ResetWatches : MessageType.Resume, 0, Bytes(random.Next(2) == 0 ? "4242\0" : "0\0")),
        };
    }

    private static string PathFor(Random random) => random.Next(10) == 0
        ? s_oddPaths[random.Next(s_oddPaths.Length)]
        : "/test" + string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => "/" + s_names[random.Next(s_names.Length)]));

    private static string Permissions(Random random) => string.Concat(Enumerable.Range(0, random.Next(4)).Select(
        i =>
            (random.Next(6) == 0
                ? s_oddPermissions[random.Next(s_oddPermissions.Length)]
                : $"{"nrwb"[random.Next(4)]}{(i == 0 ? 0 : random.Next(9))}") + "\0"));

    // Only for requests of two texts: where the C xenstored wants one and gets another number, it answers with a stale errno.
    private static string Ending(Random random) => random.Next(20) switch { 0 => "", 1 => "\0more", 2 => "\0more\0", _ => "\0" };

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
