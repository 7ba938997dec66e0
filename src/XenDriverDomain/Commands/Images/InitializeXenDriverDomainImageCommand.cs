using System.Management.Automation;
using System.Runtime.CompilerServices;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Hosts;
using XenDriverDomain.Images;
using XenDriverDomain.Roots;

namespace XenDriverDomain.Commands;

/// <summary>Initialize-XenDriverDomainImage: makes a root that somebody installed the inside of a driver domain.</summary>
[Cmdlet(
    VerbsData.Initialize, "XenDriverDomainImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = "Path")]
[OutputType(typeof(DriverDomainRoot))]
public sealed class InitializeXenDriverDomainImageCommand : ChangeCmdlet
{
    // Boxed, since fields of the core's own types would load the core when the module is imported (see ModuleStart).
    private readonly StrongBox<DriverDomainRole> _role = new();

    /// <summary>
    /// Full paths on dom0 of directories where roots are mounted, of images of file systems, or of block devices, without wildcards.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [Alias("FullName")]
    [PropertyOf("Path", "FullName")]
    [ArgumentCompleter(typeof(RootPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>What it is to serve.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    public DriverDomainRole Role
    {
        get => _role.Value;
        set => _role.Value = value;
    }

    /// <summary>The bridge that is made in it, with every card that it gets by PCI.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BridgeCompleter))]
    [ValidateNotNullOrEmpty]
    public string Bridge { get; set; } = "xenbr0";

    /// <summary>Copies what it lacks of Xen from dom0, where that can run in it.</summary>
    [Parameter]
    public SwitchParameter CopyFromDom0 { get; set; }

    /// <summary>Returns the root as it is afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        foreach (string path in Path)
        {
            TryFor(path, () => Prepare(host, path));
        }
    });

    private void Prepare(HostSession host, string path)
    {
        InitializeRootRequest request = new() { Path = path, Role = Role, Bridge = Bridge, CopyFromDom0 = CopyFromDom0 };
        if (Change(
                host, token => host.Roots.PlanInitializeAsync(request, holdsLock: !IsWhatIf(), token), PassThru, out DriverDomainRoot? root)
            && PassThru)
        {
            WriteObject(root);
        }
    }
}
