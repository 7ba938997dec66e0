using System.Globalization;
using System.Management.Automation;
using XenDriverDomain.Backends;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Errors;
using XenDriverDomain.Guests;
using XenDriverDomain.Session;
using XenDriverDomain.Terminal;

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

    /// <summary>Driver domains, through the pipeline: the vifs that they serve.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    [DriverDomainOf]
    [ValidateNotNullOrEmpty]
    public string? DriverDomain { get; set; }

    /// <summary>Only those that are doing so.</summary>
    [Parameter]
    public VifStatus[]? Status { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // Its name has bound to -Guest as well, as a guest's does; whose vifs are meant is what it is: a back end.
        if (DriverDomain is { } backend)
        {
            Show(null, [backend]);
            return;
        }

        Show(Guest, Backend);
    }

    private void Show(string[]? askedGuests, string[]? askedBackends) => ForEachHost(host =>
    {
        IReadOnlyList<GuestVif> vifs = Wait((_, token) => host.Vifs.ListAsync(token));
        foreach (GuestVif vif in vifs)
        {
            if (VifFilter.IsOf(vif, askedGuests, askedBackends) && (Status is null || Status.Contains(vif.Status)))
            {
                WriteObject(vif);
            }
        }

        // A name that no vif has is looked for among all domains: one without a vif is none, and one that is not there is a slip.
        string[] guests = Unseen(askedGuests, name => vifs.Any(vif => VifFilter.IsOf(vif, [name], null)));
        string[] backends = Unseen(askedBackends, name => vifs.Any(vif => VifFilter.IsOf(vif, null, [name])));
        if (guests.Length + backends.Length == 0)
        {
            return;
        }

        IReadOnlyList<Guest> running = Wait((_, token) => host.Guests.ListAsync(token));
        IReadOnlyList<DriverDomain> configured = Wait((_, token) => host.DriverDomains.ListBrieflyAsync(token));
        string[] names = [.. running.Select(one => one.Name), .. configured.Select(one => one.Name)];
        string[] domids = [.. running.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Domid}"))];
        foreach (string name in guests.Where(name => !IsAny(name, [.. names, .. domids])))
        {
            TryFor(name, () => throw GetXenGuestCommand.NotFound(host.Dom0.Id, name, names));
        }

        foreach (string name in backends.Where(name => !IsAny(name, [.. names, .. domids, "0", "Domain-0"])))
        {
            TryFor(name, () => throw new XenDriverDomainException(
                ModuleErrorIds.BackendNotFound,
                ErrorKind.NotFound,
                $"There is no domain '{Terminal.Text.Show(name)}' on {host.Dom0.Id}, and no vif is served by one that was.",
                $"{NearNames.Of(name, names)} With wildcards it would be a pattern.",
                name));
        }
    });

    private static string[] Unseen(string[]? names, Func<string, bool> isSeen) =>
        names is null ? [] : [.. names.Where(name => !NamePattern.HasWildcard(name) && !isSeen(name))];

    private static bool IsAny(string name, string[] known) => known.Contains(name, StringComparer.OrdinalIgnoreCase);
}
