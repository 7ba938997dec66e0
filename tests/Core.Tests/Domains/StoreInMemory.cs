using System.Text;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.Domains;

/// <summary>A xenstore that can be read; which domains are introduced is told apart from what it holds.</summary>
internal sealed class StoreInMemory : IXenStoreClient
{
    private readonly Dictionary<string, string> _nodes = new(StringComparer.Ordinal);

    public HashSet<int> Introduced { get; } = [];

    public bool IsBroken => false;

    public StoreInMemory Domain(int domid, string? name, string? type = "pv", string? uuid = null, bool introduced = true)
    {
        _nodes[$"/local/domain/{domid}"] = "";
        if (name is not null)
        {
            _nodes[$"/local/domain/{domid}/name"] = name;
        }

        if (type is not null)
        {
            _nodes[$"/libxl/{domid}/type"] = type;
        }

        if (uuid is not null)
        {
            _nodes[$"/local/domain/{domid}/vm"] = $"/vm/{uuid}";
        }

        if (introduced)
        {
            Introduced.Add(domid);
        }

        return this;
    }

    public StoreInMemory Node(string path, string value)
    {
        _nodes[path] = value;
        return this;
    }

    public ValueTask<byte[]?> TryReadAsync(XenStorePath path, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_nodes.TryGetValue(path.ToString(), out string? value) ? Encoding.UTF8.GetBytes(value) : null);

    public ValueTask<IReadOnlyList<string>?> TryListAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        string prefix = path + "/";
        string[] names = [.. _nodes.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
            .Select(n => n[prefix.Length..].Split('/')[0]).Distinct()];
        return ValueTask.FromResult<IReadOnlyList<string>?>(names.Length > 0 ? names : null);
    }

    public ValueTask<bool> IsDomainIntroducedAsync(int domid, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Introduced.Contains(domid));

    public ValueTask<XenStorePath> GetDomainPathAsync(int domid, CancellationToken cancellationToken) =>
        ValueTask.FromResult(XenStorePath.Parse($"/local/domain/{domid}"));

    public ValueTask WriteAsync(XenStorePath path, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask MakeDirectoryAsync(XenStorePath path, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> RemoveAsync(XenStorePath path, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<XenStorePermission>> GetPermissionsAsync(XenStorePath path, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask SetPermissionsAsync(
        XenStorePath path, IReadOnlyList<XenStorePermission> permissions, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<T> TransactAsync<T>(Func<IXenStore, CancellationToken, Task<T>> body, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IXenStoreWatch> WatchAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
