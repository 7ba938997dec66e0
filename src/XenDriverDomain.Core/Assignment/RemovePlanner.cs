using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Changes;
using XenDriverDomain.Checks;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

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
    public static ChangePlan Plan(AssignmentScene scene, RemoveAssignableOptions options, AssignmentTools tools)
    {
        List<ChangeStep> steps = [];
        DriverBinding binding = scene.Binding;
        if (scene.Device.State == PciDeviceState.Stale && scene.Record.Domid is { } gone)
        {
            steps.Add(CommonSteps.ForgetStaleDomain(scene.Address, gone, tools));
        }

        if (binding.IsBoundToPciback)
        {
            steps.Add(Release(scene, tools));
        }
        else
        {
            if (binding.IsListed)
            {
                steps.Add(Unlist(scene.Address, tools));
            }

            if (scene.Record.Name is not null)
            {
                steps.Add(ForgetName(scene, tools));
            }

            if (scene.Grants.IsRecorded)
            {
                steps.Add(CommonSteps.ForgetFields(scene.Address, tools));
            }
        }

        if (!options.NoRebind)
        {
            if (!IsWithDom0Driver(scene) && scene.Record.DriverName is { } driver)
            {
                if (binding.Override is { } only && only != driver)
                {
                    steps.Add(CommonSteps.ClearOverride(scene.Address, only, tools));
                }

                steps.Add(Rebind(scene, driver, tools));
            }

            // A record that no driver follows stays: without it, and without a driver, nobody would know where the function belongs.
            if (scene.Record.DriverPath is not null && (IsWithDom0Driver(scene) || scene.Record.DriverName is not null))
            {
                steps.Add(ForgetDriver(scene, tools));
            }
        }

        return new ChangePlan(
            options.NoRebind ? $"Take {scene.Address} from pciback" : $"Give {scene.Address} back to dom0", steps);
    }

    private static bool IsWithDom0Driver(AssignmentScene scene) =>
        scene.Binding is { Driver: not null, IsBoundToPciback: false };

    private static ChangeStep Release(AssignmentScene scene, AssignmentTools tools) => new(
        $"Let Xen take {scene.Address} out of quarantine, and unbind it from pciback",
        async token =>
        {
            await LeaveQuarantineAsync(scene, tools, token).ConfigureAwait(false);
            DriverBinding now = await tools.Pciback.LookAsync(scene.Address, token).ConfigureAwait(false);
            if (now.IsBoundToPciback)
            {
                await tools.Pciback.UnbindAsync(scene.Address, Pciback.DriverName, token).ConfigureAwait(false);
            }

            if (now.IsListed || now.IsListCut)
            {
                await tools.Pciback.RemoveSlotAsync(scene.Address, token).ConfigureAwait(false);
            }

            await tools.Records.SetNameAsync(null, token).ConfigureAwait(false);
            if (scene.Grants.IsRecorded)
            {
                await new PcibackFields(tools.Dom0).ForgetAsync(scene.Address, token).ConfigureAwait(false);
            }
        })
    {
        UndoDescription = $"Make {scene.Address} assignable again",
        UndoAsync = async token =>
        {
            if (DeviceChecks.FindUser(await tools.Inventory.GetAsync(scene.Address, token).ConfigureAwait(false)) is not null)
            {
                return;
            }

            DriverBinding now = await tools.Pciback.LookAsync(scene.Address, token).ConfigureAwait(false);
            if (!now.IsListed)
            {
                await tools.Pciback.AddSlotAsync(scene.Address, token).ConfigureAwait(false);
            }

            if (!now.IsBoundToPciback)
            {
                await tools.Pciback.BindAsync(scene.Address, Pciback.DriverName, token).ConfigureAwait(false);
            }

            if (scene.Xl.HasIommu != false)
            {
                await tools.Quarantine.EnterAsync(scene.Address, scene.Record.Name, token).ConfigureAwait(false);
            }
            else
            {
                await tools.Records.SetNameAsync(scene.Record.Name, token).ConfigureAwait(false);
            }

            // Last: a device whose guest may write less than before is better off than one that is in no quarantine.
            await new PcibackFields(tools.Dom0).RestoreAsync(scene.Address, scene.Grants, tools.Inventory, token).ConfigureAwait(false);
        },
    };

    /// <summary>
    /// Has xl let the function out, and makes sure that it was let out before sysfs is touched: a device that dom0's driver gets
    /// back while Xen holds it in quarantine would do no DMA.
    /// </summary>
    private static async Task LeaveQuarantineAsync(AssignmentScene scene, AssignmentTools tools, CancellationToken cancellationToken)
    {
        Xl.XlResult left = await tools.Quarantine.LeaveAsync(scene.Address, cancellationToken).ConfigureAwait(false);
        if (!await tools.Pciback.IsBoundAsync(scene.Address, Pciback.DriverName, cancellationToken).ConfigureAwait(false))
        {
            // libxl leaves the quarantine before it unbinds: what failed, if anything, was something later, which is ours to do now.
            return;
        }

        if (Quarantine.Succeeded(left))
        {
            throw NotReleased(scene.Address, left);
        }

        // xl says no more than "failed to de-quarantine" whether a domain has the device, or there is nothing to leave.
        PciDevice now = await tools.Inventory.GetAsync(scene.Address, cancellationToken).ConfigureAwait(false);
        if (DeviceChecks.FindUser(now) is { } user)
        {
            throw user.ToException();
        }

        if (scene.Xl.HasIommu == false)
        {
            tools.Reporter.Debug($"Without an IOMMU there is no quarantine to take {scene.Address} out of; xl said: {left.Complaint}");
            return;
        }

        // Bound by hand, hidden at boot, or by a run that was killed: never in quarantine. Going in makes going out possible.
        tools.Reporter.Debug($"{scene.Address} may not have been in quarantine; xl said: {left.Complaint}");
        await tools.Quarantine.EnterAsync(scene.Address, scene.Record.Name, cancellationToken).ConfigureAwait(false);
        left = await tools.Quarantine.LeaveAsync(scene.Address, cancellationToken).ConfigureAwait(false);
        if (await tools.Pciback.IsBoundAsync(scene.Address, Pciback.DriverName, cancellationToken).ConfigureAwait(false))
        {
            throw NotReleased(scene.Address, left);
        }
    }

    // Unbound by us, a device that Xen still holds in quarantine would look well with dom0's driver, and no packet would pass.
    private static XenDriverDomainException NotReleased(PciAddress address, Xl.XlResult left) => new(
        ErrorIds.PciReleaseFailed,
        ErrorKind.Device,
        Quarantine.Succeeded(left)
            ? $"xl pci-assignable-remove reported no error, but pciback still has {address}, so that Xen may hold it in quarantine."
            : $"Xen did not let {address} out of quarantine (exit code {left.ExitCode}): {left.Complaint}",
        "Look at xl dmesg for the reason; boot the host if the device is broken.",
        address);

    private static ChangeStep Unlist(PciAddress address, AssignmentTools tools) => new(
        $"Take {address} out of pciback's list",
        token => tools.Pciback.RemoveSlotAsync(address, token))
    {
        UndoDescription = $"Add {address} to pciback's list again",
        UndoAsync = async token =>
        {
            if (!(await tools.Pciback.LookAsync(address, token).ConfigureAwait(false)).IsListed)
            {
                await tools.Pciback.AddSlotAsync(address, token).ConfigureAwait(false);
            }
        },
    };

    private static ChangeStep ForgetName(AssignmentScene scene, AssignmentTools tools) => new(
        $"Remove the name of {scene.Address} from xenstore",
        token => tools.Records.SetNameAsync(null, token))
    {
        UndoDescription = $"Restore the name of {scene.Address}",
        UndoAsync = token => tools.Records.SetNameAsync(scene.Record.Name, token),
    };

    private static ChangeStep Rebind(AssignmentScene scene, string driver, AssignmentTools tools) => new(
        $"Bind {scene.Address} to {Terminal.Text.Show(driver)}",
        token => tools.Pciback.BindAsync(scene.Address, driver, token))
    {
        UndoDescription = $"Unbind {scene.Address} from {Terminal.Text.Show(driver)}",
        UndoAsync = async token =>
        {
            if (await tools.Pciback.IsBoundAsync(scene.Address, driver, token).ConfigureAwait(false))
            {
                // It may be forgotten already, and not have come back: a function without a driver must have its record.
                await tools.Records.SetDriverPathAsync(scene.Record.DriverPath!, token).ConfigureAwait(false);
                await tools.Pciback.UnbindAsync(scene.Address, driver, token).ConfigureAwait(false);
            }
        },
    };

    private static ChangeStep ForgetDriver(AssignmentScene scene, AssignmentTools tools) => new(
        $"Remove the record of the driver of {scene.Address} from xenstore",
        token => CommonSteps.ForgetDriverAsync(scene.Address, null, tools, token))
    {
        UndoDescription = "Restore the record",
        UndoAsync = token => tools.Records.SetDriverPathAsync(scene.Record.DriverPath!, token),
    };
}
