using System.Management.Automation;
using System.Runtime.CompilerServices;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Changes;
using XenDriverDomain.Completion;
using XenDriverDomain.Hosts;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Cmdlets;

/// <summary>The base of cmdlets that make functions assignable or no longer, now or from the next boot on.</summary>
public abstract class AssignableChangeCmdlet : ChangeCmdlet
{
    /// <summary>The parameter set of what is done now.</summary>
    private protected const string NowSet = "Now";

    /// <summary>The parameter set of what is done at the next boot.</summary>
    private protected const string AtBootSet = "AtBoot";

    // What the pipeline brings is looked at as a whole: functions of one card that go together are not
    // held against each other, and making a boot configuration takes long, so that it is done once for all.
    private readonly ByHost<PciAddress> _now = new();
    private readonly ByHost<PciAddress> _atBoot = new();

    // Boxed, since a field of the core's own type would load the core when the module is imported (see ModuleStart).
    private readonly StrongBox<BootLoader?> _bootLoader = new();

    /// <summary>Addresses ([DDDD:]BB:DD.F).</summary>
    public abstract string[] Address { get; set; }

    /// <summary>Changes what pciback takes at the next boot, and nothing now.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AtBootSet)]
    public SwitchParameter AtBoot { get; set; }

    /// <summary>Where hide= stands; without it, what the host is seen to boot with.</summary>
    [Parameter(ParameterSetName = AtBootSet)]
    public BootLoader? BootLoader
    {
        get => _bootLoader.Value;
        set => _bootLoader.Value = value;
    }

    /// <summary>The boot loader's configuration file on the host.</summary>
    [Parameter(ParameterSetName = AtBootSet)]
    [ArgumentCompleter(typeof(BootPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? BootConfigPath { get; set; }

    /// <summary>Returns the functions as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>True with -Force.</summary>
    private protected abstract bool IsForced { get; }

    /// <summary>Whether what is bound is to be changed at the next boot.</summary>
    private protected virtual bool IsAtBoot => AtBoot;

    /// <summary>Plans one function's change now.</summary>
    /// <param name="host">The host.</param>
    /// <param name="address">The function.</param>
    /// <param name="together">All functions of the host that the command is to change.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    private protected abstract Task<PlannedChange<PciDevice>> PlanNowAsync(
        HostSession host, PciAddress address, IReadOnlyList<PciAddress> together, CancellationToken cancellationToken);

    /// <summary>Plans the change of functions at the next boot.</summary>
    private protected abstract Task<PlannedChange<IReadOnlyList<PciDevice>>> PlanAtBootAsync(
        HostSession host, IReadOnlyList<PciAddress> addresses, AtBootOptions options, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        foreach (string address in Address)
        {
            TryFor(address, () => (IsAtBoot ? _atBoot : _now).AddOnce(host, PciAddress.Parse(address)));
        }
    });

    /// <inheritdoc/>
    private protected override void Finish()
    {
        foreach ((HostSession host, List<PciAddress> addresses) in _now.All)
        {
            ForHost(host, () => ChangeNow(host, addresses));
        }

        AtBootOptions options = new() { Force = IsForced, BootLoader = BootLoader, BootConfigPath = BootConfigPath };
        foreach ((HostSession host, List<PciAddress> addresses) in _atBoot.All)
        {
            ForHost(host, () =>
            {
                if (Change(
                    host, token => PlanAtBootAsync(host, addresses, options, token), PassThru, out IReadOnlyList<PciDevice>? devices)
                        && PassThru)
                {
                    WriteObject(devices, enumerateCollection: true);
                }
            });
        }
    }

    private void ChangeNow(HostSession host, List<PciAddress> addresses)
    {
        foreach (PciAddress address in addresses)
        {
            TryFor(address.ToString(), () =>
            {
                if (Change(host, token => PlanNowAsync(host, address, addresses, token), PassThru, out PciDevice? device) && PassThru)
                {
                    WriteObject(device);
                }
            });
        }
    }
}
