using System.Text;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Client;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>The client against every server: the same must hold on all of them.</summary>
public sealed class ServerTests(XenStoredDaemons daemons) : IClassFixture<XenStoredDaemons>
{
    private const string C = XenStoredInstallation.C;
    private const string OCaml = XenStoredInstallation.OCaml;
    private const string Simulated = XenStoredInstallation.Simulated;
    private const int TestTimeout = 60_000;

    private readonly XenStorePath _home = XenStorePath.Parse("/test-" + Guid.NewGuid().ToString("N"));

    private static CancellationToken None => CancellationToken.None;

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task What_is_written_is_read_byte_for_byte(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        await store.WriteAsync(_home / "bytes", all, None);
        await store.WriteAsync(_home / "empty", ReadOnlyMemory<byte>.Empty, None);
        await store.WriteTextAsync(_home / "deep" / "er", "x", None);
        await store.MakeDirectoryAsync(_home / "made", None);
        await store.MakeDirectoryAsync(_home / "bytes", None);

        Assert.Equal(all, await store.TryReadAsync(_home / "bytes", None));
        Assert.Equal("", await store.TryReadTextAsync(_home / "empty", None));
        Assert.Equal("x", await store.ReadTextAsync(_home / "deep" / "er", None));
        Assert.Equal(["bytes", "deep", "empty", "made"], (await store.TryListAsync(_home, None))!.Order());
        Assert.Equal([], await store.TryListAsync(_home / "made", None));
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task A_missing_node_is_null_and_its_removal_false(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        await store.WriteTextAsync(_home / "there" / "below", "x", None);

        Assert.Null(await store.TryReadAsync(_home / "none", None));
        Assert.Null(await store.TryListAsync(_home / "none", None));
        Assert.False(await store.RemoveAsync(_home / "none", None));
        Assert.False(await store.RemoveAsync(_home / "none" / "below", None));
        Assert.True(await store.RemoveAsync(_home / "there", None));
        Assert.Null(await store.TryReadAsync(_home / "there" / "below", None));
        XenStoreException error = await Assert.ThrowsAsync<XenStoreException>(
            async () => await store.GetPermissionsAsync(_home / "none", None));
        Assert.Equal("ENOENT", error.Error);
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task Permissions_come_back_as_they_were_set(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        await store.WriteTextAsync(_home, "x", None);
        XenStorePermission[] permissions =
        [
            new(XenStoreAccess.None, 3), new(XenStoreAccess.Read, 4), new(XenStoreAccess.Write, 5), new(XenStoreAccess.ReadWrite, 6),
        ];
        await store.SetPermissionsAsync(_home, permissions, None);

        Assert.Equal(permissions, await store.GetPermissionsAsync(_home, None));
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task A_list_longer_than_a_message_is_complete(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        string[] names = [.. Enumerable.Range(0, 900).Select(i => $"child-{new string('x', i % 17)}-{i}")];
        await Task.WhenAll(names.Select(name => store.WriteTextAsync(_home / name, "", None).AsTask()));

        IReadOnlyList<string>? listed = await store.TryListAsync(_home, None);

        Assert.True(names.Sum(name => name.Length + 1) > 2 * 4096);
        Assert.Equal(names.Order(StringComparer.Ordinal), listed!.Order(StringComparer.Ordinal));
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task The_largest_value_fits_and_a_larger_one_is_not_sent(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        byte[] largest = new byte[4096 - 1 - _home.ToString().Length];
        await store.WriteAsync(_home, largest, None);

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            async () => await store.WriteAsync(_home, new byte[largest.Length + 1], None));

        Assert.Equal(ErrorIds.XenStoreRequestTooLarge, error.ErrorId);
        Assert.Equal(largest, await store.TryReadAsync(_home, None));
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task A_transaction_is_seen_whole_or_not_at_all(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        await using XenStoreClient other = await daemons.ConnectAsync(daemon);
        IXenStore? kept = null;
        string? within = await store.TransactAsync(
            async (transaction, token) =>
            {
                kept = transaction;
                await transaction.WriteTextAsync(_home / "a", "1", token);
                Assert.Null(await other.TryReadAsync(_home / "a", token));
                return await transaction.TryReadTextAsync(_home / "a", token);
            },
            None);
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => store.TransactAsync<int>(
            async (transaction, token) =>
            {
                await transaction.WriteTextAsync(_home / "b", "1", token);
                throw new TimeZoneNotFoundException();
            },
            None));

        Assert.Equal("1", within);
        Assert.Equal(["a"], await other.TryListAsync(_home, None));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await kept!.TryReadAsync(_home, None));
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task A_conflict_runs_the_whole_transaction_again(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        await using XenStoreClient other = await daemons.ConnectAsync(daemon);
        await store.WriteTextAsync(_home / "counter", "1", None);
        int runs = 0;
        await store.TransactAsync(
            async (transaction, token) =>
            {
                int? seen = await transaction.TryReadNumberAsync(_home / "counter", token);
                if (runs++ == 0)
                {
                    await other.WriteTextAsync(_home / "counter", "10", token);
                }

                await transaction.WriteTextAsync(_home / "counter", $"{seen + 1}", token);
                return 0;
            },
            None);

        Assert.Equal(2, runs);
        Assert.Equal("11", await store.ReadTextAsync(_home / "counter", None));
    }

    /// <summary>Two who clear away the same leftovers at the same time.</summary>
    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task A_tree_that_somebody_else_removes_meanwhile_is_a_conflict_like_any_other(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        await using XenStoreClient other = await daemons.ConnectAsync(daemon);
        await store.WriteTextAsync(_home / "tree" / "leaf", "1", None);
        int runs = 0;
        bool isThere = await store.TransactAsync(
            async (transaction, token) =>
            {
                bool isSeen = await transaction.TryReadAsync(_home / "tree" / "leaf", token) is not null;
                if (runs++ == 0)
                {
                    await other.RemoveAsync(_home / "tree", token);
                }

                if (isSeen)
                {
                    await transaction.RemoveAsync(_home / "tree" / "leaf", token);
                }

                return isSeen;
            },
            None);

        Assert.Equal((2, false), (runs, isThere));
        Assert.Null(await store.TryListAsync(_home / "tree", None));
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task A_conflict_each_time_is_an_error_after_a_bounded_number_of_runs(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon, new XenStoreOptions { TransactionAttempts = 3 });
        await using XenStoreClient other = await daemons.ConnectAsync(daemon);
        int runs = 0;
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => store.TransactAsync(
            async (transaction, token) =>
            {
                await transaction.TryReadAsync(_home / "fought-over", token);
                await other.WriteTextAsync(_home / "fought-over", $"{runs++}", token);
                await transaction.WriteTextAsync(_home / "fought-over", "mine", token);
                return 0;
            },
            None));

        Assert.Equal(ErrorIds.XenStoreTransactionConflict, error.ErrorId);
        Assert.Equal(3, runs);
        Assert.Equal("2", await store.ReadTextAsync(_home / "fought-over", None));
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task A_watch_tells_at_once_and_then_of_each_change(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        await using XenStoreClient other = await daemons.ConnectAsync(daemon);
        await using IXenStoreWatch watch = await store.WatchAsync(_home.ToString(), None);
        await using IXenStoreWatch second = await store.WatchAsync(_home.ToString(), None);
        Assert.Equal(_home.ToString(), await watch.NextAsync(None));
        await other.WriteTextAsync(_home / "child", "1", None);

        Assert.Equal((_home / "child").ToString(), await watch.NextAsync(None));
        Assert.Equal(_home.ToString(), await second.NextAsync(None));
        Assert.Equal((_home / "child").ToString(), await second.NextAsync(None));
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task Special_and_relative_paths_can_be_watched(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        await using IXenStoreWatch special = await store.WatchAsync("@releaseDomain", None);
        await using IXenStoreWatch relative = await store.WatchAsync("data", None);
        Assert.Equal("@releaseDomain", await special.NextAsync(None));
        Assert.Equal("data", await relative.NextAsync(None));
        await store.WriteTextAsync(XenStorePath.Parse("data") / _home.Name, "x", None);

        Assert.Equal($"data/{_home.Name}", await relative.NextAsync(None));
        Assert.Equal("x", await store.ReadTextAsync(XenStorePath.Parse($"/local/domain/0/data/{_home.Name}"), None));
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task Waiting_ends_when_another_client_brings_the_condition_about(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        await using XenStoreClient other = await daemons.ConnectAsync(daemon);
        int looks = 0;
        Task<string?> waiting = store.WaitUntilAsync(
            [_home.ToString()],
            async token =>
            {
                if (looks++ == 0)
                {
                    await other.WriteTextAsync(_home / "state", "4", token);
                }

                return await store.TryReadTextAsync(_home / "state", token);
            },
            TimeSpan.FromSeconds(50),
            TimeProvider.System,
            None);

        Assert.Equal("4", await waiting);
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task Domains_have_paths_and_dom0_is_known(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);

        Assert.Equal("/local/domain/7", (await store.GetDomainPathAsync(7, None)).ToString());
        Assert.False(await store.IsDomainIntroducedAsync(77, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.IsDomainIntroducedAsync(-1, None));
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task Resetting_watches_ends_them_and_leaves_the_connection_usable(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        await using IXenStoreWatch watch = await store.WatchAsync(_home.ToString(), None);
        await watch.NextAsync(None);
        Task<string> next = watch.NextAsync(None).AsTask();
        await store.ResetWatchesAsync(None);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => next);
        await using IXenStoreWatch again = await store.WatchAsync(_home.ToString(), None);
        Assert.Equal(_home.ToString(), await again.NextAsync(None));
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task Refusals_carry_the_servers_word_and_cost_nothing_else(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        XenStoreException error = await Assert.ThrowsAsync<XenStoreException>(
            async () => await store.ReleaseDomainAsync(4242, None));

        Assert.Equal(ErrorIds.XenStoreRequestFailed, error.ErrorId);
        Assert.Matches("^E[A-Z0-9]+$", error.Error);
        Assert.Contains("domain 4242", error.Message, StringComparison.Ordinal);
        Assert.False(store.IsBroken);
        await store.WriteTextAsync(_home, "x", None);
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(Simulated)]
    public async Task Control_commands_print(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);

        Assert.Contains("check", await store.ControlAsync(["help"], None), StringComparison.Ordinal);
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task Cancelled_requests_do_not_disturb_the_others(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => store.WriteTextAsync(_home / i, $"{i}", None).AsTask()));
        List<Task<string>> kept = [];
        List<Task> dropped = [];
        for (int round = 0; round < 10; round++)
        {
            using CancellationTokenSource source = new();
            for (int i = 0; i < 50; i++)
            {
                kept.Add(store.ReadTextAsync(_home / i, None).AsTask());
                dropped.Add(store.ReadTextAsync(_home / i, source.Token).AsTask());
                dropped.Add(store.WatchAsync((_home / i).ToString(), source.Token));

                // Run when the transaction has begun, which can be after the loop.
                XenStorePath path = _home / i;
                dropped.Add(store.TransactAsync((t, token) => t.ReadTextAsync(path, token).AsTask(), source.Token));
            }

            await kept[^50];
            await source.CancelAsync();
        }

        string[] values = await Task.WhenAll(kept);
        foreach (Task task in dropped)
        {
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        Assert.Equal(Enumerable.Range(0, kept.Count).Select(i => $"{i % 50}"), values);
        Assert.Contains(dropped, task => task.IsCanceled);
        string[] faults = [.. dropped.Where(task => task.IsFaulted).Select(task => task.Exception!.InnerException!.ToString()).Distinct()];
        Assert.True(faults.Length == 0, string.Join('\n', faults));
        Assert.False(store.IsBroken);
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task A_whole_tree_is_read_and_its_bound_kept(string daemon)
    {
        await using XenStoreClient store = await daemons.ConnectAsync(daemon);
        Dictionary<XenStorePath, string> expected = new() { [_home] = "" };
        for (int a = 0; a < 20; a++)
        {
            expected[_home / a] = "";
            for (int b = 0; b < 20; b++)
            {
                expected[_home / a / b] = $"{a}.{b}";
            }
        }

        await Task.WhenAll(expected.Select(node => store.WriteTextAsync(node.Key, node.Value, None).AsTask()));

        IReadOnlyDictionary<XenStorePath, byte[]> tree = await store.ReadTreeAsync(_home, expected.Count, None);
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => store.ReadTreeAsync(_home, expected.Count - 1, None));

        Assert.Equal(expected, tree.ToDictionary(node => node.Key, node => Encoding.UTF8.GetString(node.Value)));
        Assert.Equal(ErrorIds.XenStoreTreeTooLarge, error.ErrorId);
        Assert.Empty(await store.ReadTreeAsync(_home / "none", 10, None));
    }

    [Theory(Timeout = TestTimeout)]
    [OnXenStored(C)]
    [OnXenStored(OCaml)]
    [OnXenStored(Simulated)]
    public async Task After_closing_every_use_says_so(string daemon)
    {
        XenStoreClient store = await daemons.ConnectAsync(daemon);
        IXenStoreWatch watch = await store.WatchAsync(_home.ToString(), None);
        await watch.NextAsync(None);
        Task<string> waiting = watch.NextAsync(None).AsTask();
        await store.DisposeAsync();

        XenDriverDomainException waited = await Assert.ThrowsAsync<XenDriverDomainException>(() => waiting);
        XenDriverDomainException late = await Assert.ThrowsAsync<XenDriverDomainException>(
            async () => await store.TryReadAsync(_home, None));
        Assert.Equal([ErrorIds.XenStoreConnectionLost, ErrorIds.XenStoreConnectionLost], new[] { waited.ErrorId, late.ErrorId });
        Assert.True(store.IsBroken);
        await watch.DisposeAsync();
        await store.DisposeAsync();
    }
}
