using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Changes;
using XenDriverDomain.Checks;
using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Assignment;

/// <summary>
/// The way of a function back to dom0: out of quarantine and pciback, back to the driver that the record names. Each step works
/// from the state it finds, so that a plan made after an interrupted one does just what is left.
/// </summary>
internal static class RemovePlanner
{
    /// <summary>What speaks against it.</summary>
    public static IReadOnlyList<Finding> Check(AssignmentScene scene, RemoveAssignableOptions options)
    {
        List<Finding> findings = [];
        if (DeviceChecks.FindUser(scene.Device) is { } user)
        {
            findings.Add(user);
        }

        if (options.NoRebind || IsWithDom0Driver(scene))
        {
            return findings;
        }

        if (scene.Record.DriverName is { } driver && !scene.Drivers.Contains(driver))
        {
            findings.Add(new Finding(
                ErrorIds.OriginalDriverNotLoaded,
                FindingSeverity.Error,
                scene.Address,
                $"{scene.Address} belongs to the driver {Terminal.Text.Show(driver)}, which is not loaded.",
                $"Load it (modprobe {Terminal.Text.Show(driver)}, unless its module is called otherwise), or use -NoRebind.")
            {
                Kind = ErrorKind.NotInstalled,
            });
        }
        else if (scene.Record.DriverName is null)
        {
            findings.Add(new Finding(
                ErrorIds.PciRecordMalformed,
                FindingSeverity.Warning,
                scene.Address,
                scene.Record.DriverPath is { } path
                    ? $"The record of {scene.Address} names '{Terminal.Text.Show(path)}', which is no PCI driver; "
                    + "it stays without a driver."
                    : $"No driver is recorded for {scene.Address}; it stays without one, as it was before or since it was hidden at boot.",
                $"To let dom0 look for one: echo {scene.Address} > /sys/bus/pci/drivers_probe."));
        }

        return findings;
    }

    /// <summary>The steps; none when the function is back already.</summary>
    public static ChangePlan Plan(AssignmentScene scene, RemoveAssignableOptions options, PciInventory inventory)
    {
        List<ChangeStep> steps = [];
        DriverBinding binding = scene.Binding;
        if (scene.Device.State == PciDeviceState.Stale && scene.Record.Domid is { } gone)
        {
            steps.Add(CommonSteps.ForgetStaleDomain(scene, gone));
        }

        string? driver = options.NoRebind || IsWithDom0Driver(scene) ? null : scene.Record.DriverName;

        // Before pciback lets go: an undo could not bind it to pciback again with the override of another driver there.
        if (driver is not null && binding.Override is { } only && only != driver)
        {
            steps.Add(CommonSteps.ClearOverride(scene.Address, only));
        }

        if (binding.IsBoundToPciback)
        {
            steps.Add(Release(scene, inventory));
        }
        else
        {
            if (binding.IsListed)
            {
                steps.Add(Unlist(scene.Address));
            }

            if (scene.Record.Name is not null)
            {
                steps.Add(ForgetName(scene));
            }

            if (scene.Grants.IsRecorded)
            {
                steps.Add(CommonSteps.ForgetFields(scene.Address));
            }
        }

        if (!options.NoRebind)
        {
            if (driver is not null)
            {
                steps.Add(Rebind(scene, driver));
            }

            // A record that no driver follows stays: without it, and without a driver, nobody would know where the function belongs.
            if (scene.Record.DriverPath is not null && (IsWithDom0Driver(scene) || scene.Record.DriverName is not null))
            {
                steps.Add(ForgetDriver(scene));
            }
        }

        return new ChangePlan(
            options.NoRebind ? $"Take {scene.Address} from pciback" : $"Give {scene.Address} back to dom0", steps);
    }

    private static bool IsWithDom0Driver(AssignmentScene scene) =>
        scene.Binding is { Driver: not null, IsBoundToPciback: false };

    private static ChangeStep Release(AssignmentScene scene, PciInventory inventory) => new(
        $"Let Xen take {scene.Address} out of quarantine, and unbind it from pciback",
        [
            new Course(
                [
                    // It says no where there is no quarantine to leave; anywhere else a no means that sysfs must not be touched.
                    scene.Xl.HasIommu == false
                        ? new Said($"{Quarantine.Leave(scene.Address).ToShell()} || true")
                        : new Act<XlResult>(Quarantine.Leave(scene.Address), null),
                ],
                (hand, token) => LeaveQuarantineAsync(scene, inventory, hand, token)),
            new When(Pciback.IsBound(scene.Address, PcibackPaths.DriverName), Pciback.Unbind(scene.Address, PcibackPaths.DriverName)),
            new When(Pciback.MayBeListed(scene.Address), Pciback.RemoveSlot(scene.Address)),
            scene.Records.SetName(null),
            .. scene.Grants.IsRecorded ? (StepPart[])[PcibackFields.Forget(scene.Address)] : [],
        ])
    {
        UndoDescription = $"Make {scene.Address} assignable again",
        Undo =
        [
            new Unless(
                $"a domain has {scene.Address}",
                async (_, token) => DeviceChecks.FindUser(await inventory.GetAsync(scene.Address, token).ConfigureAwait(false)) is not null,
                [
                    new When(!Pciback.IsListed(scene.Address), Pciback.AddSlot(scene.Address)),
                    new When(
                        !Pciback.IsBound(scene.Address, PcibackPaths.DriverName), Pciback.Bind(scene.Address, PcibackPaths.DriverName)),
                    scene.Xl.HasIommu != false
                        ? Quarantine.Enter(scene.Address, scene.Record.Name)
                        : scene.Records.SetName(scene.Record.Name),

                    // Last: a device whose guest may write less than before is better off than one that is in no quarantine.
                    .. PcibackFields.Restore(scene.Address, scene.Grants, inventory),
                ]),
        ],
    };

    /// <summary>
    /// Has xl let the function out, and makes sure that it was let out before sysfs is touched: a device that dom0's driver gets
    /// back while Xen holds it in quarantine would do no DMA.
    /// </summary>
    private static async Task LeaveQuarantineAsync(
        AssignmentScene scene, PciInventory inventory, HostHand hand, CancellationToken cancellationToken)
    {
        HostCondition isBound = Pciback.IsBound(scene.Address, PcibackPaths.DriverName);
        XlResult left = await hand.DoAsync(Quarantine.Leave(scene.Address), cancellationToken).ConfigureAwait(false);
        if (!await hand.HoldsAsync(isBound, cancellationToken).ConfigureAwait(false))
        {
            // libxl leaves the quarantine before it unbinds: what failed, if anything, was something later, which is ours to do now.
            return;
        }

        if (Quarantine.Succeeded(left))
        {
            throw NotReleased(scene.Address, left);
        }

        // xl says no more than "failed to de-quarantine" whether a domain has the device, or there is nothing to leave.
        PciDevice now = await inventory.GetAsync(scene.Address, cancellationToken).ConfigureAwait(false);
        if (DeviceChecks.FindUser(now) is { } user)
        {
            throw user.ToException();
        }

        if (scene.Xl.HasIommu == false)
        {
            hand.Reporter.Debug($"Without an IOMMU there is no quarantine to take {scene.Address} out of; xl said: {left.Complaint}");
            return;
        }

        // Bound by hand, hidden at boot, or by a run that was killed: never in quarantine. Going in makes going out possible.
        hand.Reporter.Debug($"{scene.Address} may not have been in quarantine; xl said: {left.Complaint}");
        await hand.RunAsync([Quarantine.Enter(scene.Address, scene.Record.Name)], cancellationToken).ConfigureAwait(false);
        left = await hand.DoAsync(Quarantine.Leave(scene.Address), cancellationToken).ConfigureAwait(false);
        if (await hand.HoldsAsync(isBound, cancellationToken).ConfigureAwait(false))
        {
            throw NotReleased(scene.Address, left);
        }
    }

    // Unbound by us, a device that Xen still holds in quarantine would look well with dom0's driver, and no packet would pass.
    private static XenDriverDomainException NotReleased(PciAddress address, XlResult left) => new(
        ErrorIds.PciReleaseFailed,
        ErrorKind.Device,
        Quarantine.Succeeded(left)
            ? $"xl pci-assignable-remove reported no error, but pciback still has {address}, so that Xen may hold it in quarantine."
            : $"Xen did not let {address} out of quarantine (exit code {left.ExitCode}): {left.Complaint}",
        "Look at xl dmesg for the reason; boot the host if the device is broken.",
        address);

    private static ChangeStep Unlist(PciAddress address) => new($"Take {address} out of pciback's list", Pciback.RemoveSlot(address))
    {
        UndoDescription = $"Add {address} to pciback's list again",
        Undo = [new When(!Pciback.IsListed(address), Pciback.AddSlot(address))],
    };

    private static ChangeStep ForgetName(AssignmentScene scene) => new(
        $"Remove the name of {scene.Address} from xenstore", scene.Records.SetName(null))
    {
        UndoDescription = $"Restore the name of {scene.Address}",
        Undo = [scene.Records.SetName(scene.Record.Name)],
    };

    private static ChangeStep Rebind(AssignmentScene scene, string driver) => new(
        $"Bind {scene.Address} to {Terminal.Text.Show(driver)}", Pciback.Bind(scene.Address, driver))
    {
        UndoDescription = $"Unbind {scene.Address} from {Terminal.Text.Show(driver)}",

        // The record may be forgotten already, and not have come back: a function without a driver must have it.
        Undo =
        [
            new When(
                Pciback.IsBound(scene.Address, driver),
                scene.Records.SetDriverPath(scene.Record.DriverPath!),
                Pciback.Unbind(scene.Address, driver)),
        ],
    };

    private static ChangeStep ForgetDriver(AssignmentScene scene) => new(
        $"Remove the record of the driver of {scene.Address} from xenstore", scene.Records.ForgetDriver(null))
    {
        UndoDescription = "Restore the record",
        Undo = [scene.Records.SetDriverPath(scene.Record.DriverPath!)],
    };
}

/// <summary>How a function goes back to dom0.</summary>
public sealed record RemoveAssignableOptions
{
    /// <summary>Leaves it without a driver instead of giving it back to the recorded one.</summary>
    public bool NoRebind { get; init; }
}
