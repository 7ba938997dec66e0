using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Changes;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment;

/// <summary>Steps that lie on both ways.</summary>
internal static class CommonSteps
{
    /// <summary>Removes the record of a domain that is gone, because of which xl calls the device not assignable.</summary>
    public static ChangeStep ForgetStaleDomain(AssignmentScene scene, string domid) => new(
        $"Remove the stale record that gives {scene.Address} to domain {Terminal.Text.Show(domid)}, which is gone",
        scene.Records.ForgetDomain(domid));

    /// <summary>Forgets which fields were added to a function for an earlier binding to pciback, which somebody else ended.</summary>
    public static ChangeStep ForgetFields(PciAddress address) => new(
        $"Forget the fields that were recorded for {address}: pciback does not have it any more", PcibackFields.Forget(address));

    /// <summary>Clears a driver_override that would keep other drivers from binding.</summary>
    public static ChangeStep ClearOverride(PciAddress address, string only) => new(
        $"Clear the driver_override of {address} (now {Terminal.Text.Show(only)})", Pciback.SetOverride(address, null))
    {
        UndoDescription = $"Restore the driver_override of {address}",
        Undo = [Pciback.SetOverride(address, only)],
    };
}
