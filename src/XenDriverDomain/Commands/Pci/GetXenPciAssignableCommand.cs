using System.Management.Automation;
using System.Runtime.CompilerServices;
using XenDriverDomain.Binding;
using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Pci;
using XenDriverDomain.Session;

namespace XenDriverDomain.Commands;

/// <summary>
/// Get-XenPciAssignable: the functions that pciback holds or lists, whether or not a domain has them now; or what it is told to take at
/// the next boot.
/// </summary>
[Cmdlet(VerbsCommon.Get, "XenPciAssignable", DefaultParameterSetName = NowSet)]
[OutputType(typeof(PciDevice), ParameterSetName = [NowSet])]
[OutputType(typeof(BootAssignment), ParameterSetName = [AtBootSet])]
public sealed class GetXenPciAssignableCommand : PciGetterCmdlet
{
    private const string NowSet = "Now";
    private const string AtBootSet = "AtBoot";

    // Boxed, since a field of the core's own type would load the core when the module is imported (see ModuleStart).
    private readonly StrongBox<BootLoader?> _bootLoader = new();

    /// <summary>Addresses, or patterns of the full address.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Address", "PciDevice")]
    [ArgumentCompleter(typeof(AssignableAddressCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Address { get; set; }

    /// <summary>Shows what pciback is told to take at the next boot, and where that stands.</summary>
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

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!AtBoot)
        {
            WriteDevices(Address, device => device.State
                is PciDeviceState.Assignable or PciDeviceState.Assigned or PciDeviceState.Listed or PciDeviceState.Stale);
            return;
        }

        AtBootOptions options = new() { BootLoader = BootLoader, BootConfigPath = BootConfigPath };
        ForEachHost(host =>
        {
            IReadOnlyList<BootAssignment> all = Wait((_, token) => host.AtBoot.ListAsync(options, token));
            if (Address is null)
            {
                WriteObject(all, enumerateCollection: true);
                return;
            }

            foreach (string address in Address)
            {
                TryFor(address, () => WriteObject(Select(all, address), enumerateCollection: true));
            }
        });
    }

    // What is asked for as a pattern is matched as one; what a wildcard on the command line stands for is no address of its own.
    private static IEnumerable<BootAssignment> Select(IReadOnlyList<BootAssignment> all, string address) => NamePattern.HasWildcard(address)
        ? all.Where(one => one.Address is { } exact && NamePattern.Matches(address, exact.ToString()))
        : PciAddress.Parse(address) is var asked ? all.Where(one => one.Covers(asked)) : [];
}
