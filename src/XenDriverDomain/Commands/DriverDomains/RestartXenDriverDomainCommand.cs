using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Lifecycle;

namespace XenDriverDomain.Commands;

/// <summary>Restart-XenDriverDomain: stops and starts a driver domain and connects its clients to the new one.</summary>
[Cmdlet(VerbsLifecycle.Restart, "XenDriverDomain", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(DriverDomain))]
public sealed class RestartXenDriverDomainCommand : ChangeCmdletWithWait
{
    /// <summary>The names or domids of the domains.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Name")]
    [ArgumentCompleter(typeof(DriverDomainCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Destroys it when it does not shut down in time.</summary>
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
                StopOptions stop = new() { Timeout = Timeout, Force = Force };
                StartOptions start = new() { Timeout = Timeout, NoWait = NoWait };
                if (Change(
                        host,
                        token => host.DriverDomains.PlanRestartAsync(domain, stop, start, token),
                        PassThru,
                        out DriverDomain? restarted)
                    && PassThru)
                {
                    WriteObject(restarted);
                }
            });
        }
    });
}
