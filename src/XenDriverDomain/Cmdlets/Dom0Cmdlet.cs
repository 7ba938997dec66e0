using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Completion;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Session;

namespace XenDriverDomain.Cmdlets;

/// <summary>The base of cmdlets that work on one or more hosts.</summary>
public abstract class Dom0Cmdlet : AsyncCmdlet
{
    /// <summary>
    /// <para type="description">The host, as Connect-XenDom0 returned it or by its id. Left out, it is the default host of this
    /// session: the first one connected, or this machine when none was asked for. What comes through the pipeline is carried out on the
    /// host it came from.</para>
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Dom0")]
    [ArgumentCompleter(typeof(Dom0Completer))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public virtual string[]? Dom0 { get; set; }

    /// <summary>The connections of this runspace.</summary>
    private protected static Connections Connections => Connections.Here();

    /// <summary>The hosts that are meant, in the order they were named.</summary>
    /// <exception cref="XenDriverDomainException">Dom0NotConnected.</exception>
    private protected IReadOnlyList<HostSession> Hosts() => Dom0 is null || Dom0.Length == 0
        ? [Connections.Default()]
        : [.. Dom0.SelectMany(Named).Distinct()];

    private static IEnumerable<HostSession> Named(string id)
    {
        if (!NamePattern.HasWildcard(id) || Connections.Find(id) is not null)
        {
            return [Connections.Get(id)];
        }

        HostSession[] alike = [.. Connections.All.Where(host => NamePattern.Matches(id, host.Dom0.Id))];
        return alike.Length > 0 ? alike : [Connections.Get(id)];
    }

    /// <summary>Runs work on every host that is meant; an error on one is written, and the next one goes on.</summary>
    /// <returns>False when nothing was begun: the arguments were not what is taken, or no host is meant.</returns>
    private protected bool ForEachHost(Action<HostSession> work)
    {
        IReadOnlyList<HostSession> hosts = [];
        if (RefusesInput() || !TryFor(null, () => hosts = Hosts()))
        {
            return false;
        }

        foreach (HostSession host in hosts)
        {
            ForHost(host, () => work(host));
        }

        return true;
    }

    /// <summary>Runs work on one host, whose services are heard meanwhile; an error is written.</summary>
    private protected virtual void ForHost(HostSession host, Action work)
    {
        HostSession? before = CurrentHost;
        CurrentHost = host;
        try
        {
            TryFor(null, work);
        }
        finally
        {
            CurrentHost = before;
        }
    }
}
