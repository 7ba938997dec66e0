using XenDriverDomain.Hosts;

namespace XenDriverDomain.Cmdlets;

/// <summary>What the pipeline has brought, of each host its own, in the order in which it came.</summary>
/// <typeparam name="T">What it is: a function's address, a domain.</typeparam>
internal sealed class ByHost<T>
{
    private readonly List<HostItems<T>> _all = [];

    /// <summary>What there is of each host.</summary>
    internal IReadOnlyList<HostItems<T>> All => _all;

    /// <summary>Adds what is of a host's.</summary>
    internal void Add(HostSession host, T item) => Of(host).Add(item);

    /// <summary>The same, unless it is there.</summary>
    internal void AddOnce(HostSession host, T item)
    {
        List<T> there = Of(host);
        if (!there.Contains(item))
        {
            there.Add(item);
        }
    }

    private List<T> Of(HostSession host)
    {
        HostItems<T>? known = _all.Find(one => one.Host == host);
        if (known is null)
        {
            _all.Add(known = new HostItems<T>(host, []));
        }

        return known.Items;
    }
}

/// <summary>What there is of one host.</summary>
internal sealed record HostItems<T>(HostSession Host, List<T> Items);
