using System.Globalization;
using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Pipeline;
using XenDriverDomain.Session;
using XenDriverDomain.Topology;
using XenDriverDomain.Topology.Reading;

namespace XenDriverDomain.Commands;

/// <summary>
/// Get-XenDriverDomainTopology: which device serves which guest over which domain and bridge, and how each link is doing.
/// </summary>
[Cmdlet(VerbsCommon.Get, "XenDriverDomainTopology")]
[OutputType(typeof(DriverDomainTopology))]
public sealed class GetXenDriverDomainTopologyCommand : Dom0Cmdlet
{
    /// <summary>Driver domains and guests: names, patterns of names or domids. Left out, all of the host.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Name", "Guest")]
    [ArgumentCompleter(typeof(DomainCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        OutputCopies.KeepParts(this, typeof(DriverDomainTopology));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(Show);

    private void Show(HostSession host)
    {
        DriverDomainTopology whole = Wait((_, token) => TopologyReader.ReadAsync(host, token));
        if (Name is null)
        {
            WriteObject(whole);
            return;
        }

        string[] known = [.. Name.Where(name => TryFor(name, () => Check(whole, name)))];
        if (known.Length > 0)
        {
            WriteObject(TopologyPart.Of(whole, node => known.Any(name => IsMeant(node, name))));
        }
    }

    private static void Check(DriverDomainTopology whole, string name)
    {
        if (!NamePattern.HasWildcard(name) && !whole.Nodes.Any(node => IsMeant(node, name)))
        {
            throw new XenDriverDomainException(
                ErrorIds.DomainNotFound,
                ErrorKind.NotFound,
                $"There is no driver domain and no guest '{Terminal.Text.Show(name)}' on {whole.Dom0}.",
                "See Get-XenDriverDomain and Get-XenGuest for those that exist.",
                name);
        }
    }

    private static bool IsMeant(TopologyNode node, string name) =>
        node.Kind is TopologyNodeKind.DriverDomain or TopologyNodeKind.Dom0 or TopologyNodeKind.Guest
        && (NamePattern.Matches(name, node.Name)
            || string.Equals(name, node.Domid?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
}
