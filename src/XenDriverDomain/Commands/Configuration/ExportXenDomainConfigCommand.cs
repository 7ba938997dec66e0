using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Configuration;
using XenDriverDomain.Errors;
using XenDriverDomain.Files;
using XenDriverDomain.Session;

namespace XenDriverDomain.Commands;

/// <summary>Export-XenDomainConfig: writes a configuration as an xl.cfg on this machine.</summary>
[Cmdlet(VerbsData.Export, "XenDomainConfig", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(XenDomainConfig))]
public sealed class ExportXenDomainConfigCommand : AsyncCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private string _file = string.Empty;
    private string? _written;

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

    /// <summary>The configuration, as Import-XenDomainConfig and ConvertFrom-XenDomainConfig return it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ConfigOf]
    [ValidateNotNull]
    public XenDomainConfig Config { get; set; } = null!;

    /// <summary>Leaves out what cannot be carried over to xl.cfg, and replaces a file that is read-only.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Refuses to overwrite a file.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Returns the configuration that was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private string Asked => ParameterSetName == LiteralPathSet ? LiteralPath : Path;

    /// <inheritdoc/>
    protected override void BeginProcessing() => _file = Require(() => OutputFile.Resolve(
        SessionState.Path, Asked, isLiteral: ParameterSetName == LiteralPathSet, mustBeNew: NoClobber));

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryFor(Config, () =>
    {
        string name = Terminal.Text.Show(Config.Name ?? Config.Path ?? "a configuration");
        byte[] content = Config.ToXlConfig(Force);
        if (_written is { } other)
        {
            throw new XenDriverDomainException(
                ModuleErrorIds.OutputFileExists,
                ErrorKind.AlreadyExists,
                $"'{Terminal.Text.Show(_file)}' holds the configuration of {other} already; {name} would overwrite it.",
                "Write each to a file of its own: ForEach-Object { $_ | Export-XenDomainConfig -Path \"./$($_.Name).cfg\" }",
                name);
        }

        if (!ShouldProcess(_file, $"Write the configuration of {name} as xl.cfg"))
        {
            return;
        }

        ConfigWarnings.WriteLeftOut(this, Config);
        Wait((_, token) => OutputFile.ReplaceAsync(_file, content, Asked, Force, token));
        _written = name;
        if (PassThru)
        {
            WriteObject(Config);
        }
    });
}
