using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Domains;
using XenDriverDomain.Guests;
using XenDriverDomain.Lifecycle;

namespace XenDriverDomain.Commands;

/// <summary>Stop-XenGuest: shuts a guest down and waits until it is gone.</summary>
[Cmdlet(VerbsLifecycle.Stop, "XenGuest", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Guest))]
public sealed class StopXenGuestCommand : ChangeCmdletWithWait
{
    /// <summary>The names or domids of the guests.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Name", "Guest")]
    [ArgumentCompleter(typeof(GuestCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Destroys it when it does not shut down in time.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Returns the guests as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        foreach (string name in Name)
        {
            TryFor(name, () =>
            {
                DomainRef guest = DomainRef.Parse(name);
                StopOptions options = new() { Timeout = Timeout, NoWait = NoWait, Force = Force };
                if (Change(host, token => host.Guests.PlanStopAsync(guest, options, token), PassThru, out Guest? stopped) && PassThru)
                {
                    WriteObject(stopped);
                }
            });
        }
    });
}
