using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Guests;
using XenDriverDomain.Hosts;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Session;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Commands;

/// <summary>Stop-XenGuest: shuts a guest down and waits until it is gone.</summary>
[Cmdlet(VerbsLifecycle.Stop, "XenGuest", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Guest))]
public sealed class StopXenGuestCommand : StopDomainCmdlet
{
    /// <summary>The names or domids of the guests.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Name", "Guest")]
    [ArgumentCompleter(typeof(GuestCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The domid of a guest that comes through the pipeline: it is stopped by that, since xl takes names that we do not.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    public int? Domid { get; set; }

    /// <summary>The UUID of a guest that comes through the pipeline: another one with its domid is not stopped.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    public Guid? Uuid { get; set; }

    /// <summary>Destroys it when it does not shut down in time.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Returns the guests as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        (int? domid, Guid? uuid) = (Domid, Uuid);
        foreach (string name in Name)
        {
            TryFor(name, () =>
            {
                if (domid is { } number && uuid is { } life)
                {
                    StopLater(host, name, DomainRef.FromDomid(number), () => Seen(host, name, number, life));
                }
                else
                {
                    DomainRef guest = DomainRef.Parse(name);
                    StopLater(host, name, guest, () => guest);
                }
            });
        }
    });

    /// <inheritdoc/>
    private protected override bool Stop(HostSession host, DomainRef domain, IReadOnlySet<int> ending) => Stop(
        host,
        new StopOptions { Force = Force, Ending = ending },
        PassThru,
        (options, token) => host.Guests.PlanStopAsync(domain, options, token));

    // By the domid that it was seen with, if it is still the one that has it.
    private DomainRef Seen(HostSession host, string name, int domid, Guid uuid)
    {
        IReadOnlyList<Guest> running = Wait((_, token) => host.Guests.ListAsync(token));
        if (running.Any(one => one.Domid == domid && one.Uuid == uuid && one.Name == name))
        {
            return DomainRef.FromDomid(domid);
        }

        string shown = Text.Show(name);
        throw new XenDriverDomainException(
            ModuleErrorIds.GuestNotFound,
            ErrorKind.NotFound,
            $"The guest '{shown}' that was seen with domid {domid} does not run on {host.Dom0.Id} any more.",
            running.FirstOrDefault(one => one.Name == name) is { } now
                ? $"One of that name runs with domid {now.Domid} now. If that is meant, stop it by its name: Stop-XenGuest {shown}"
                : "See Get-XenGuest for those that run.",
            name);
    }
}
