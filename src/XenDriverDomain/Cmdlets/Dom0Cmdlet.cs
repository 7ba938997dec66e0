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

    /// <summary>Runs work on every host that is meant; an error on one is written, and the next one goes on.</summary>
    /// <returns>False when nothing was begun: the arguments were not what is taken, or no host is meant.</returns>
    private protected bool ForEachHost(Action<HostSession> work) => Work.ForEachHost(Dom0, CheckHost, work);

    /// <summary>Runs work on one host, whose services are heard meanwhile; an error is written.</summary>
    private protected void ForHost(HostSession host, Action work) => Work.ForHost(host, CheckHost, work);

    /// <summary>Looks whether anything may be done on a host, before it is looked for what.</summary>
    /// <exception cref="XenDriverDomainException">It may not.</exception>
    private protected virtual void CheckHost(HostSession host)
    {
    }
}
