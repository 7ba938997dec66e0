using System.Management.Automation;
using System.Text;
using XenDriverDomain.Binding;
using XenDriverDomain.Configuration;
using XenDriverDomain.Hosting;

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
                byte[] bytes = config.ToXlConfig(Force);
                ConfigWarnings.WriteLeftOut(this, config);
                WriteObject(Decoded(bytes));
            });
        }
    }

    private static string Decoded(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
