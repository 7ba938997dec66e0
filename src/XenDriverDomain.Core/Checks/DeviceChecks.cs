using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Checks;

/// <summary>What speaks against taking a PCI function from dom0. xl checks none of this; pure logic over what was read.</summary>
internal static class DeviceChecks
{
    /// <summary>All findings about one function.</summary>
    /// <param name="device">The function.</param>
    /// <param name="all">All functions of the host.</param>
    /// <param name="together">Functions that are taken from dom0 with it: what it shares with them stays in one hand.</param>
    public static IReadOnlyList<Finding> Check(
        PciDevice device, IReadOnlyList<PciDevice> all, IReadOnlyCollection<PciAddress>? together = null)
    {
        PciDevice[] staying = together is null ? [.. all] : [.. all.Where(other => !together.Contains(other.Address))];
        List<Finding> findings = [];
        CheckKind(device, findings);
        CheckUse(device, all, findings);
        CheckVirtualFunctions(device, together ?? [], findings);
        if (device.ResetMethods.Count == 0)
        {
            findings.Add(new Finding(
                ErrorIds.PciDeviceCannotReset,
                FindingSeverity.Warning,
                device.Address,
                $"{device.Address} cannot be reset: the kernel knows neither a function-level, power-management nor bus reset for it.",
                "What one domain leaves in it the next one finds; give it to one domain only, and boot the host to clean it."));
        }

        CheckCompany(device, all, staying, findings);
        CheckResources(device, staying, findings);
        return findings;
    }

    /// <summary>The finding when a domain has the function; null when none has.</summary>
    public static Finding? FindUser(PciDevice device) => device.State != PciDeviceState.Assigned
        ? null
        : new Finding(
            ErrorIds.PciDeviceInUseByDomain,
            FindingSeverity.Error,
            device.Address,
            $"{device.Address} is in use by {NameOfUser(device)}.",
            "Stop that domain, or take the device from it (xl pci-detach), and try again.")
        {
            Kind = ErrorKind.InUse,
        };

    private static void CheckKind(PciDevice device, List<Finding> findings)
    {
        if (device.IsHostBridge)
        {
            findings.Add(new Finding(
                ErrorIds.PciDeviceIsHostBridge,
                FindingSeverity.Error,
                device.Address,
                $"{device.Address} is a host bridge, the machine's own way to all its devices; it cannot be given to a domain.",
                "Choose the function of a card: Get-XenPciDevice shows them.")
            {
                Kind = ErrorKind.InvalidArgument,
            });
        }
        else if (device.IsBridge || device.ClassCode >> 8 is 0x0604 or 0x0607 or 0x0609)
        {
            // Header type 2 (CardBus, class 0607) is refused by pciback itself, as every type above 1.
            findings.Add(new Finding(
                ErrorIds.PciDeviceIsBridge,
                FindingSeverity.Error,
                device.Address,
                $"{device.Address} is a bridge; giving it to a domain would cut dom0 off from all devices behind it.",
                "Choose the devices behind the bridge instead: Get-XenPciDevice shows them with their BridgePath.")
            {
                Kind = ErrorKind.InvalidArgument,
            });
        }
    }

    private static void CheckUse(PciDevice device, IReadOnlyList<PciDevice> all, List<Finding> findings)
    {
        if (FindUser(device) is { } user)
        {
            findings.Add(user);
        }

        foreach (PciDevice function in all.Where(d => device.VirtualFunctions.Contains(d.Address)))
        {
            // Unbinding the physical function's driver makes the virtual ones vanish under the domain that has them.
            if (function.State == PciDeviceState.Assigned)
            {
                findings.Add(new Finding(
                    ErrorIds.PciDeviceInUseByDomain,
                    FindingSeverity.Error,
                    device.Address,
                    $"{device.Address} provides the virtual function {function.Address}, which is in use by {NameOfUser(function)}.",
                    "Stop that domain, or take the virtual function from it, and try again.")
                {
                    Kind = ErrorKind.InUse,
                });
            }
        }

        PciUse[] vital = [.. device.UsedBy.Where(u => u.IsVital)];
        if (vital.Length > 0)
        {
            findings.Add(new Finding(
                ErrorIds.PciDeviceVitalToDom0,
                FindingSeverity.Error,
                device.Address,
                $"dom0 lives on {device.Address}: {string.Join("; ", vital.Select(u => u.ToString()))}.",
                "Move dom0 to another device first, or use Add-XenPciAssignable -Force if dom0 can do without it.")
            {
                Kind = ErrorKind.InUse,
                YieldsToForce = true,
            });
        }
    }

    private static void CheckVirtualFunctions(PciDevice device, IReadOnlyCollection<PciAddress> together, List<Finding> findings)
    {
        PciAddress[] wanted = [.. device.VirtualFunctions.Intersect(together)];
        if (wanted.Length > 0)
        {
            findings.Add(new Finding(
                ErrorIds.PciVirtualFunctionsVanish,
                FindingSeverity.Error,
                device.Address,
                $"{wanted[0]} is a virtual function of {device.Address} and vanishes with its driver, so that not both can be taken.",
                $"Leave out {device.Address}, or its virtual functions.")
            {
                Kind = ErrorKind.InvalidArgument,
            });
        }
        else if (device.VirtualFunctions.Count > 0)
        {
            findings.Add(new Finding(
                ErrorIds.PciVirtualFunctionsVanish,
                FindingSeverity.Warning,
                device.Address,
                $"{device.Address} has {device.VirtualFunctions.Count} virtual functions, which vanish with its driver.",
                "Give single virtual functions to domains instead, if that is what you want."));
        }
    }

    private static void CheckCompany(
        PciDevice device, IReadOnlyList<PciDevice> all, IReadOnlyList<PciDevice> staying, List<Finding> findings)
    {
        // The tree of buses is that of all functions.
        PciDevice[] peers = [.. PciTopology.Inseparable(device, all).Where(peer => IsWithDom0(peer) && staying.Contains(peer))];
        if (peers.Length > 0)
        {
            findings.Add(new Finding(
                ErrorIds.PciPeersBehindBridge,
                FindingSeverity.Warning,
                device.Address,
                $"{device.Address} is behind the PCI bridge {PciTopology.ConventionalBridge(device, all)}, where the IOMMU cannot tell "
                + $"devices apart; still with dom0 there: {string.Join(", ", peers.Select(Name))}.",
                "Make those assignable as well and give all of them to the same domain."));
        }

        PciDevice[] siblings =
        [
            .. staying.Where(d => d.Address != device.Address && d.Address.SharesSlotWith(device.Address)
                && d.Driver is not (null or PcibackPaths.DriverName) && !d.IsBridge && !peers.Contains(d)),
        ];
        if (siblings.Length > 0)
        {
            findings.Add(new Finding(
                ErrorIds.PciSiblingsInDom0,
                FindingSeverity.Warning,
                device.Address,
                $"{device.Address} shares its slot with functions that dom0 uses: {string.Join(", ", siblings.Select(Name))}; "
                + "a reset of the whole slot is impossible then.",
                "Make all functions of the slot assignable and give them to the same domain."));
        }
    }

    private static void CheckResources(PciDevice device, IReadOnlyList<PciDevice> staying, List<Finding> findings)
    {
        PciDevice[] neighbours = [.. PciTopology.SharingPages(device, staying).Where(HasOwner)];
        if (neighbours.Length > 0)
        {
            findings.Add(new Finding(
                ErrorIds.PciPagesShared,
                FindingSeverity.Warning,
                device.Address,
                $"Registers of {device.Address} lie in the same page of memory as those of "
                + $"{string.Join(", ", neighbours.Select(NameWithOwner))}; a domain is given whole pages, and would reach those "
                + "registers, too.",
                $"Give all of them to the same domain, or boot dom0 with pci=resource_alignment={device.Address} on its kernel's command "
                + "line, so that its registers get pages of their own."));
        }

        PciDevice[] others = [.. PciTopology.SharingInterrupt(device, staying).Where(HasOwner)];
        if (others.Length > 0)
        {
            findings.Add(new Finding(
                ErrorIds.PciInterruptShared,
                FindingSeverity.Warning,
                device.Address,
                $"{device.Address} uses interrupt line {device.Irq}, as does {string.Join(", ", others.Select(NameWithOwner))}; a "
                + "domain that does not acknowledge an interrupt holds up all devices on the line.",
                "Give all of them to the same domain, put the card into another slot, or use one that has message-signalled interrupts "
                + "(MSI)."));
        }
    }

    /// <summary>True for what is not on its way to the domain that gets the function: dom0 has it, or some domain has it already.</summary>
    private static bool HasOwner(PciDevice device) => IsWithDom0(device) || device.State == PciDeviceState.Assigned;

    private static bool IsWithDom0(PciDevice device) =>
        device.State is PciDeviceState.Host or PciDeviceState.Unbound or PciDeviceState.Listed;

    private static string Name(PciDevice device) =>
        device.Driver is null ? device.Address.ToString() : $"{device.Address} ({device.Driver})";

    private static string NameWithOwner(PciDevice device) =>
        device.State == PciDeviceState.Assigned ? $"{device.Address}, which {NameOfUser(device)} has" : Name(device);

    private static string NameOfUser(PciDevice device) => device.Domain is { Length: > 0 } name
        ? $"the domain '{Terminal.Text.Show(name)}' (domid {device.Domid})"
        : $"the domain with domid {device.Domid}";
}
