using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Configuration;

namespace XenDriverDomain.Commands;

/// <summary>ConvertTo-XenDomainConfig: the xl.cfg of a configuration, as text.</summary>
[Cmdlet(VerbsData.ConvertTo, "XenDomainConfig")]
[OutputType(typeof(string))]
public sealed class ConvertToXenDomainConfigCommand : AsyncCmdlet
{
    /// <summary>Configurations, as Import-XenDomainConfig and ConvertFrom-XenDomainConfig return them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ConfigOf]
    [ValidateNotNullOrEmpty]
    public XenDomainConfig[] Config { get; set; } = [];

    /// <summary>Leaves out what cannot be carried over to xl.cfg.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (XenDomainConfig config in Config)
        {
            TryFor(config, () =>
            {
                config.RequireConvertible(Force);
                ConfigWarnings.WriteLeftOut(this, config);
                WriteObject(config.XlConfig);
            });
        }
    }
}
