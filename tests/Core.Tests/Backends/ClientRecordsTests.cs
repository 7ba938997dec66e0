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

    private readonly FakeXenStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task What_was_written_is_read_and_what_was_removed_is_gone()
    {
        await RunAsync(ClientRecords.Write([s_record]));
        Assert.Equal("web1 vif 0 (00:16:3e:00:00:01)", Assert.Single(await ClientRecords.ReadAsync(_store, "netdd", default)).ToString());

        await RunAsync(ClientRecords.Remove([s_record]));
        Assert.Empty(await ClientRecords.ReadAllAsync(_store, default));
    }

    [Fact]
    public async Task A_record_that_xenstore_does_not_hold_is_an_error_before_anything_is_cut_off()
    {
        _store.Changed += path =>
        {
            if (path.EndsWith("/mac", StringComparison.Ordinal) && _store[path] is not null)
            {
                _store.Remove(path);
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
        _store.Changed += path =>
        {
            if (path.EndsWith("/0", StringComparison.Ordinal) && _store[path] is null)
            {
                _store[path] = string.Empty;
            }
        };

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => RunAsync(ClientRecords.Remove([s_record])));

        Assert.Equal(ErrorIds.ClientsNotRecorded, error.ErrorId);
        Assert.Contains("still in xenstore", error.Message, StringComparison.Ordinal);
    }

    private Task RunAsync(StepPart part) => part.RunAsync(
        new HostHand(
            new Dom0("test", null!, null!, null!, (_, _) => ValueTask.FromResult<IXenStoreClient>(_store), TimeProvider.System), null!),
        default);
}
