using XenDriverDomain.Changes;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment;

/// <summary>Steps, and parts of steps, that lie on both ways.</summary>
internal static class CommonSteps
{
    /// <summary>Removes the record of a domain that is gone, because of which xl calls the device not assignable.</summary>
    public static ChangeStep ForgetStaleDomain(PciAddress address, string domid, AssignmentTools tools) => new(
        $"Remove the stale record that gives {address} to domain {Terminal.Text.Show(domid)}, which is gone",
        token => tools.Records.ForgetDomainAsync(domid, token));

    /// <summary>Clears a driver_override that would keep other drivers from binding.</summary>
    public static ChangeStep ClearOverride(PciAddress address, string only, AssignmentTools tools) => new(
        $"Clear the driver_override of {address} (now {Terminal.Text.Show(only)})",
        token => tools.Pciback.SetOverrideAsync(address, null, token))
    {
        UndoDescription = $"Restore the driver_override of {address}",
        UndoAsync = token => tools.Pciback.SetOverrideAsync(address, only, token),
    };

    /// <summary>Unbinds from pciback, when it is bound to it.</summary>
    public static async Task UnbindFromPcibackAsync(PciAddress address, AssignmentTools tools, CancellationToken cancellationToken)
    {
        if (await tools.Pciback.IsBoundAsync(address, Pciback.DriverName, cancellationToken).ConfigureAwait(false))
        {
            await tools.Pciback.UnbindAsync(address, Pciback.DriverName, cancellationToken).ConfigureAwait(false);
        }
    }
}
