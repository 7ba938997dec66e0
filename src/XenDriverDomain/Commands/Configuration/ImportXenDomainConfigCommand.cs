using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Configuration;
using XenDriverDomain.Hosting;

namespace XenDriverDomain.Commands;

/// <summary>Import-XenDomainConfig: reads configuration files of this machine, of xl, xm or in SXP, into one model.</summary>
[Cmdlet(VerbsData.Import, "XenDomainConfig", DefaultParameterSetName = PathSet)]
[OutputType(typeof(XenDomainConfig))]
public sealed class ImportXenDomainConfigCommand : ConfigReaderCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>Files of this machine. Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [PropertyOf("PSPath", "FullName", "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Files of this machine, taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool isLiteral = ParameterSetName == LiteralPathSet;
        foreach (string path in isLiteral ? LiteralPath : Path)
        {
            ForEachFile(path, isLiteral, WriteObject);
        }
    }
}
