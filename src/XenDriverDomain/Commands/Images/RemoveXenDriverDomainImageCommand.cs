using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;

namespace XenDriverDomain.Commands;

/// <summary>Remove-XenDriverDomainImage: deletes the inside of a driver domain that no configuration names.</summary>
[Cmdlet(VerbsCommon.Remove, "XenDriverDomainImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveXenDriverDomainImageCommand : ChangeCmdlet
{
    /// <summary>Its id, or its directory on the host.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Directory")]
    [PropertyOf("Directory", "Id")]
    [ArgumentCompleter(typeof(ImageCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        foreach (string id in Id)
        {
            TryFor(id, () => Change(host, token => host.Images.PlanRemoveAsync(id, token), wanted: false, out _));
        }
    });
}
