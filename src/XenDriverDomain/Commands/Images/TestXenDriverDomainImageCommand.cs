using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Commands;

/// <summary>Test-XenDriverDomainImage: whether the inside of a driver domain is whole, and of what the host has now.</summary>
[Cmdlet(VerbsDiagnostic.Test, "XenDriverDomainImage", DefaultParameterSetName = ById)]
[OutputType(typeof(Finding), typeof(bool))]
public sealed class TestXenDriverDomainImageCommand : Dom0Cmdlet
{
    private const string ById = "Id";

    /// <summary>The id of an image that this module made, or its directory on the host.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [Alias("Directory")]
    [PropertyOf("Directory", "Id")]
    [ArgumentCompleter(typeof(ImageCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    /// <summary>Returns whether there is no error, and no findings.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        foreach (string id in Id)
        {
            TryFor(id, () => Show(Wait((_, token) => host.Images.TestAsync(id, token))));
        }
    });

    private void Show(IReadOnlyList<Finding> findings)
    {
        if (Quiet)
        {
            WriteObject(findings.All(finding => finding.Severity != FindingSeverity.Error));
        }
        else
        {
            WriteObject(findings, enumerateCollection: true);
        }
    }
}
