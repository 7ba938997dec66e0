using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Configuration;
using XenDriverDomain.Hosting;

namespace XenDriverDomain.Commands;

/// <summary>Test-XenDomainConfig: what is wrong with a configuration, and where xl would do something else than it seems to say.</summary>
[Cmdlet(VerbsDiagnostic.Test, "XenDomainConfig", DefaultParameterSetName = ConfigSet)]
[OutputType(typeof(ConfigFinding), typeof(bool))]
public sealed class TestXenDomainConfigCommand : ConfigReaderCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string ConfigSet = "Config";

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

    /// <summary>Configurations, as Import-XenDomainConfig and ConvertFrom-XenDomainConfig return them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ConfigSet)]
    [ConfigOf]
    [ValidateNotNullOrEmpty]
    public XenDomainConfig[] Config { get; set; } = [];

    /// <summary>Returns whether there is no error, and no findings.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ConfigSet)
        {
            foreach (XenDomainConfig config in Config)
            {
                Show(config);
            }

            return;
        }

        bool isLiteral = ParameterSetName == LiteralPathSet;
        foreach (string path in isLiteral ? LiteralPath : Path)
        {
            ForEachFile(path, isLiteral, Show);
        }
    }

    private void Show(XenDomainConfig config)
    {
        if (Quiet)
        {
            WriteObject(config.IsSound);
        }
        else
        {
            WriteObject(config.Findings, enumerateCollection: true);
        }
    }
}
