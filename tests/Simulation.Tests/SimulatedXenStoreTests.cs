using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Time;
using XenDriverDomain.Simulation.XenStore;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Client;

namespace XenDriverDomain.Simulation.Tests;

/// <summary>What cannot be compared with a real xenstored without a hypervisor: guests, and the parts of the simulated host.</summary>
public sealed class SimulatedXenStoreTests : IDisposable
{
    private const int TestTimeout = 60_000;
    private const int Guest = 5;

    private readonly SimulatedTime _time = new();
    private readonly SimulatedXenStore _store;

    public SimulatedXenStoreTests()
    {
        _store = new SimulatedXenStore(_time, new NoFaults());
        _store.Introduce(Guest);
        _store.MakeDirectory(0, $"/local/domain/{Guest}/data");
        _store.SetPermissions(0, $"/local/domain/{Guest}/data", [new(XenStoreAccess.None, Guest)]);
    }

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _time.Dispose();

    [Fact(Timeout = TestTimeout)]
    public async Task Both_ways_in_see_the_same_store()
    {
        await using XenStoreClient client = await ConnectAsync(0);
        await client.WriteTextAsync(XenStorePath.Parse("/x/y"), "from the wire", None);
        _store.Write(0, "/x/z", "from within \u00e9");

        Assert.Equal("from the wire", _store.Read(0, "/x/y"));
        Assert.Equal("from within \u00e9", await client.ReadTextAsync(XenStorePath.Parse("/x/z"), None));
        Assert.Equal(["y", "z"], _store.List(0, "/x"));
        Assert.True(_store.Remove(0, "/x"));
        Assert.False(_store.Remove(0, "/x"));
        Assert.Null(_store.Read(0, "/x/y"));
        Assert.Null(_store.List(0, "/x"));
        Assert.Null(_store.GetPermissions(0, "/x"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_guest_writes_where_it_may_and_nowhere_else()
    {
        _store.Write(0, "/local/domain/0/secret", "x");
        await using XenStoreClient guest = await ConnectAsync(Guest);
        await guest.WriteTextAsync(XenStorePath.Parse("data/key"), "mine", None);

        Assert.Equal("mine", _store.Read(0, $"/local/domain/{Guest}/data/key"));
        Assert.Equal([new(XenStoreAccess.None, Guest)], _store.GetPermissions(0, $"/local/domain/{Guest}/data/key"));
        await RefusesAsync("EACCES", () => guest.TryReadAsync(XenStorePath.Parse("/local/domain/0/secret"), None).AsTask());
        await RefusesAsync("EACCES", () => guest.TryReadAsync(XenStorePath.Parse("/local/domain/0/not-there"), None).AsTask());
        await RefusesAsync("EACCES", () => guest.WriteTextAsync(XenStorePath.Parse("/elsewhere"), "x", None).AsTask());
        await RefusesAsync("EPERM", () => guest.SetPermissionsAsync(
            XenStorePath.Parse("data/key"), [new(XenStoreAccess.None, 0)], None).AsTask());
        await RefusesAsync("EACCES", () => guest.ReleaseDomainAsync(9, None).AsTask());
    }

    [Fact]
    public void Permissions_open_a_node_to_others()
    {
        _store.Write(Guest, "data/key", "1");
        _store.SetPermissions(Guest, "data/key", [new(XenStoreAccess.None, Guest), new(XenStoreAccess.Read, 6)]);
        string path = $"/local/domain/{Guest}/data/key";

        Assert.Equal("1", _store.Read(6, path));
        Assert.Equal("EACCES", Refusal(() => _store.Write(6, path, "2")));
        Assert.Equal("EACCES", Refusal(() => _store.Read(7, path)));
    }

    [Fact]
    public void A_guests_quotas_hold()
    {
        for (int i = 0; i < 999; i++)
        {
            _store.Write(Guest, $"data/{i % 40}/{i}", "");
            if (i == 958)
            {
                break;
            }
        }

        // 959 values, 40 directories above them, and the data directory itself.
        Assert.Equal("ENOSPC", Refusal(() => _store.Write(Guest, "data/one-more", "")));
        _store.Write(0, "data/dom0-has-no-quota", "");
        _store.Remove(Guest, "data/0/0");
        _store.Write(Guest, "data/one-more", new string('x', 2015));
        Assert.Equal("ENOSPC", Refusal(() => _store.Write(Guest, "data/one-more", new string('x', 2016))));
        Assert.Equal("ENOSPC", Refusal(() => _store.SetPermissions(
            Guest, "data/one-more", [.. Enumerable.Repeat(new XenStorePermission(XenStoreAccess.None, Guest), 6)])));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_guests_watches_and_transactions_are_counted()
    {
        await using XenStoreClient guest = await ConnectAsync(Guest);
        for (int i = 0; i < 129; i++)
        {
            await guest.WatchAsync("data", None);
        }

        await RefusesAsync("E2BIG", () => guest.WatchAsync("data", None));
        TaskCompletionSource end = new();
        int begun = 0;
        TaskCompletionSource all = new();
        Task[] transactions = [.. Enumerable.Range(0, 11).Select(_ => guest.TransactAsync<int>(
            async (_, _) =>
            {
                if (Interlocked.Increment(ref begun) == 11)
                {
                    all.SetResult();
                }

                await end.Task;
                return 0;
            },
            None))];
        await all.Task;
        await RefusesAsync("ENOSPC", () => guest.TransactAsync((_, _) => Task.FromResult(0), None));
        end.SetResult();
        await Task.WhenAll(transactions);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_guest_is_told_only_of_what_it_may_read()
    {
        await using XenStoreClient guest = await ConnectAsync(Guest);
        await using IXenStoreWatch watch = await guest.WatchAsync("/local/domain", None);
        Assert.Equal("/local/domain", await watch.NextAsync(None));
        _store.Write(0, "/local/domain/6/name", "secret");
        _store.Write(0, $"/local/domain/{Guest}/data/key", "x");

        Assert.Equal($"/local/domain/{Guest}/data/key", await watch.NextAsync(None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Domains_come_and_go_with_events_and_leave_nothing()
    {
        await using XenStoreClient dom0 = await ConnectAsync(0);
        await using IXenStoreWatch introduced = await dom0.WatchAsync("@introduceDomain", None);
        await using IXenStoreWatch released = await dom0.WatchAsync("@releaseDomain", None);
        await introduced.NextAsync(None);
        await released.NextAsync(None);
        await using XenStoreClient guest = await ConnectAsync(Guest);
        _store.Write(Guest, "data/key", "x");
        _store.Write(0, "/shared", "x");
        _store.SetPermissions(0, "/shared", [new(XenStoreAccess.None, 0), new(XenStoreAccess.Read, Guest)]);

        _store.Introduce(6);
        Assert.Equal("@introduceDomain", await introduced.NextAsync(None));
        Assert.True(await dom0.IsDomainIntroducedAsync(Guest, None));
        Assert.True(_store.Release(Guest));
        Assert.Equal("@releaseDomain", await released.NextAsync(None));

        Assert.False(await dom0.IsDomainIntroducedAsync(Guest, None));
        Assert.Null(_store.Read(0, $"/local/domain/{Guest}/data"));
        Assert.NotNull(_store.Read(0, $"/local/domain/{Guest}"));
        Assert.Equal([new(XenStoreAccess.None, 0)], _store.GetPermissions(0, "/shared"));
        Assert.False(_store.Release(Guest));
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            async () => await guest.TryReadAsync(XenStorePath.Parse("data"), None));
        Assert.Equal(ErrorIds.XenStoreConnectionLost, error.ErrorId);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_part_of_the_host_is_called_for_each_change_on_the_clocks_thread()
    {
        List<string> seen = [];
        using (_store.Watch("/watched", path => seen.Add($"{path}={_store.Read(0, path)}")))
        {
            _store.Transact(() =>
            {
                _store.Write(0, "/watched/a", "1");
                _store.Write(0, "/watched/b", "2");
                _store.Write(0, "/watched/a", "3");
            });
            await Task.Delay(TimeSpan.FromSeconds(1), _time);
        }

        _store.Write(0, "/watched/c", "4");
        await Task.Delay(TimeSpan.FromSeconds(1), _time);

        Assert.Equal("/watched", seen[0].Split('=')[0]);
        Assert.Equal(["/watched/a=3", "/watched/b=2"], seen.Skip(1));
    }

    [Fact]
    public void Changes_that_fail_halfway_leave_nothing()
    {
        Assert.Throws<TimeZoneNotFoundException>(() => _store.Transact(() =>
        {
            _store.Write(0, "/half", "1");
            Assert.Equal("1", _store.Read(0, "/half"));
            throw new TimeZoneNotFoundException();
        }));

        Assert.Null(_store.Read(0, "/half"));
        _store.Transact(() => _store.Write(0, "/whole", "1"));
        Assert.Equal("1", _store.Read(0, "/whole"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Dropped_connections_are_lost_and_new_ones_work()
    {
        await using XenStoreClient before = await ConnectAsync(0);
        await using IXenStoreWatch watch = await before.WatchAsync("/x", None);
        await watch.NextAsync(None);
        _store.DropConnections();

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(async () => await watch.NextAsync(None));
        Assert.Equal(ErrorIds.XenStoreConnectionLost, error.ErrorId);
        await using XenStoreClient after = await ConnectAsync(0);
        await after.WriteTextAsync(XenStorePath.Parse("/x"), "1", None);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_fault_drops_the_connection_instead_of_answering()
    {
        SimulatedXenStore store = new(_time, new DropOnThird());
        await using XenStoreClient client = await XenStoreClient.ConnectAsync(store, _time, null, None);
        await client.WriteTextAsync(XenStorePath.Parse("/x"), "1", None);
        await client.WriteTextAsync(XenStorePath.Parse("/x"), "2", None);

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            async () => await client.WriteTextAsync(XenStorePath.Parse("/x"), "3", None));
        Assert.Equal(ErrorIds.XenStoreConnectionLost, error.ErrorId);
        Assert.Equal("2", store.Read(0, "/x"));
    }

    private static string Refusal(Action action) => Assert.Throws<XenStoreException>(action).Error;

    private static async Task RefusesAsync(string error, Func<Task> action) =>
        Assert.Equal(error, (await Assert.ThrowsAsync<XenStoreException>(action)).Error);

    private ValueTask<XenStoreClient> ConnectAsync(int domid) =>
        XenStoreClient.ConnectAsync(_store.TransportOf(domid), _time, null, None);

    private sealed class DropOnThird : IFaults
    {
        private int _requests;

        public Errno? OnWrite(string path) => null;

        public ProgramFault? OnRun(string program, IReadOnlyList<string> arguments) => null;

        public bool OnStoreRequest() => ++_requests == 3;
    }
}
