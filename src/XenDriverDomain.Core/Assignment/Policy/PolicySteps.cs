using XenDriverDomain.Changes;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>The steps that bring a policy into effect for a device that pciback has, or gets by an earlier step.</summary>
internal static class PolicySteps
{
    /// <summary>One step for each rule, but for what is in effect.</summary>
    /// <param name="device">The device as it was looked at.</param>
    /// <param name="rules">The rules that are about it.</param>
    /// <param name="inventory">The host's devices.</param>
    public static IEnumerable<ChangeStep> For(
        PciDevice device, IEnumerable<PciPolicyRule> rules, PciInventory inventory)
    {
        bool isPermissive = PcibackFields.IsHeld(device) && device.IsPermissive;
        foreach (PciPolicyRule rule in rules.DistinctBy(r => (r.Kind, r.Field)))
        {
            if (rule.Field is { } field)
            {
                yield return new ChangeStep(
                    $"Let guests write the field {field} of {device.Address} (host's policy)",
                    PcibackFields.AddFields(device.Address, [new RecordedField(field, PciQuirkSource.Policy)], inventory));
            }
            else if (!isPermissive)
            {
                yield return Permissive(device.Address, "host's policy");
            }
        }
    }

    /// <summary>The step that makes a device permissive. It has no undo: only unbinding clears it.</summary>
    public static ChangeStep Permissive(PciAddress address, string why) => new(
        $"Let guests write all of the configuration space of {address} ({why}; only unbinding it from pciback ends that)",
        PcibackFields.SetPermissive(address));
}
