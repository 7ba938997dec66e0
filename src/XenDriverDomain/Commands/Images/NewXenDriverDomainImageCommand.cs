using System.Management.Automation;
using System.Runtime.CompilerServices;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Hosts;
using XenDriverDomain.Images;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Commands;

/// <summary>New-XenDriverDomainImage: makes the inside of a driver domain of what the host has.</summary>
[Cmdlet(
    VerbsCommon.New, "XenDriverDomainImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = ByCard)]
[OutputType(typeof(DriverDomainImage))]
public sealed class NewXenDriverDomainImageCommand : ChangeCmdlet
{
    private const string ByCard = "PciDevice";
    private const string ByDomain = "DriverDomain";

    // Boxed, since fields of the core's own types would load the core when the module is imported (see ModuleStart).
    private readonly StrongBox<DriverDomainRole> _role = new();
    private readonly StrongBox<InsideFeature[]> _features = new();
    private readonly ByHost<PciAddress> _addresses = new();
    private bool _isWrong;

    /// <summary>The PCI functions whose drivers go into it. Several may come through the pipeline, for one image.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByCard)]
    [Alias("Address")]
    [PropertyOf("Address", "PciDevice")]
    [ArgumentCompleter(typeof(PciAddressCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] PciDevice { get; set; } = [];

    /// <summary>Names of driver domains whose images are made anew of what the host has now; their next start uses the new ones.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByDomain)]
    [PropertyOf("Name")]
    [ArgumentCompleter(typeof(DriverDomainCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] DriverDomain { get; set; } = [];

    /// <summary>What the domain is to do for guests: Network, Disk, or Both.</summary>
    [Parameter(ParameterSetName = ByCard)]
    public DriverDomainRole Role
    {
        get => _role.Value;
        set => _role.Value = value;
    }

    /// <summary>
    /// What it can do besides: Vlan (8021q), Nat (nft or iptables with its modules), Dhcp (udhcpc). What is not asked for is not in it.
    /// </summary>
    [Parameter(ParameterSetName = ByCard)]
    [ValidateNotNullOrEmpty]
    public InsideFeature[] Feature
    {
        get => _features.Value ?? [];
        set => _features.Value = value;
    }

    /// <summary>The directory on the host that it is kept in; left out, /etc/xen/driver-domains/images.</summary>
    [Parameter(ParameterSetName = ByCard)]
    [ArgumentCompleter(typeof(ConfigPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByDomain)
        {
            ForEachHost(host =>
            {
                foreach (string name in DriverDomain)
                {
                    TryFor(name, () => Make(host, token => host.DriverDomains.PlanRenewImageAsync(name, token)));
                }
            });
        }
        else if (!ForEachHost(Collect))
        {
            _isWrong = true;
        }
    }

    private void Collect(HostSession host)
    {
        foreach (string address in PciDevice)
        {
            _isWrong |= !TryFor(address, () => _addresses.AddOnce(host, PciAddress.Parse(address)));
        }
    }

    /// <inheritdoc/>
    private protected override void Finish()
    {
        // An image without the driver of the function that was wrong is not what was asked for.
        foreach ((HostSession host, List<PciAddress> addresses) in _isWrong ? [] : _addresses.All)
        {
            ImageRequest request = new()
            {
                PciDevice = addresses,
                Role = Role,
                HasVlan = Feature.Contains(InsideFeature.Vlan),
                HasNat = Feature.Contains(InsideFeature.Nat),
                HasDhcp = Feature.Contains(InsideFeature.Dhcp),
                Path = Path,
            };
            ForHost(host, () => TryFor(addresses[0], () => Make(host, token => host.Images.PlanNewAsync(request, token))));
        }
    }

    private void Make(HostSession host, Func<CancellationToken, Task<Changes.PlannedChange<DriverDomainImage>>> planAsync)
    {
        if (Change(host, planAsync, true, out DriverDomainImage? image))
        {
            WriteObject(image);
        }
    }
}
