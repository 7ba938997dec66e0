using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Checks;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Hosts;
using XenDriverDomain.Session;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenDom0: what the connected hosts are and can do.</summary>
[Cmdlet(VerbsCommon.Get, "XenDom0")]
[OutputType(typeof(HostFacts))]
public sealed class GetXenDom0Command : Dom0Cmdlet
{
    /// <summary>The hosts: their ids, or patterns of them. Left out, all that are connected.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Dom0")]
    [ArgumentCompleter(typeof(Dom0Completer))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public override string[]? Dom0 { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Dom0 is null && Connections.All.Count > 0)
        {
            foreach (HostSession host in Connections.All)
            {
                ForHost(host, () => Show(host));
            }

            return;
        }

        ForEachHost(Show);
    }

    private void Show(HostSession host)
    {
        HostFacts facts = Wait((_, token) => host.Inspector.InspectAsync(token));
        facts = facts with { IsDefault = Connections.IsDefault(host.Dom0.Id) };
        WriteObject(Connections.SimulationOf(host) is { } simulation ? SimulatedHosts.WithSimulation(facts, simulation) : facts);
    }
}
