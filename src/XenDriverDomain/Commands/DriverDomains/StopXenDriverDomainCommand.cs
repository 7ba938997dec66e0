using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Hosts;
using XenDriverDomain.Lifecycle;

namespace XenDriverDomain.Commands;

/// <summary>Stop-XenDriverDomain: shuts a driver domain down; its devices stay assignable.</summary>
[Cmdlet(VerbsLifecycle.Stop, "XenDriverDomain", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(DriverDomain))]
public sealed class StopXenDriverDomainCommand : StopDomainCmdlet
{
    /// <summary>The names or domids of the domains.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Name")]
    [ArgumentCompleter(typeof(DriverDomainCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Stops it although guests use it, and destroys it when it does not shut down in time.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

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
                DomainRef domain = DomainRef.Parse(name);
                StopLater(host, name, domain, () => domain);
            });
        }
    });

    /// <inheritdoc/>
    private protected override bool Stop(HostSession host, DomainRef domain, IReadOnlySet<int> ending) => Stop(
        host,
        new StopOptions { Force = Force, Ending = ending },
        PassThru,
        (options, token) => host.DriverDomains.PlanStopAsync(domain, options, token));
}
