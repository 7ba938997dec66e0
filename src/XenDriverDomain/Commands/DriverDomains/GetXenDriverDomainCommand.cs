using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Errors;
using XenDriverDomain.Session;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenDriverDomain: the driver domains of the host, configured and running, their devices and clients.</summary>
[Cmdlet(VerbsCommon.Get, "XenDriverDomain")]
[OutputType(typeof(DriverDomain))]
public sealed class GetXenDriverDomainCommand : NamedGetterCmdlet
{
    /// <summary>Names, or patterns of names.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Name")]
    [ArgumentCompleter(typeof(DriverDomainCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        WriteNamed(Name, (host, token) => host.DriverDomains.ListAsync(token), found => (found.Name, found.Domid), NotFound);

    private static XenDriverDomainException NotFound(string host, string name, IEnumerable<string> known) => new(
        ModuleErrorIds.DriverDomainNotFound,
        ErrorKind.NotFound,
        $"There is no driver domain '{Text.Show(name)}' on {host}, neither configured nor running.",
        NearNames.Hint(name, known) + "See Get-XenDriverDomain for those that exist, or create it with New-XenDriverDomain.",
        name);
}
