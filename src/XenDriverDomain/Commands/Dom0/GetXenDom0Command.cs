using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Checks;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Hosts;
using XenDriverDomain.Session;
using XenDriverDomain.Traces;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenDom0: what the connected hosts are and can do; or what this module has left on them.</summary>
[Cmdlet(VerbsCommon.Get, "XenDom0", DefaultParameterSetName = FactsSet)]
[OutputType(typeof(HostFacts), ParameterSetName = [FactsSet])]
[OutputType(typeof(HostTrace), ParameterSetName = [FootprintSet])]
public sealed class GetXenDom0Command : Dom0Cmdlet
{
    private const string FactsSet = "Facts";
    private const string FootprintSet = "Footprint";

    // A host that several objects of the pipeline come from is shown once.
    private readonly List<HostSession> _shown = [];

    /// <summary>The hosts: their ids, or patterns of them. Left out, all that are connected.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Dom0")]
    [ArgumentCompleter(typeof(Dom0Completer))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public override string[]? Dom0 { get; set; }

    /// <summary>Shows what this module has left on the hosts, each with the command that removes it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FootprintSet)]
    public SwitchParameter Footprint { get; set; }

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
        if (_shown.Contains(host))
        {
            return;
        }

        _shown.Add(host);
        if (Footprint)
        {
            WriteObject(
                Wait((_, token) => host.Footprint.ListAsync(ParametersFor(host.Dom0.Id), token)), enumerateCollection: true);
            return;
        }

        HostFacts facts = Wait((_, token) => host.Inspector.InspectAsync(token));
        facts = facts with { IsDefault = Connections.IsDefault(host.Dom0.Id) };
        WriteObject(Connections.SimulationOf(host) is { } simulation ? SimulatedHosts.WithSimulation(facts, simulation) : facts);
    }

    // A remedy goes to the host that it is about, whichever the session means without -Dom0. This machine is named always: when it is no
    // dom0, it is changed only then.
    private static string ParametersFor(string id) =>
        id != HostSession.LocalId && Connections.IsDefault(id)
            ? string.Empty
            : $" -Dom0 '{id.Replace("'", "''", StringComparison.Ordinal)}'";
}
