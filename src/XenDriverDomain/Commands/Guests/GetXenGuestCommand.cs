using System.Globalization;
using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Completion;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosting;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenGuest: the running domains other than dom0.</summary>
[Cmdlet(VerbsCommon.Get, "XenGuest")]
[OutputType(typeof(Guest))]
public sealed class GetXenGuestCommand : Dom0Cmdlet
{
    /// <summary>Names or patterns of names; all digits is a domid.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Name", "Guest")]
    [ArgumentCompleter(typeof(GuestCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        IReadOnlyList<Guest> all = Wait((_, token) => host.Guests.ListAsync(token));
        if (Name is null)
        {
            WriteObject(all, enumerateCollection: true);
            return;
        }

        foreach (string name in Name)
        {
            TryFor(name, () => WriteObject(Select(all, name), enumerateCollection: true));
        }
    });

    private static List<Guest> Select(IReadOnlyList<Guest> all, string name)
    {
        List<Guest> found = [.. all.Where(g => NamePattern.Matches(name, g.Name)
            || string.Equals(name, g.Domid?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))];
        return found.Count > 0 || NamePattern.HasWildcard(name)
            ? found
            : throw new XenDriverDomainException(
                ModuleErrorIds.GuestNotFound,
                ErrorKind.NotFound,
                $"No guest '{Terminal.Text.Show(name)}' runs on this host.",
                "See Get-XenGuest for those that run, or start it with Start-XenGuest.",
                name);
    }
}
