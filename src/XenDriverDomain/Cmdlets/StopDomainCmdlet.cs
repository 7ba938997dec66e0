using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Hosts;
using XenDriverDomain.Lifecycle;

namespace XenDriverDomain.Cmdlets;

/// <summary>
/// The base of cmdlets that stop domains. It begins when the pipeline has ended: of all that it has brought, clients are stopped before
/// their back ends, which would be refused as long as these have clients.
/// </summary>
public abstract class StopDomainCmdlet : ChangeCmdletWithWait
{
    private readonly ByHost<NamedDomain> _all = new();

    /// <summary>Notes a domain that is to be stopped.</summary>
    /// <param name="host">Its host.</param>
    /// <param name="name">What the user called it.</param>
    /// <param name="seen">What it is known by.</param>
    /// <param name="find">Finds it when its turn comes.</param>
    private protected void StopLater(HostSession host, string name, DomainRef seen, Func<DomainRef> find) =>
        _all.Add(host, new NamedDomain(name, seen, find));

    /// <summary>Stops a domain.</summary>
    /// <param name="host">Its host.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="ending">The domids of those whose end is under way, or would be by now with -WhatIf.</param>
    /// <returns>True when it was asked to end, or has ended.</returns>
    private protected abstract bool Stop(HostSession host, DomainRef domain, IReadOnlySet<int> ending);

    /// <summary>Stops a domain by the service that knows it, and writes what has become of it where that is wanted.</summary>
    /// <returns>True when it was asked to end, or has ended.</returns>
    private protected bool Stop<T>(
        HostSession host,
        StopOptions options,
        bool passThru,
        Func<StopOptions, CancellationToken, Task<PlannedChange<T>>> planAsync)
    {
        options = options with { Timeout = Timeout, NoWait = NoWait };
        bool isDone = Change(host, token => planAsync(options, token), passThru, out T? stopped);
        if (isDone && passThru)
        {
            WriteObject(stopped);
        }

        return isDone;
    }

    /// <inheritdoc/>
    private protected override void Finish()
    {
        foreach ((HostSession host, List<NamedDomain> named) in _all.All)
        {
            ForHost(host, () =>
            {
                HashSet<int> ending = [];
                foreach (DomainToStop next in Wait((_, token) => StopOrder.OfAsync(
                    host.Dom0, host.Domains, [.. named.Select(one => one.Seen)], token)))
                {
                    NamedDomain one = named[next.Place];
                    TryFor(one.Name, () =>
                    {
                        if ((Stop(host, one.Find(), ending) || IsWhatIf()) && next.Domid is { } domid)
                        {
                            ending.Add(domid);
                        }
                    });
                }
            });
        }
    }
}

/// <summary>A domain as it was named.</summary>
/// <param name="Name">What the user called it.</param>
/// <param name="Seen">What it is known by.</param>
/// <param name="Find">Finds it when its turn comes.</param>
internal sealed record NamedDomain(string Name, DomainRef Seen, Func<DomainRef> Find);
