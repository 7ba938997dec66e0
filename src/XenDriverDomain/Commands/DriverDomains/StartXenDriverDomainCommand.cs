using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.DriverDomains;

namespace XenDriverDomain.Commands;

/// <summary>Start-XenDriverDomain: starts a driver domain from its configuration and waits until it really serves.</summary>
[Cmdlet(VerbsLifecycle.Start, "XenDriverDomain", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(DriverDomain))]
public sealed class StartXenDriverDomainCommand : ChangeCmdletWithWait
{
    /// <summary>The names of the domains.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Name")]
    [ArgumentCompleter(typeof(DriverDomainCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Returns the domains as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        foreach (string name in Name)
        {
            TryFor(name, () =>
            {
                StartOptions options = new() { Timeout = Timeout, NoWait = NoWait };
                if (Change(host, token => host.DriverDomains.PlanStartAsync(name, options, token), PassThru, out DriverDomain? started)
                    && PassThru)
                {
                    WriteObject(started);
                }
            });
        }
    });
}
