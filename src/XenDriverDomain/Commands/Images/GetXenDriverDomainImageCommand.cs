using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Errors;
using XenDriverDomain.Images;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenDriverDomainImage: the insides of driver domains that were made of what the host has.</summary>
[Cmdlet(VerbsCommon.Get, "XenDriverDomainImage")]
[OutputType(typeof(DriverDomainImage))]
public sealed class GetXenDriverDomainImageCommand : NamedGetterCmdlet
{
    /// <summary>Their ids, or patterns of ids.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Id")]
    [ArgumentCompleter(typeof(ImageCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Id { get; set; }

    /// <summary>The directory on the host that they are kept in; left out, /etc/xen/driver-domains/images.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConfigPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        WriteNamed(Id, (host, token) => host.Images.ListAsync(Path, token), image => (image.Id, null), NotFound);

    private static XenDriverDomainException NotFound(string host, string id, IEnumerable<string> known) => new(
        ErrorIds.ImageNotFound,
        ErrorKind.NotFound,
        $"There is no image '{Text.Show(id)}' on {host}.",
        NearNames.Hint(id, known) + "Get-XenDriverDomainImage lists those that there are.",
        id);
}
