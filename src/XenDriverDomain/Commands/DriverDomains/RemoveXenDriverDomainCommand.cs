using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Changes;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Lifecycle;

namespace XenDriverDomain.Commands;

/// <summary>Remove-XenDriverDomain: deletes the configuration of a driver domain; its devices stay assignable.</summary>
[Cmdlet(VerbsCommon.Remove, "XenDriverDomain", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveXenDriverDomainCommand : ChangeCmdlet
{
    /// <summary>The names of the domains.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Name")]
    [ArgumentCompleter(typeof(DriverDomainCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>How long it may take to shut down, in seconds or as a TimeSpan.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan Timeout { get; set; } = Patience.Effect;

    /// <summary>Stops it first when it runs.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        foreach (string name in Name)
        {
            StopOptions options = new() { Timeout = Timeout, Force = Force };
            TryFor(name, () => Change(host, token => host.DriverDomains.PlanRemoveAsync(name, options, token), wanted: false, out _));
        }
    });
}
