using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Completion;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosting;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenDriverDomain: the driver domains of the host, configured and running, their devices and clients.</summary>
[Cmdlet(VerbsCommon.Get, "XenDriverDomain")]
[OutputType(typeof(DriverDomain))]
public sealed class GetXenDriverDomainCommand : Dom0Cmdlet
{
    /// <summary>Names, or patterns of names.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Name")]
    [ArgumentCompleter(typeof(DriverDomainCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        IReadOnlyList<DriverDomain> all = Wait((_, token) => host.DriverDomains.ListAsync(token));
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

    private static List<DriverDomain> Select(IReadOnlyList<DriverDomain> all, string name)
    {
        List<DriverDomain> found = [.. all.Where(d => NamePattern.Matches(name, d.Name)
            || string.Equals(name, d.Domid?.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal))];
        return found.Count > 0 || NamePattern.HasWildcard(name)
            ? found
            : throw new XenDriverDomainException(
                ModuleErrorIds.DriverDomainNotFound,
                ErrorKind.NotFound,
                $"There is no driver domain '{Terminal.Text.Show(name)}' on this host, neither configured nor running.",
                "See Get-XenDriverDomain for those that exist, or create it with New-XenDriverDomain.",
                name);
    }
}
