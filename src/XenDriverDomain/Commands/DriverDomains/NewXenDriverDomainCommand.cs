using System.Management.Automation;
using System.Runtime.CompilerServices;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Hosts;
using XenDriverDomain.Images;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Commands;

/// <summary>
/// New-XenDriverDomain: writes the configuration of a driver domain and, with -Start, starts it and waits until it serves.
/// </summary>
[Cmdlet(VerbsCommon.New, "XenDriverDomain", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(DriverDomain))]
public sealed class NewXenDriverDomainCommand : ChangeCmdletWithWait
{
    // Boxed, since fields of the core's own types would load the core when the module is imported (see ModuleStart).
    private readonly StrongBox<DomainType> _type = new(DomainType.PV);
    private readonly StrongBox<RdmPolicy?> _rdmPolicy = new();
    private readonly StrongBox<InsideForwarding> _forwarding = new();

    private readonly ByHost<PciAddress> _addresses = new();
    private bool _isWrong;

    /// <summary>The name of the domain.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>
    /// The PCI functions that it gets. With -Start those that dom0 has are taken from it; otherwise they must be assignable. Several may
    /// come through the pipeline.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Address")]
    [PropertyOf("Address", "PciDevice")]
    [ArgumentCompleter(typeof(PciAddressCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] PciDevice { get; set; } = [];

    /// <summary>
    /// Its memory in bytes, with PowerShell's units: 384MB, 1GB. A whole number of MiB. Left out, 256MB with an inside made of what dom0
    /// has, and 512MB with one of your own.
    /// </summary>
    [Parameter]
    [Bytes]
    public long Memory { get; set; }

    /// <summary>The most memory it may have, in bytes; an HVM domain with a PCI device must have the same as -Memory.</summary>
    [Parameter]
    [Bytes]
    public long MaximumMemory { get; set; }

    /// <summary>How many virtual CPUs it gets.</summary>
    [Parameter]
    [ValidateRange(1, 512)]
    public int Vcpu { get; set; } = 1;

    /// <summary>PV or HVM; a PVH domain cannot have PCI devices.</summary>
    [Parameter]
    public DomainType Type
    {
        get => _type.Value;
        set => _type.Value = value;
    }

    /// <summary>
    /// Its kernel, a path on the host. Left out with -Ramdisk and -Disk, a PV domain gets an inside made of what dom0 has.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(BootPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Kernel { get; set; }

    /// <summary>Its initial RAM disk, a path on the host.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BootPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Ramdisk { get; set; }

    /// <summary>Its kernel's command line.</summary>
    [Parameter]
    [Alias("Cmdline")]
    [ValidateNotNull]
    public string? CommandLine { get; set; }

    /// <summary>Its disks, in the syntax of xl-disk-configuration(5).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Disk { get; set; } = [];

    /// <summary>The VLAN of each NIC that goes into the bridge, with an inside made of what dom0 has.</summary>
    [Parameter]
    [ValidateRange(1, 4094)]
    public int Vlan { get; set; }

    /// <summary>The MTU of its NICs and its bridge in bytes, with an inside made of what dom0 has.</summary>
    [Parameter]
    [ValidateRange(68, 65535)]
    public int Mtu { get; set; }

    /// <summary>Its own address, with an inside made of what dom0 has: dhcp, or an IPv4 address with the length of its prefix.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IPAddress { get; set; }

    /// <summary>Where it sends what is not for its own network, an IPv4 address, with an inside made of what dom0 has.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Gateway { get; set; }

    /// <summary>How packets get from guests to the card, with an inside made of what dom0 has: Bridge, Route or Nat.</summary>
    [Parameter]
    public InsideForwarding Forwarding
    {
        get => _forwarding.Value;
        set => _forwarding.Value = value;
    }

    /// <summary>
    /// Gives a shell on its console, without a password, to whoever may open it in dom0; with an inside made of what dom0 has.
    /// </summary>
    [Parameter]
    public SwitchParameter ConsoleShell { get; set; }

    /// <summary>The bridge that its own system makes; starting it checks that it is there, and Connect-XenGuestVif uses it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BridgeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Bridge { get; set; }

    /// <summary>Lets it write all of its devices' configuration space. Insecure; some devices need it.</summary>
    [Parameter]
    public SwitchParameter Permissive { get; set; }

    /// <summary>What happens when reserved device memory cannot be mapped: Strict (Xen's default) or Relaxed.</summary>
    [Parameter]
    public RdmPolicy? RdmPolicy
    {
        get => _rdmPolicy.Value;
        set => _rdmPolicy.Value = value;
    }

    /// <summary>Translates MSI to INTx for an HVM domain.</summary>
    [Parameter]
    public SwitchParameter MsiTranslate { get; set; }

    /// <summary>Where its configuration is kept on the host; left out, /etc/xen/driver-domains/NAME.cfg.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConfigPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Starts it at once.</summary>
    [Parameter]
    public SwitchParameter Start { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ForEachHost(Collect))
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
        // A domain without the function that was wrong is not what was asked for.
        if (_isWrong)
        {
            return;
        }

        foreach ((HostSession host, List<PciAddress> addresses) in _addresses.All)
        {
            ForHost(host, () => TryFor(Name, () => Create(host, addresses)));
        }
    }

    private static string[] InsideParameters =>
        [nameof(Vlan), nameof(Mtu), nameof(IPAddress), nameof(Gateway), nameof(Forwarding), nameof(ConsoleShell)];

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private void Create(HostSession host, List<PciAddress> addresses)
    {
        NewDriverDomainRequest request = new()
        {
            Name = Name,
            PciDevice = addresses,
            MemoryMB = IsGiven(nameof(Memory)) ? MemorySize.FromBytes(Memory).Megabytes : null,
            MaxMemoryMB = IsGiven(nameof(MaximumMemory))
                ? MemorySize.FromBytes(MaximumMemory).Megabytes
                : null,
            Vcpus = Vcpu,
            Type = Type,
            Kernel = Kernel,
            Ramdisk = Ramdisk,
            CommandLine = CommandLine,
            Disk = Disk,
            Bridge = Bridge,
            Inside = InsideParameters.Any(IsGiven)
                ? new InsideOptions
                {
                    Vlan = IsGiven(nameof(Vlan)) ? Vlan : null,
                    Mtu = IsGiven(nameof(Mtu)) ? Mtu : null,
                    Address = IPAddress,
                    Gateway = Gateway,
                    Forwarding = Forwarding,
                    HasConsoleShell = ConsoleShell,
                }
                : null,
            Permissive = Permissive,
            RdmPolicy = RdmPolicy,
            MsiTranslate = IsGiven(nameof(MsiTranslate)) ? MsiTranslate.IsPresent : null,
            Path = Path,
            Start = Start ? new StartOptions { Timeout = Timeout, NoWait = NoWait } : null,
        };
        if (Change(host, token => host.DriverDomains.PlanNewAsync(request, token), true, out DriverDomain? created))
        {
            WriteObject(created);
        }
    }
}
