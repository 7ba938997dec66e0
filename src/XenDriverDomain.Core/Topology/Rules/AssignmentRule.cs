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
            return LinkVerdict.Broken("The host has no such PCI function.");
        }

        if (device.State == PciDeviceState.Stale)
        {
            return LinkVerdict.Broken($"The toolstack's record says that domid {device.Domid}, which is gone, has it.");
        }

        if (domain.Domid is null)
        {
            return device.State switch
            {
                PciDeviceState.Assigned => LinkVerdict.Broken(
                    $"It is configured for {name}, but "
                        + $"{(device.Domain is null ? $"domid {device.Domid}" : Text.Show(device.Domain))} has it."),
                PciDeviceState.Assignable => LinkVerdict.Waiting($"{name} does not run; the function is assignable."),
                _ => LinkVerdict.Waiting($"{name} does not run; the function is not assignable yet."),
            };
        }

        if (device.State != PciDeviceState.Assigned || device.Domid != domain.Domid)
        {
            return LinkVerdict.Broken($"{name} should have it, but dom0 says that the function is {Word(device.State)}.");
        }

        return StateRule.Judge(domain.State, name);
    }

    private static string Word<T>(T value) => $"{value}".ToLowerInvariant();
}
