using System.Management.Automation;
using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Connections;
using XenDriverDomain.Binding;
using XenDriverDomain.Changes;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Session;

namespace XenDriverDomain.Commands;

/// <summary>Disconnect-XenGuestVif: takes a network interface from a guest, also when the domain that backed it is gone.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "XenGuestVif", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class DisconnectXenGuestVifCommand : ChangeCmdlet
{
    /// <summary>The guests: names, patterns of names or domids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [PropertyOf("Guest", "Name")]
    [ArgumentCompleter(typeof(GuestCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Guest { get; set; } = [];

    /// <summary>Only vifs that this domain backs: a name, a pattern or a domid.</summary>
    [Parameter(Position = 1)]
    [PropertyOf("Name")]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Backend { get; set; }

    /// <summary>Only the vifs with these numbers.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VifNumberCompleter))]
    [ValidateRange(0, int.MaxValue)]
    public int[]? Devid { get; set; }

    /// <summary>The guest's configuration file on the host, from which the vif is removed as well.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConfigPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ConfigPath { get; set; }

    /// <summary>How long it may take, in seconds or as a TimeSpan.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan Timeout { get; set; } = Patience.Detach;

    /// <summary>Removes what is left of the vif by force when the orderly way does not work.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        IReadOnlyList<GuestVif> all = Wait((_, token) => host.Vifs.ListBrieflyAsync(token));
        foreach (string guest in Guest)
        {
            TryFor(guest, () => Disconnect(host, all, guest));
        }
    });

    private void Disconnect(HostSession host, IReadOnlyList<GuestVif> all, string guest)
    {
        List<GuestVif> chosen = [.. all.Where(v => VifFilter.IsOf(v, [guest], Backend) && (Devid is null || Devid.Contains(v.Devid)))];
        if (chosen.Count == 0 && !NamePattern.HasWildcard(guest))
        {
            throw new XenDriverDomainException(
                ErrorIds.VifNotFound,
                ErrorKind.NotFound,
                $"Guest '{Terminal.Text.Show(guest)}' has no such vif.",
                "See Get-XenGuestVif for those that exist; for an interface whose back end is gone, leave -Backend out or give "
                    + "its old domid.",
                guest);
        }

        DisconnectVifOptions options = new() { Timeout = Timeout, Force = Force, ConfigPath = ConfigPath };
        foreach (GuestVif vif in chosen)
        {
            TryFor(vif, () => Change(host, token => host.Vifs.PlanDisconnectAsync(vif, options, token), wanted: false, out _));
        }
    }
}
