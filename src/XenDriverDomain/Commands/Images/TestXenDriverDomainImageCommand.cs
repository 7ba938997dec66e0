using System.Management.Automation;
using System.Runtime.CompilerServices;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Images;
using XenDriverDomain.Roots;

namespace XenDriverDomain.Commands;

/// <summary>
/// Test-XenDriverDomainImage: whether an image that this module made is whole and of what the host has now; what a root that somebody
/// installed lacks to be the inside of a driver domain.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "XenDriverDomainImage")]
[OutputType(typeof(Finding), typeof(RootFinding), typeof(bool))]
public sealed class TestXenDriverDomainImageCommand : Dom0Cmdlet
{
    // Boxed, since fields of the core's own types would load the core when the module is imported (see ModuleStart).
    private readonly StrongBox<DriverDomainRole> _role = new(DriverDomainRole.Both);

    /// <summary>
    /// Ids of images that this module made, or their directories; full paths on dom0 of directories where roots are mounted, of images of
    /// file systems, or of block devices. No wildcards.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "Directory", "Id")]
    [PropertyOf("Directory", "Path", "FullName")]
    [ArgumentCompleter(typeof(ImageOrRootCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>What it is to serve. Left out, both.</summary>
    [Parameter(Position = 1)]
    public DriverDomainRole Role
    {
        get => _role.Value;
        set => _role.Value = value;
    }

    /// <summary>The bridge that a network driver domain makes.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BridgeCompleter))]
    [ValidateNotNullOrEmpty]
    public string Bridge { get; set; } = "xenbr0";

    /// <summary>Returns whether it serves so, and no findings.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        foreach (string path in Path)
        {
            TryFor(path, () => Show(host, path));
        }
    });

    private void Show(HostSession host, string path)
    {
        IReadOnlyList<Finding> findings = Wait(async (_, token) =>
            await host.Images.IsImageAsync(path, token).ConfigureAwait(false)
                ? await host.Images.TestAsync(path, token).ConfigureAwait(false)
                : await host.Roots.TestAsync(path, Role, Bridge, token).ConfigureAwait(false));
        if (Quiet)
        {
            WriteObject(findings.All(finding => finding.Severity != FindingSeverity.Error));
            return;
        }

        WriteObject(findings, enumerateCollection: true);
    }
}
