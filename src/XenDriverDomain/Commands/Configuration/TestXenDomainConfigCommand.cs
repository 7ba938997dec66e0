using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Configuration;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Commands;

/// <summary>Test-XenDomainConfig: what is wrong with a configuration, and where xl would do something else than it seems to say.</summary>
[Cmdlet(VerbsDiagnostic.Test, "XenDomainConfig", DefaultParameterSetName = ConfigSet)]
[OutputType(typeof(Finding), typeof(bool))]
public sealed class TestXenDomainConfigCommand : ConfigFileCmdlet
{
    private const string ConfigSet = "Config";

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
                TryFor(config, () => Show(config));
            }

            return;
        }

        ForEachFile(Show);
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
