using XenDriverDomain.Access;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Tests.Support;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.Backends;

/// <summary>What must not be forgotten is read back before anything is cut off.</summary>
public sealed class ClientRecordsTests : IAsyncDisposable
{
    private static readonly ClientRecord s_record = new()
    {
        Server = "netdd",
        GuestUuid = Guid.Parse("28e19581-70d6-4758-aa58-b202bac463d1"),
        GuestDomid = 5,
        GuestName = "web1",
        Devid = 0,
        BackendDomid = 3,
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["mac"] = "00:16:3e:00:00:01" },
    };

    private readonly StoreAtHand _store = new();
    private readonly WatchedPorts _ports;

    public ClientRecordsTests() => _ports = new WatchedPorts(
        new Dom0("test", null!, null!, _store.Server, (_, _) => _store.ConnectAsync(), TimeProvider.System));

    public ValueTask DisposeAsync() => _ports.Dom0.DisposeAsync();

    [Fact]
    public async Task What_was_written_is_read_and_what_was_removed_is_gone()
    {
        IXenStoreClient store = await _ports.Dom0.GetXenStoreAsync(default);
        await RunAsync(ClientRecords.Write([s_record]));
        Assert.Equal("web1 vif 0 (00:16:3e:00:00:01)", Assert.Single(await ClientRecords.ReadAsync(store, "netdd", default)).ToString());

        await RunAsync(ClientRecords.Remove([s_record]));
        Assert.Empty(await ClientRecords.ReadAllAsync(store, default));
    }

    [Fact]
    public async Task A_record_that_xenstore_does_not_hold_is_an_error_before_anything_is_cut_off()
    {
        _ports.After = change =>
        {
            if (change == "commit")
            {
                _store.Remove(Assert.Single(_store.Dump().Keys, path => path.EndsWith("/mac", StringComparison.Ordinal)));
            }
        };

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => RunAsync(ClientRecords.Write([s_record])));

        Assert.Equal((ErrorIds.ClientsNotRecorded, "netdd"), (error.ErrorId, error.Target));
        Assert.Contains("nothing was cut off", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_comes_back_after_it_was_removed_is_an_error()
    {
        await RunAsync(ClientRecords.Write([s_record]));
        string record = Assert.Single(
            _store.Dump().Keys, path => path.EndsWith("/0", StringComparison.Ordinal) && path != "/local/domain/0");
        _ports.After = change =>
        {
            if (change == "commit")
            {
                Assert.Null(_store[record]);
                _store[record] = string.Empty;
            }
        };

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => RunAsync(ClientRecords.Remove([s_record])));

        Assert.Equal(ErrorIds.ClientsNotRecorded, error.ErrorId);
        Assert.Contains("still in xenstore", error.Message, StringComparison.Ordinal);
    }

    private Task RunAsync(StepPart part) => part.RunAsync(new HostHand(_ports.Dom0, null!), default);
}
