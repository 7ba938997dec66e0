using System.Management.Automation;
using System.Text;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Import;

namespace XenDriverDomain.Commands;

/// <summary>ConvertFrom-XenDomainConfig: reads a configuration from text.</summary>
[Cmdlet(VerbsData.ConvertFrom, "XenDomainConfig")]
[OutputType(typeof(XenDomainConfig))]
public sealed class ConvertFromXenDomainConfigCommand : ConfigReaderCmdlet
{
    private readonly StringBuilder _text = new();

    // A part of the text is missing.
    private bool _isWrong;

    /// <summary>The text; what comes in several parts through the pipeline are its lines.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("XlConfig")]
    [PropertyOf("XlConfig")]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (RefusesInput())
        {
            _isWrong = true;
            return;
        }

        foreach (string line in InputObject)
        {
            _text.Append(line);

            // A text as a whole ends by itself; Get-Content takes the ends of lines away.
            if (!line.EndsWith('\n'))
            {
                _text.Append('\n');
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_text.Length > 0 && !_isWrong)
        {
            WriteObject(Require(() => DomainConfigImporter.Read(_text.ToString(), null, Format, Variables.Of(Variable))));
        }
    }
}
