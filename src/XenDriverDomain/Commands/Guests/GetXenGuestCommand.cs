using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Completion;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosting;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenGuest: the running domains other than dom0.</summary>
[Cmdlet(VerbsCommon.Get, "XenGuest")]
[OutputType(typeof(Guest))]
public sealed class GetXenGuestCommand : NamedGetterCmdlet<Guest>
{
    /// <summary>Names or patterns of names; all digits is a domid.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Name", "Guest")]
    [ArgumentCompleter(typeof(GuestCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteNamed(Name);

    /// <inheritdoc/>
    private protected override Task<IReadOnlyList<Guest>> ListAsync(HostSession host, CancellationToken cancellationToken) =>
        host.Guests.ListAsync(cancellationToken);

    /// <inheritdoc/>
    private protected override (string Name, int? Domid) Identify(Guest item) => (item.Name, item.Domid);

    /// <inheritdoc/>
    private protected override XenDriverDomainException NotFound(string name) => new(
        ModuleErrorIds.GuestNotFound,
        ErrorKind.NotFound,
        $"No guest '{Terminal.Text.Show(name)}' runs on this host.",
        "See Get-XenGuest for those that run, or start it with Start-XenGuest.",
        name);
}
