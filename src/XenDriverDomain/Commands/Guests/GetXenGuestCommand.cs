using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Errors;
using XenDriverDomain.Guests;
using XenDriverDomain.Session;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenGuest: the running domains other than dom0.</summary>
[Cmdlet(VerbsCommon.Get, "XenGuest")]
[OutputType(typeof(Guest))]
public sealed class GetXenGuestCommand : NamedGetterCmdlet
{
    /// <summary>Names or patterns of names; all digits is a domid.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Name", "Guest")]
    [ArgumentCompleter(typeof(GuestCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        WriteNamed(Name, (host, token) => host.Guests.ListAsync(token), found => (found.Name, found.Domid), NotFound);

    internal static XenDriverDomainException NotFound(string host, string name, IEnumerable<string> known) => new(
        ModuleErrorIds.GuestNotFound,
        ErrorKind.NotFound,
        $"No guest '{Text.Show(name)}' runs on {host}.",
        NearNames.Hint(name, known) + "See Get-XenGuest for those that run, or start it with Start-XenGuest.",
        name);
}
