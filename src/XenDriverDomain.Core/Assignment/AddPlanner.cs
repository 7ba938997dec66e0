using XenDriverDomain.Access;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Changes;
using XenDriverDomain.Checks;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment;

/// <summary>
/// The way of a function from dom0 to pciback: record its driver, unbind, list, bind, quarantine. Each step works from the state
/// it finds, so that a plan made after an interrupted one does just what is left.
/// </summary>
internal static class AddPlanner
{
    /// <summary>What speaks against it.</summary>
    public static IReadOnlyList<CheckFinding> Check(string dom0, AssignmentScene scene, AddAssignableOptions options) =>
    [
        .. DeviceChecks.Check(scene.Device, scene.All, options.Together),
        .. HostChecks.CheckPciback(dom0, scene.Host, options.LoadDriver),
        .. HostChecks.CheckIommu(dom0, scene.Xl.HasIommu),
        .. CheckName(scene, options),
    ];

    /// <summary>
    /// The steps. A function that pciback has already still gets the last one, since nobody can see whether it is in quarantine.
    /// </summary>
    public static ChangePlan Plan(AssignmentScene scene, AddAssignableOptions options, AssignmentTools tools)
    {
        List<ChangeStep> steps = [];
        DriverBinding binding = scene.Binding;
        if (!scene.Host.HasPciback)
        {
            steps.Add(LoadDriver(tools));
        }

        if (scene.Device.State == PciDeviceState.Stale && scene.Record.Domid is { } gone)
        {
            steps.Add(CommonSteps.ForgetStaleDomain(scene.Address, gone, tools));
        }

        if (!binding.IsBoundToPciback)
        {
            if (scene.Grants.IsRecorded)
            {
                steps.Add(CommonSteps.ForgetFields(scene.Address, tools));
            }

            if (binding.Driver is { } driver)
            {
                steps.Add(RecordDriver(scene, driver, tools));
            }

            if (binding.Override is { } only && only != Pciback.DriverName)
            {
                steps.Add(CommonSteps.ClearOverride(scene.Address, only, tools));
            }

            if (binding.Driver is { } bound)
            {
                steps.Add(Unbind(scene.Address, bound, tools));
            }

            if (!binding.IsListed)
            {
                steps.Add(List(scene, tools));
            }

            steps.Add(Bind(scene.Address, tools));
        }

        PcibackFields fields = new(tools.Dom0);
        steps.AddRange(PolicySteps.For(scene.Device, scene.Policy, fields, tools.Inventory));
        if (options.Permissive && !(binding.IsBoundToPciback && scene.Device.IsPermissive) && scene.Policy.All(r => r.Kind != PciPolicyKind.Permissive))
        {
            steps.Add(PolicySteps.Permissive(scene.Address, "permissive", fields));
        }

        steps.Add(EnterQuarantine(scene, options.Name ?? scene.Record.Name, tools));
        return new ChangePlan($"Make {scene.Address} assignable", steps);
    }

    private static IEnumerable<CheckFinding> CheckName(AssignmentScene scene, AddAssignableOptions options)
    {
        if (options.Name is not { } name)
        {
            yield break;
        }

        if (scene.Xl.Version < new Version(4, 15))
        {
            yield return new CheckFinding(
                ErrorIds.AssignableNameNotSupported,
                CheckSeverity.Refusal,
                name,
                $"Xen {scene.Xl.Version} cannot name assignable devices; Xen 4.15 and later can.",
                "Leave out -Name.")
            {
                Kind = ErrorKind.NotSupported,
            };
        }

        if (scene.All.FirstOrDefault(d => d.AssignableName == name && d.Address != scene.Address) is { } other)
        {
            yield return new CheckFinding(
                ErrorIds.AssignableNameInUse,
                CheckSeverity.Refusal,
                name,
                $"The name '{Terminal.Text.Show(name)}' is that of {other.Address} already; xl would take whichever comes first.",
                "Choose another name.")
            {
                Kind = ErrorKind.AlreadyExists,
            };
        }
    }

    private static ChangeStep LoadDriver(AssignmentTools tools) => new(
        "Load the pciback driver (modprobe xen-pciback)",
        async token =>
        {
            CommandResult result = await tools.Dom0.Commands
                .RunAsync(new CommandRequest("modprobe", ["xen-pciback"]), token).ConfigureAwait(false);
            if (result.ExitCode != 0)
            {
                // The kernels with Xen's own patches (2.6.18-xen and its heirs).
                await tools.Dom0.Commands.RunAsync(new CommandRequest("modprobe", ["pciback"]), token).ConfigureAwait(false);
            }

            if (await tools.Dom0.Files.GetKindAsync(Pciback.Directory, token).ConfigureAwait(false) != HostFileKind.Directory)
            {
                throw new XenDriverDomainException(
                    ErrorIds.PcibackNotLoaded,
                    ErrorKind.NotInstalled,
                    $"The pciback driver could not be loaded on {tools.Dom0.Id}: {Terminal.Text.Show(result.StandardError.Trim())}",
                    "Look at dom0's kernel log (dmesg): the kernel may lack CONFIG_XEN_PCIDEV_BACKEND, or a hide= option in "
                    + "/etc/modprobe.d be malformed.",
                    tools.Dom0.Id);
            }
        })
    {
        UndoDescription = "Unload the pciback driver",
        UndoAsync = async token =>
        {
            if (await tools.Dom0.Files.GetKindAsync(Pciback.Directory, token).ConfigureAwait(false) == HostFileKind.Directory)
            {
                CommandResult result = await tools.Dom0.Commands
                    .RunAsync(new CommandRequest("modprobe", ["-r", "xen-pciback"]), token).ConfigureAwait(false);
                if (await tools.Dom0.Files.GetKindAsync(Pciback.Directory, token).ConfigureAwait(false) == HostFileKind.Directory)
                {
                    throw new XenDriverDomainException(
                        ErrorIds.ChangeFailed,
                        ErrorKind.ChangeFailed,
                        $"modprobe -r xen-pciback left the driver loaded: {Terminal.Text.Show(result.StandardError.Trim())}",
                        "It does no harm; modprobe -r xen-pciback unloads it when nothing uses it.",
                        tools.Dom0.Id);
                }
            }
        },
    };

    private static ChangeStep RecordDriver(AssignmentScene scene, string driver, AssignmentTools tools) => new(
        $"Record in xenstore that {scene.Address} belongs to {driver}",
        token => tools.Records.SetDriverPathAsync(PathOf(driver), token))
    {
        UndoDescription = scene.Record.DriverPath is null ? "Remove the record" : "Restore the older record",
        UndoAsync = token => scene.Record.DriverPath is { } older
            ? RestoreRecordAsync(scene.Address, driver, older, tools, token)
            : CommonSteps.ForgetDriverAsync(scene.Address, driver, tools, token),
    };

    private static async Task RestoreRecordAsync(
        PciAddress address, string driver, string older, AssignmentTools tools, CancellationToken cancellationToken)
    {
        if (await tools.Pciback.IsBoundAsync(address, driver, cancellationToken).ConfigureAwait(false))
        {
            await tools.Records.SetDriverPathAsync(older, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            throw CommonSteps.NotBack(address, driver, null);
        }
    }

    private static string PathOf(string driver) => $"{Pciback.DriversDirectory}/{driver}";

    private static ChangeStep Unbind(PciAddress address, string driver, AssignmentTools tools) => new(
        $"Unbind {address} from {driver}",
        token => tools.Pciback.UnbindAsync(address, driver, token))
    {
        UndoDescription = $"Bind {address} to {driver} again",
        UndoAsync = async token =>
        {
            DriverBinding now = await tools.Pciback.LookAsync(address, token).ConfigureAwait(false);
            if (now.Driver != driver)
            {
                await tools.Pciback.BindAsync(address, driver, token).ConfigureAwait(false);
            }
        },
    };

    private static ChangeStep List(AssignmentScene scene, AssignmentTools tools) => new(
        $"Add {scene.Address} to pciback's list",
        async token =>
        {
            // A driver that was loaded a moment ago may have it from its hide= option; old kernels would list it twice.
            if (scene.Host.HasPciback || !(await tools.Pciback.LookAsync(scene.Address, token).ConfigureAwait(false)).IsListed)
            {
                await tools.Pciback.AddSlotAsync(scene.Address, token).ConfigureAwait(false);
            }
        })
    {
        UndoDescription = $"Take {scene.Address} out of pciback's list",
        UndoAsync = async token =>
        {
            DriverBinding now = await tools.Pciback.LookAsync(scene.Address, token).ConfigureAwait(false);
            if (now.IsListed || now.IsListCut)
            {
                await tools.Pciback.RemoveSlotAsync(scene.Address, token).ConfigureAwait(false);
            }
        },
    };

    private static ChangeStep Bind(PciAddress address, AssignmentTools tools) => new(
        $"Bind {address} to pciback",
        token => tools.Pciback.BindAsync(address, Pciback.DriverName, token))
    {
        UndoDescription = $"Unbind {address} from pciback",
        UndoAsync = async token =>
        {
            await CommonSteps.UnbindFromPcibackAsync(address, tools, token).ConfigureAwait(false);

            // A step after this one may have written down a field of the host's policy.
            await new PcibackFields(tools.Dom0).ForgetAsync(address, token).ConfigureAwait(false);
        },
    };

    private static ChangeStep EnterQuarantine(AssignmentScene scene, string? name, AssignmentTools tools)
    {
        bool wasBound = scene.Binding.IsBoundToPciback;
        return new ChangeStep(
            wasBound ? $"Make sure that Xen keeps {scene.Address} in quarantine" : $"Let Xen put {scene.Address} into quarantine",
            async token =>
            {
                await tools.Quarantine.EnterAsync(scene.Address, name, token).ConfigureAwait(false);
                PciRecord record = await tools.Records.ReadAsync(token).ConfigureAwait(false);
                bool isBound = await tools.Pciback.IsBoundAsync(scene.Address, Pciback.DriverName, token).ConfigureAwait(false);
                if (!isBound || record.Name != name)
                {
                    throw new XenDriverDomainException(
                        ErrorIds.PciQuarantineFailed,
                        ErrorKind.Device,
                        isBound
                            ? $"xl did not give {scene.Address} the name '{Terminal.Text.Show(name)}'."
                            : $"{scene.Address} is no longer bound to pciback after xl put it into quarantine.",
                        "Look whether another program moves the same device, and try again.",
                        scene.Address);
                }

                await KeepRecordAsync(scene, record, tools, token).ConfigureAwait(false);
            })
        {
            UndoDescription = wasBound ? $"Restore the name of {scene.Address}" : $"Let Xen take {scene.Address} out of quarantine",
            UndoAsync = async token =>
            {
                if (!wasBound)
                {
                    // xl fails where there is no quarantine to leave, which is just as good; the steps before see to the rest.
                    await tools.Quarantine.LeaveAsync(scene.Address, token).ConfigureAwait(false);
                    if (scene.Binding.IsListed
                        && !(await tools.Pciback.LookAsync(scene.Address, token).ConfigureAwait(false)).IsListed)
                    {
                        await tools.Pciback.AddSlotAsync(scene.Address, token).ConfigureAwait(false);
                    }
                }

                await tools.Records.SetNameAsync(scene.Record.Name, token).ConfigureAwait(false);
            },
        };
    }

    /// <summary>
    /// Makes sure that the function, which pciback has now, has the record of its driver: another program may have taken it for its own
    /// and removed it (xl pci-assignable-remove -r, an older version of this module).
    /// </summary>
    private static async Task KeepRecordAsync(
        AssignmentScene scene, PciRecord seen, AssignmentTools tools, CancellationToken cancellationToken)
    {
        string? wanted = scene.Binding is { Driver: { } driver, IsBoundToPciback: false } ? PathOf(driver) : scene.Record.DriverPath;
        if (wanted is null || seen.DriverPath == wanted)
        {
            return;
        }

        tools.Reporter.Warning(
            $"Another program has {(seen.DriverPath is null ? "removed" : "changed")} the record of the driver of {scene.Address} meanwhile; "
            + "it is written again.");
        await tools.Records.SetDriverPathAsync(wanted, cancellationToken).ConfigureAwait(false);
        PciRecord now = await tools.Records.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (now.DriverPath != wanted)
        {
            throw new XenDriverDomainException(
                ErrorIds.PciRecordNotKept,
                ErrorKind.InvalidState,
                $"The record of the driver of {scene.Address} does not stay in xenstore: another program removes or changes it.",
                "Find out which program moves the same device, and try again.",
                scene.Address);
        }
    }
}
