using System.Management.Automation;
using System.Runtime.CompilerServices;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Errors;
using XenDriverDomain.Files;
using XenDriverDomain.Session;
using XenDriverDomain.Topology;
using XenDriverDomain.Topology.Reading;
using XenDriverDomain.Topology.Writers;

namespace XenDriverDomain.Commands;

/// <summary>Export-XenDriverDomainTopology: writes a topology as a page, an SVG picture, a Mermaid flowchart or a Graphviz graph.</summary>
[Cmdlet(VerbsData.Export, "XenDriverDomainTopology", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(DriverDomainTopology))]
public sealed class ExportXenDriverDomainTopologyCommand : Dom0Cmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly List<DriverDomainTopology> _topologies = [];
    private string _file = string.Empty;

    // Boxed, since a field of the core's own type would load the core when the module is imported (see ModuleStart).
    private readonly StrongBox<TopologyFormat?> _format = new();

    /// <summary>The file to write. A pattern must match exactly one file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The file to write, taken as it is.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = string.Empty;

    /// <summary>Topologies, as Get-XenDriverDomainTopology returns them. Left out, those of the hosts are looked at.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TopologyOf]
    [ValidateNotNullOrEmpty]
    public DriverDomainTopology[]? Topology { get; set; }

    /// <summary>What to write; left out, the extension of the file decides.</summary>
    [Parameter]
    public TopologyFormat? Format
    {
        get => _format.Value;
        set => _format.Value = value;
    }

    /// <summary>Refuses to overwrite a file.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Returns the topologies that were written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private string Asked => ParameterSetName == LiteralPathSet ? LiteralPath : Path;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _file = Require(() => OutputFile.Resolve(
            SessionState.Path, Asked, isLiteral: ParameterSetName == LiteralPathSet, mustBeNew: NoClobber));
        Format ??= Require(() => FormatOf(_file));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Topology is not null)
        {
            _topologies.AddRange(Topology);
            return;
        }

        ForEachHost(host => _topologies.Add(Wait((_, token) => TopologyReader.ReadAsync(host, token))));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string hosts = string.Join(", ", _topologies.Select(t => Terminal.Text.Show(t.Dom0)));
        if (_topologies.Count == 0 || !ShouldProcess(_file, $"Write the topology of {hosts} as {Format}"))
        {
            return;
        }

        bool isWritten = TryFor(Asked, () =>
        {
            string text = TopologyDocument.Write(_topologies, Format!.Value);
            Wait((_, token) => OutputFile.WriteAsync(_file, text, Asked, token));
        });
        if (isWritten && PassThru)
        {
            WriteObject(_topologies, enumerateCollection: true);
        }
    }

    private static TopologyFormat FormatOf(string file) => TopologyDocument.TryGetFormat(file, out TopologyFormat? format)
        ? format.Value
        : throw new XenDriverDomainException(
            ModuleErrorIds.TopologyFormatUnknown,
            ErrorKind.InvalidArgument,
            $"The extension of '{Terminal.Text.Show(System.IO.Path.GetFileName(file))}' stands for no format.",
            "Name a file that ends in .html, .htm, .svg, .dot, .gv, .mmd or .mermaid, or say -Format Html, Svg, Dot or Mermaid.",
            file);
}
