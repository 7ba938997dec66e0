using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Import;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Files;

namespace XenDriverDomain.Cmdlets;

/// <summary>The base of cmdlets that read configurations from files of this machine.</summary>
public abstract class ConfigFileCmdlet : ConfigReaderCmdlet
{
    /// <summary>The parameter set of patterns.</summary>
    private protected const string PathSet = "Path";

    private const string LiteralPathSet = "LiteralPath";

    /// <summary>Files of this machine. Wildcards are allowed.</summary>
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [PropertyOf("PSPath", "FullName", "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Files of this machine, taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Reads the files, and hands on each; an error of one is written, and the next one goes on.</summary>
    private protected void ForEachFile(Action<XenDomainConfig> work)
    {
        if (RefusesInput())
        {
            return;
        }

        bool isLiteral = ParameterSetName == LiteralPathSet;
        foreach (string path in isLiteral ? LiteralPath : Path)
        {
            TryFor(path, () =>
            {
                foreach (string file in InputFile.Resolve(SessionState.Path, path, isLiteral))
                {
                    TryFor(file, () =>
                    {
                        byte[] bytes = Wait((_, token) => InputFile.ReadAsync(file, XlConfigDocument.MaxBytes, token));
                        work(DomainConfigImporter.Read(bytes, file, Format, Variables.Of(Variable)));
                    });
                }
            });
        }
    }
}
