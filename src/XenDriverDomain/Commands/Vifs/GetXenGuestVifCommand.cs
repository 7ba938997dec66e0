using System.Management.Automation;
using XenDriverDomain.Backends;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenGuestVif: guests' network front ends, the domains that back them, and how both ends are doing.</summary>
[Cmdlet(VerbsCommon.Get, "XenGuestVif")]
[OutputType(typeof(GuestVif))]
public sealed class GetXenGuestVifCommand : Dom0Cmdlet
{
    /// <summary>Guests: names, patterns of names or domids.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [PropertyOf("Guest", "Name")]
    [ArgumentCompleter(typeof(GuestCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Guest { get; set; }

    /// <summary>Back-end domains: names, patterns of names or domids.</summary>
    [Parameter]
    [PropertyOf("Name", "Backend")]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Backend { get; set; }

    /// <summary>Only those that are doing so.</summary>
    [Parameter]
    public VifStatus[]? Status { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        foreach (GuestVif vif in Wait((_, token) => host.Vifs.ListAsync(token)))
        {
            if (VifFilter.IsOf(vif, Guest, Backend) && (Status is null || Status.Contains(vif.Status)))
            {
                WriteObject(vif);
            }
        }
    });
}
