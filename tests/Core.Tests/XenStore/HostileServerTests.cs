using System.Text;
using XenDriverDomain.Errors;
using XenDriverDomain.Tests.Support;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Client;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>A server that breaks the protocol or falls silent: a clear error each time, and never a hang.</summary>
public sealed class HostileServerTests
{
    private const int TestTimeout = 30_000;

    private static readonly XenStorePath s_path = XenStorePath.Parse("/a/b");

    private static CancellationToken None => CancellationToken.None;

    /// <summary>Names a way in which a reply to READ is wrong, and what the message must speak of.</summary>
    public static TheoryData<string, string> BadReplies => new()
    {
        { "wrong request id", "not outstanding" },
        { "request id 0", "not outstanding" },
        { "wrong type", "type 1 " },
        { "unknown type", "type 4711" },
        { "wrong transaction", "transaction 9" },
        { "payload of 4097", "4097 bytes" },
        { "payload of 4 GiB", "4294967295 bytes" },
        { "long error", "5000 bytes" },
        { "error without NUL", "without a proper name" },
        { "empty error", "without a proper name" },
        { "error in lower case", "without a proper name" },
        { "error with escape", "without a proper name" },
        { "error of 33", "without a proper name" },
        { "event of 4097", "4097 bytes" },
        { "event without NUL", "watch event" },
        { "event without token", "watch event" },
        { "empty event", "watch event" },
        { "event with bad path", "watch event" },
        { "event with unknown token", "token" },
        { "event with word for token", "token" },
    };

    [Theory(Timeout = TestTimeout)]
    [MemberData(nameof(BadReplies))]
    public async Task A_reply_that_breaks_the_protocol_ends_everything_clearly(string how, string words)
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        Task<byte[]?> reading = store.TryReadAsync(s_path, None).AsTask();
        Task<byte[]?> waiting = store.TryReadAsync(s_path / "c", None).AsTask();
        ScriptedRequest request = await server.NextAsync();
        SendBad(server, request.Header.RequestId, how);

        foreach (Task task in new[] { reading, waiting, store.TryReadAsync(s_path, None).AsTask() })
        {
            XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => task);
            Assert.Equal(ErrorIds.XenStoreProtocolError, error.ErrorId);
            Assert.Equal(ErrorKind.Protocol, error.Kind);
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', error.Message);
        }

        Assert.True(store.IsBroken);
        await server.Closed.Task;
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData("OK")]
    [InlineData("")]
    [InlineData("KO\0")]
    public async Task A_write_without_its_acknowledgement_is_no_success(string payload)
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        await AssertBreaks(server, store, store.WriteTextAsync(s_path, "x", None).AsTask(), payload);
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData("a\0b")]
    [InlineData("a\0\0")]
    [InlineData("a/b\0")]
    [InlineData("a b\0")]
    [InlineData("\u001b[31m\0")]
    public async Task A_list_that_is_none_is_refused(string payload)
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        await AssertBreaks(server, store, store.TryListAsync(s_path, None).AsTask(), payload);
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData("")]
    [InlineData("n0")]
    [InlineData("n\0")]
    [InlineData("x0\0")]
    [InlineData("r65536\0")]
    [InlineData("r-1\0")]
    [InlineData("r0\0\0")]
    public async Task Permissions_that_are_none_are_refused(string payload)
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        await AssertBreaks(server, store, store.GetPermissionsAsync(s_path, None).AsTask(), payload);
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData("")]
    [InlineData("0\0")]
    [InlineData("1")]
    [InlineData("x\0")]
    [InlineData("4294967296\0")]
    public async Task A_transaction_without_a_proper_id_does_not_begin(string payload)
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        await AssertBreaks(server, store, store.TransactAsync((_, _) => Task.FromResult(0), None), payload);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Odd_answers_about_domains_are_refused()
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        await AssertBreaks(server, store, store.IsDomainIntroducedAsync(1, None).AsTask(), "maybe\0");
        ScriptedServer second = new();
        await using XenStoreClient other = await second.ConnectAsync();
        await AssertBreaks(second, other, other.GetDomainPathAsync(1, None).AsTask(), "no path\0");
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData(0, "closed")]
    [InlineData(1, "1 of the 16 bytes")]
    [InlineData(15, "15 of the 16 bytes")]
    [InlineData(16, "0 of the 6 bytes")]
    [InlineData(21, "5 of the 6 bytes")]
    public async Task A_connection_that_ends_anywhere_fails_what_waits(int after, string words)
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        Task<byte[]?> reading = store.TryReadAsync(s_path, None).AsTask();
        ScriptedRequest request = await server.NextAsync();
        byte[] message = new byte[22];
        new MessageHeader(MessageType.Read, request.Header.RequestId, 0, 6).Write(message);
        server.SendRaw(message.AsSpan(0, after));
        server.Close();

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => reading);
        Assert.Equal(ErrorIds.XenStoreConnectionLost, error.ErrorId);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_reply_may_arrive_byte_by_byte_with_events_between()
    {
        ScriptedServer server = new() { PieceSize = 1 };
        await using XenStoreClient store = await server.ConnectAsync();
        Task<IXenStoreWatch> watching = store.WatchAsync("/a", None);
        ScriptedRequest watch = await server.NextAsync();
        server.Fire("/a", watch.Texts[1]);
        server.Reply(watch, "OK\0"u8);
        Task<byte[]?> reading = store.TryReadAsync(s_path, None).AsTask();
        Task<byte[]?> missing = store.TryReadAsync(s_path / "c", None).AsTask();
        ScriptedRequest first = await server.NextAsync();
        ScriptedRequest second = await server.NextAsync();
        server.Refuse(second, "ENOENT");
        server.Fire("/a/b", watch.Texts[1]);
        server.Reply(first, "value"u8);

        Assert.Equal("value", Encoding.ASCII.GetString((await reading)!));
        Assert.Null(await missing);
        await using IXenStoreWatch registered = await watching;
        Assert.Equal("/a", await registered.NextAsync(None));
        Assert.Equal("/a/b", await registered.NextAsync(None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Silence_ends_the_connection_after_its_time()
    {
        ManualTimeProvider time = new();
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync(time);
        Task<byte[]?> reading = store.TryReadAsync(s_path, None).AsTask();
        await server.NextAsync();
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(reading.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => reading);
        Assert.Equal(ErrorIds.XenStoreNoReply, error.ErrorId);
        Assert.Contains("read /a/b within 30 s", error.Message, StringComparison.Ordinal);
        Assert.True(store.IsBroken);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task The_time_of_a_request_counts_from_its_own_start()
    {
        ManualTimeProvider time = new();
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync(time);
        Task<byte[]?> early = store.TryReadAsync(s_path, None).AsTask();
        time.Advance(TimeSpan.FromSeconds(20));
        Task<byte[]?> late = store.TryReadAsync(s_path, None).AsTask();
        server.Reply(await server.NextAsync(), "1"u8);
        await early;
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(store.IsBroken);
        server.Reply(await server.NextAsync(), "2"u8);

        Assert.Equal("2"u8.ToArray(), await late);
        time.Advance(TimeSpan.FromHours(1));
        Assert.False(store.IsBroken);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_message_that_begins_and_does_not_end_is_noticed_even_when_nobody_asked()
    {
        ManualTimeProvider time = new();
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync(time);
        server.SendRaw([15, 0, 0]);
        await time.WhenArmedAsync();
        time.Advance(TimeSpan.FromSeconds(30));

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            async () => await store.TryReadAsync(s_path, None));
        Assert.Equal(ErrorIds.XenStoreNoReply, error.ErrorId);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Outstanding_requests_are_bounded()
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync(options: new XenStoreOptions { MaxOutstanding = 4 });
        Task<byte[]?>[] reading = [.. Enumerable.Range(0, 10).Select(i => store.TryReadAsync(s_path / i, None).AsTask())];
        ScriptedRequest[] first = [await server.NextAsync(), await server.NextAsync(), await server.NextAsync(), await server.NextAsync()];
        Assert.Equal(0, server.Unread);
        server.Reply(first[0], "x"u8);
        ScriptedRequest fifth = await server.NextAsync();
        Assert.Equal(["/a/b/4"], fifth.Texts);
        Assert.Equal(0, server.Unread);
        server.Close();

        foreach (Task<byte[]?> task in reading[1..])
        {
            await Assert.ThrowsAsync<XenDriverDomainException>(() => task);
        }
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_cancelled_request_keeps_its_place_until_its_reply_has_come()
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync(options: new XenStoreOptions { MaxOutstanding = 1 });
        using CancellationTokenSource source = new();
        Task<byte[]?> cancelled = store.TryReadAsync(s_path, source.Token).AsTask();
        ScriptedRequest first = await server.NextAsync();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Task<byte[]?> next = store.TryReadAsync(s_path / "c", None).AsTask();
        Assert.Equal(0, server.Unread);
        server.Reply(first, "old"u8);
        server.Reply(await server.NextAsync(), "new"u8);

        Assert.Equal("new"u8.ToArray(), await next);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_transaction_whose_start_was_cancelled_is_aborted_when_it_has_begun()
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        using CancellationTokenSource source = new();
        Task<int> transacting = store.TransactAsync((_, _) => Task.FromResult(0), source.Token);
        ScriptedRequest start = await server.NextAsync();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transacting);
        server.Reply(start, "17\0"u8);
        ScriptedRequest end = await server.NextAsync();

        Assert.Equal((MessageType.TransactionEnd, 17u), (end.Type, end.Header.TransactionId));
        Assert.Equal(["F"], end.Texts);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_watch_whose_registration_was_cancelled_is_taken_off_again()
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        using CancellationTokenSource source = new();
        Task<IXenStoreWatch> watching = store.WatchAsync("/a", source.Token);
        ScriptedRequest watch = await server.NextAsync();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        ScriptedRequest unwatch = await server.NextAsync();
        Assert.Equal(MessageType.Unwatch, unwatch.Type);
        Assert.Equal(watch.Texts, unwatch.Texts);
        server.Reply(watch, "OK\0"u8);
        server.Fire("/a", watch.Texts[1]);
        server.Refuse(unwatch, "ENOENT");
        Task<byte[]?> reading = store.TryReadAsync(s_path, None).AsTask();
        server.Reply(await server.NextAsync(), "x"u8);

        Assert.Equal("x"u8.ToArray(), await reading);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_flood_of_events_is_merged_and_then_says_look_at_everything()
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync(options: new XenStoreOptions { MaxPendingEvents = 100 });
        Task<IXenStoreWatch> watching = store.WatchAsync("/a", None);
        ScriptedRequest watch = await server.NextAsync();
        server.Reply(watch, "OK\0"u8);
        IXenStoreWatch registered = await watching;
        for (int i = 0; i < 500; i++)
        {
            server.Fire("/a/same", watch.Texts[1]);
        }

        await PassAsync(server, store);
        Assert.Equal("/a/same", await registered.NextAsync(None));
        for (int i = 0; i < 101; i++)
        {
            server.Fire($"/a/{i}", watch.Texts[1]);
        }

        await PassAsync(server, store);
        Assert.Equal("/a", await registered.NextAsync(None));
        ValueTask<string> next = registered.NextAsync(None);
        Assert.False(next.IsCompleted);
        server.Close();
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(async () => await next);
        Assert.Equal(ErrorIds.XenStoreConnectionLost, error.ErrorId);
        await registered.DisposeAsync();
    }

    [Fact(Timeout = TestTimeout)]
    public async Task An_event_for_a_watch_that_has_ended_is_dropped()
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        Task<IXenStoreWatch> watching = store.WatchAsync("/a", None);
        ScriptedRequest watch = await server.NextAsync();
        server.Reply(watch, "OK\0"u8);
        await (await watching).DisposeAsync();
        ScriptedRequest unwatch = await server.NextAsync();
        server.Fire("/a/b", watch.Texts[1]);
        server.Reply(unwatch, "OK\0"u8);
        await PassAsync(server, store);

        Assert.False(store.IsBroken);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_list_in_parts_begins_again_when_the_node_changed()
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        Task<IReadOnlyList<string>?> listing = store.TryListAsync(s_path, None).AsTask();
        server.Refuse(await server.NextAsync(), "E2BIG");
        server.Reply(await server.NextAsync(), "7\0one\0two\0"u8);
        ScriptedRequest second = await server.NextAsync();
        Assert.Equal(["/a/b", "8"], second.Texts);
        server.Reply(second, "8\0ree\0\0"u8);
        ScriptedRequest again = await server.NextAsync();
        Assert.Equal(["/a/b", "0"], again.Texts);
        server.Reply(again, "8\0three\0"u8);
        server.Reply(await server.NextAsync(), "8\0four\0"u8);
        ScriptedRequest last = await server.NextAsync();
        Assert.Equal(["/a/b", "11"], last.Texts);
        server.Reply(last, "8\0\0"u8);

        Assert.Equal(["three", "four"], await listing);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_list_that_changes_for_ever_is_given_up()
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync(options: new XenStoreOptions { MaxListRestarts = 5 });
        Task<IReadOnlyList<string>?> listing = store.TryListAsync(s_path, None).AsTask();
        server.Refuse(await server.NextAsync(), "E2BIG");
        for (int generation = 0; generation < 12; generation++)
        {
            server.Reply(await server.NextAsync(), Encoding.ASCII.GetBytes($"{generation}\0name\0"));
        }

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => listing);
        Assert.Equal(ErrorIds.XenStoreListUnstable, error.ErrorId);
        Assert.False(store.IsBroken);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_list_without_end_is_given_up()
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync(options: new XenStoreOptions { MaxListNames = 1000 });
        Task<IReadOnlyList<string>?> listing = store.TryListAsync(s_path, None).AsTask();
        server.Refuse(await server.NextAsync(), "E2BIG");
        byte[] part = Encoding.ASCII.GetBytes("1\0" + string.Concat(Enumerable.Repeat("name\0", 100)));
        for (int i = 0; i < 11; i++)
        {
            server.Reply(await server.NextAsync(), part);
        }

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => listing);
        Assert.Equal(ErrorIds.XenStoreProtocolError, error.ErrorId);
        Assert.True(store.IsBroken);
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1\0")]
    [InlineData("\0a\0")]
    [InlineData("x\0a\0")]
    [InlineData("1\0a")]
    [InlineData("1\0a\0\0\0")]
    [InlineData("99999999999999999999999\0a\0")]
    public async Task A_part_of_a_list_that_is_none_is_refused(string payload)
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        Task<IReadOnlyList<string>?> listing = store.TryListAsync(s_path, None).AsTask();
        server.Refuse(await server.NextAsync(), "E2BIG");
        await AssertBreaks(server, store, listing, payload);
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData("ENOSYS")]
    [InlineData("EINVAL")]
    public async Task A_server_without_lists_in_parts_says_that_the_list_is_too_long(string refusal)
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        Task<IReadOnlyList<string>?> listing = store.TryListAsync(s_path, None).AsTask();
        server.Refuse(await server.NextAsync(), "E2BIG");
        server.Refuse(await server.NextAsync(), refusal);

        Assert.Equal("E2BIG", (await Assert.ThrowsAsync<XenStoreException>(() => listing)).Error);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_list_beyond_the_bound_is_refused_at_its_header()
    {
        ScriptedServer server = new();
        await using XenStoreClient store = await server.ConnectAsync();
        Task<IReadOnlyList<string>?> listing = store.TryListAsync(s_path, None).AsTask();
        ScriptedRequest request = await server.NextAsync();
        server.Send(1, request.Header.RequestId, 0, [], length: (16 * 1024 * 1024) + 1);

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => listing);
        Assert.Equal(ErrorIds.XenStoreProtocolError, error.ErrorId);
    }

    /// <summary>Sends one request through, so that everything sent before it has been taken in.</summary>
    private static async Task PassAsync(ScriptedServer server, XenStoreClient store)
    {
        Task<byte[]?> reading = store.TryReadAsync(s_path, None).AsTask();
        server.Reply(await server.NextAsync(), "x"u8);
        await reading;
    }

    private static async Task AssertBreaks(ScriptedServer server, XenStoreClient store, Task asked, string payload)
    {
        server.Reply(await server.NextAsync(), Encoding.Latin1.GetBytes(payload));
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => asked);
        Assert.Equal(ErrorIds.XenStoreProtocolError, error.ErrorId);
        Assert.True(store.IsBroken);
    }

    private static void SendBad(ScriptedServer server, uint id, string how)
    {
        switch (how)
        {
            case "wrong request id":
                server.Send(2, id + 1000, 0, "x"u8);
                break;
            case "request id 0":
                server.Send(2, 0, 0, "x"u8);
                break;
            case "wrong type":
                server.Send(1, id, 0, "x"u8);
                break;
            case "unknown type":
                server.Send(4711, id, 0, "x"u8);
                break;
            case "wrong transaction":
                server.Send(2, id, 9, "x"u8);
                break;
            case "payload of 4097":
                server.Send(2, id, 0, new byte[4097]);
                break;
            case "payload of 4 GiB":
                server.Send(2, id, 0, [], uint.MaxValue);
                break;
            case "long error":
                server.Send(16, id, 0, new byte[5000]);
                break;
            case "error without NUL":
                server.Send(16, id, 0, "ENOENT"u8);
                break;
            case "empty error":
                server.Send(16, id, 0, "\0"u8);
                break;
            case "error in lower case":
                server.Send(16, id, 0, "enoent\0"u8);
                break;
            case "error with escape":
                server.Send(16, id, 0, "\u001b[31mE\0"u8);
                break;
            case "error of 33":
                server.Send(16, id, 0, Encoding.ASCII.GetBytes(new string('E', 33) + "\0"));
                break;
            case "event of 4097":
                server.Send(15, 0, 0, new byte[4097]);
                break;
            case "event without NUL":
                server.Send(15, 0, 0, "/a"u8);
                break;
            case "event without token":
                server.Send(15, 0, 0, "/a\0"u8);
                break;
            case "empty event":
                server.Send(15, 0, 0, []);
                break;
            case "event with bad path":
                server.Send(15, 0, 0, "/\u001b[31m\0"u8 + "1\0"u8);
                break;
            case "event with unknown token":
                server.Send(15, 0, 0, "/a\0"u8 + "99\0"u8);
                break;
            case "event with word for token":
                server.Send(15, 0, 0, "/a\0"u8 + "token\0"u8);
                break;
            default:
                throw new ArgumentException(how, nameof(how));
        }
    }
}
