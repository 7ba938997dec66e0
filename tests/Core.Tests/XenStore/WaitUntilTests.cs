using XenDriverDomain.Errors;
using XenDriverDomain.Tests.Support;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Client;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>Waiting for a condition in xenstore.</summary>
public sealed class WaitUntilTests
{
    private const int TestTimeout = 30_000;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedServer _server = new();

    [Fact(Timeout = TestTimeout)]
    public async Task What_is_there_already_is_returned_and_the_watches_are_taken_off()
    {
        await using XenStoreClient store = await _server.ConnectAsync(_time);
        Task<string?> waiting = store.WaitUntilAsync(
            ["/a", "/b"], _ => new ValueTask<string?>("there"), s_limit, _time, CancellationToken.None);
        string[][] watched = [await AcceptAsync(), await AcceptAsync()];

        Assert.Equal("there", await waiting);
        Assert.Equal(watched, [(await _server.NextAsync()).Texts, (await _server.NextAsync()).Texts]);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Each_event_leads_to_another_look()
    {
        await using XenStoreClient store = await _server.ConnectAsync(_time);
        string? state = null;
        Task<string?> waiting = store.WaitUntilAsync(
            ["/a", "/b"], _ => new ValueTask<string?>(state), s_limit, _time, CancellationToken.None);
        await AcceptAsync();
        string[] second = await AcceptAsync();
        _server.Fire("/b", second[1]);
        await PassAsync(store);
        Assert.False(waiting.IsCompleted);
        state = "4";
        _server.Fire("/b/state", second[1]);

        Assert.Equal("4", await waiting);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task When_the_time_has_passed_it_is_null()
    {
        await using XenStoreClient store = await _server.ConnectAsync(_time);
        TaskCompletionSource looked = new();
        Task<string?> waiting = store.WaitUntilAsync(
            ["/a"], _ => Look(looked), s_limit, _time, CancellationToken.None);
        await AcceptAsync();
        await looked.Task;
        _time.Advance(s_limit);

        Assert.Null(await waiting);
        Assert.Equal(MessageType.Unwatch, (await _server.NextAsync()).Type);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task No_time_at_all_still_looks_once()
    {
        await using XenStoreClient store = await _server.ConnectAsync(_time);

        Assert.Equal("there", await store.WaitUntilAsync(
            ["/a"], _ => new ValueTask<string?>("there"), TimeSpan.Zero, _time, CancellationToken.None));
        Assert.Null(await store.WaitUntilAsync(
            ["/a"], _ => default(ValueTask<string?>), TimeSpan.Zero, _time, CancellationToken.None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task With_nothing_to_watch_it_waits_its_time()
    {
        await using XenStoreClient store = await _server.ConnectAsync(_time);
        Task<string?> waiting = store.WaitUntilAsync(
            [], _ => default(ValueTask<string?>), s_limit, _time, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        _time.Advance(s_limit);

        Assert.Null(await waiting);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Cancellation_is_an_exception_and_does_not_wait_for_the_server()
    {
        await using XenStoreClient store = await _server.ConnectAsync(_time);
        using CancellationTokenSource source = new();
        TaskCompletionSource looked = new();
        Task<string?> waiting = store.WaitUntilAsync(["/a"], _ => Look(looked), s_limit, _time, source.Token);
        await AcceptAsync();
        await looked.Task;
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task The_end_of_the_connection_is_an_error_and_no_time_out()
    {
        await using XenStoreClient store = await _server.ConnectAsync(_time);
        TaskCompletionSource looked = new();
        Task<string?> waiting = store.WaitUntilAsync(["/a"], _ => Look(looked), s_limit, _time, CancellationToken.None);
        await AcceptAsync();
        await looked.Task;
        _server.Close();

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => waiting);
        Assert.Equal(ErrorIds.XenStoreConnectionLost, error.ErrorId);
    }

    private static ValueTask<string?> Look(TaskCompletionSource looked)
    {
        looked.TrySetResult();
        return default;
    }

    private async Task<string[]> AcceptAsync()
    {
        ScriptedRequest request = await _server.NextAsync();
        Assert.Equal(MessageType.Watch, request.Type);
        _server.Reply(request, "OK\0"u8);
        return request.Texts;
    }

    private async Task PassAsync(XenStoreClient store)
    {
        Task<byte[]?> reading = store.TryReadAsync(XenStorePath.Root, CancellationToken.None).AsTask();
        _server.Reply(await _server.NextAsync(), "x"u8);
        await reading;
    }
}
