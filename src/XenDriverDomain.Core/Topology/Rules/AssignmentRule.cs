using XenDriverDomain.DriverDomains;
using XenDriverDomain.Pci;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Topology.Rules;

/// <summary>How a PCI function and the domain that has it, or is to get it, stand to each other.</summary>
internal static class AssignmentRule
{
    /// <summary>The state of the link.</summary>
    /// <param name="device">The function; null when the host has none with the address that the configuration names.</param>
    /// <param name="domain">The domain.</param>
    public static LinkVerdict Judge(PciDevice? device, DriverDomain domain)
    {
        string name = Text.Show(domain.Name);
        if (device is null)
        {
            return LinkVerdict.Broken(
                "The host has no such PCI function.", $"Put the card back, or take its address out of the configuration of {name}.");
        }

        if (device.State == PciDeviceState.Stale)
        {
            return Stale(device);
        }

        if (domain.Domid is null)
        {
            return device.State switch
            {
                PciDeviceState.Assigned => LinkVerdict.Broken(
                    $"It is configured for {name}, but {HolderOf(device)} has it.",
                    $"Shut {HolderOf(device)} down before {name} is started."),
                PciDeviceState.Assignable => LinkVerdict.Waiting(
                    $"{name} does not run; the function is assignable.", $"Start it: Start-XenDriverDomain {name}."),
                _ => LinkVerdict.Waiting(
                    $"{name} does not run; the function is not assignable yet.",
                    $"Make it assignable with Add-XenPciAssignable {device.Address}, then start {name}."),
            };
        }

        if (device.State != PciDeviceState.Assigned || device.Domid != domain.Domid)
        {
            return LinkVerdict.Broken(
                $"{name} should have it, but dom0 says that the function is {Word(device.State)}.",
                $"Shut {name} down, see Get-XenPciDevice {device.Address}, and start {name} again.");
        }

        return StateRule.Judge(domain.State, name, domain.ConfigPath is not null);
    }

    /// <summary>The verdict on a function that the toolstack's record gives to a domain that is gone.</summary>
    public static LinkVerdict Stale(PciDevice device) => LinkVerdict.Broken(
        $"The toolstack's record says that domid {device.Domid}, which is gone, has it.",
        $"Remove-XenPciAssignable {device.Address} clears the record and gives the function back to dom0.");

    private static string HolderOf(PciDevice device) =>
        device.Domain is null ? $"domid {device.Domid}" : Text.Show(device.Domain);

    private static string Word<T>(T value) => $"{value}".ToLowerInvariant();
}
