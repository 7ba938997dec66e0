using XenDriverDomain.Access;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Changes;
using XenDriverDomain.Checks;
using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Assignment;

/// <summary>
/// The way of a function from dom0 to pciback: record its driver, unbind, list, bind, quarantine. Each step works from the state
/// it finds, so that a plan made after an interrupted one does just what is left.
/// </summary>
internal static class AddPlanner
{
    /// <summary>What speaks against it.</summary>
    public static IReadOnlyList<Finding> Check(string dom0, AssignmentScene scene, AddAssignableOptions options) =>
    [
        .. DeviceChecks.Check(scene.Device, scene.All, options.Together),
        .. HostChecks.CheckPciback(dom0, scene.Host, options.LoadDriver),
        .. HostChecks.CheckIommu(dom0, scene.Xl.HasIommu),
        .. CheckName(scene, options),
    ];

    /// <summary>
    /// The steps. A function that pciback has already still gets the last one, since nobody can see whether it is in quarantine.
    /// </summary>
    public static ChangePlan Plan(AssignmentScene scene, AddAssignableOptions options, PciInventory inventory)
    {
        List<ChangeStep> steps = [];
        DriverBinding binding = scene.Binding;
        if (!scene.Host.HasPciback && !options.IsDriverLoadedBefore)
        {
            steps.Add(LoadDriver());
        }

        if (scene.Device.State == PciDeviceState.Stale && scene.Record.Domid is { } gone)
        {
            steps.Add(CommonSteps.ForgetStaleDomain(scene, gone));
        }

        if (!binding.IsBoundToPciback)
        {
            if (scene.Grants.IsRecorded)
            {
                steps.Add(CommonSteps.ForgetFields(scene.Address));
            }

            if (binding.Driver is { } driver)
            {
                steps.Add(RecordDriver(scene, driver));
            }

            if (binding.Driver is { } bound)
            {
                steps.Add(Unbind(scene.Address, bound));
            }

            // After the driver has let go: it may know the device by its override only, which the undo restores before it binds again.
            if (binding.Override is { } only && only != PcibackPaths.DriverName)
            {
                steps.Add(CommonSteps.ClearOverride(scene.Address, only));
            }

            if (!binding.IsListed)
            {
                steps.Add(List(scene));
            }

            steps.Add(Bind(scene.Address));
        }

        steps.AddRange(PolicySteps.For(scene.Device, scene.Policy, inventory));
        if (options.Permissive && !(binding.IsBoundToPciback && scene.Device.IsPermissive)
            && scene.Policy.All(r => r.Kind != PciPolicyKind.Permissive))
        {
            steps.Add(PolicySteps.Permissive(scene.Address, "permissive"));
        }

        steps.Add(EnterQuarantine(scene, options.Name ?? scene.Record.Name));
        return new ChangePlan($"Make {scene.Address} assignable", steps);
    }

    private static IEnumerable<Finding> CheckName(AssignmentScene scene, AddAssignableOptions options)
    {
        if (options.Name is not { } name)
        {
            yield break;
        }

        if (scene.Xl.Version < new Version(4, 15))
        {
            yield return new Finding(
                ErrorIds.AssignableNameNotSupported,
                FindingSeverity.Error,
                name,
                $"Xen {scene.Xl.Version} cannot name assignable devices; Xen 4.15 and later can.",
                "Leave out -Name.")
            {
                Kind = ErrorKind.NotSupported,
            };
        }

        if (scene.All.FirstOrDefault(d => d.AssignableName == name && d.Address != scene.Address) is { } other)
        {
            yield return new Finding(
                ErrorIds.AssignableNameInUse,
                FindingSeverity.Error,
                name,
                $"The name '{Terminal.Text.Show(name)}' is that of {other.Address} already; xl would take whichever comes first.",
                "Choose another name.")
            {
                Kind = ErrorKind.AlreadyExists,
            };
        }
    }

    private static ChangeStep LoadDriver()
    {
        HostCondition isLoaded = new PathExists(PcibackPaths.Directory);
        RunProgram load = new("modprobe", "xen-pciback");

        // As the kernels with Xen's own patches call it (2.6.18-xen and its heirs).
        RunProgram loadClassic = new("modprobe", "pciback");
        return new ChangeStep("Load the pciback driver (modprobe xen-pciback)", new Course(
            [new Said($"{load.ToShell()} || {loadClassic.ToShell()}")],
            async (hand, token) =>
            {
                CommandResult result = await hand.DoAsync(load, token).ConfigureAwait(false);
                if (!await hand.HoldsAsync(isLoaded, token).ConfigureAwait(false))
                {
                    await hand.DoAsync(loadClassic, token).ConfigureAwait(false);
                }

                if (!await hand.HoldsAsync(isLoaded, token).ConfigureAwait(false))
                {
                    throw new XenDriverDomainException(
                        ErrorIds.PcibackNotLoaded,
                        ErrorKind.NotInstalled,
                        $"The pciback driver could not be loaded on {hand.Dom0.Id}: {Terminal.Text.Show(result.StandardError.Trim())}",
                        "Look at dom0's kernel log (dmesg): the kernel may lack CONFIG_XEN_PCIDEV_BACKEND, or a hide= option in "
                        + "/etc/modprobe.d be malformed.",
                        hand.Dom0.Id);
                }
            }))
        {
            UndoDescription = "Unload the pciback driver",
            Undo =
            [
                new When(isLoaded, new Act<CommandResult>(
                    new RunProgram("modprobe", "-r", "xen-pciback"),
                    async (result, hand, token) =>
                    {
                        if (await hand.HoldsAsync(isLoaded, token).ConfigureAwait(false))
                        {
                            throw new XenDriverDomainException(
                                ErrorIds.ChangeFailed,
                                ErrorKind.ChangeFailed,
                                $"modprobe -r xen-pciback left the driver loaded: {Terminal.Text.Show(result.StandardError.Trim())}",
                                "It does no harm; modprobe -r xen-pciback unloads it when nothing uses it.",
                                hand.Dom0.Id);
                        }
                    })),
            ],
        };
    }

    private static ChangeStep RecordDriver(AssignmentScene scene, string driver) => new(
        $"Record in xenstore that {scene.Address} belongs to {driver}", scene.Records.SetDriverPath(PathOf(driver)))
    {
        UndoDescription = scene.Record.DriverPath is null ? "Remove the record" : "Restore the older record",
        Undo = scene.Record.DriverPath is { } older
            ?
            [
                new Look(async (hand, token) =>
                {
                    if (!await hand.HoldsAsync(Pciback.IsBound(scene.Address, driver), token).ConfigureAwait(false))
                    {
                        throw scene.Records.NotBack(driver, null);
                    }
                }),
                new When(Pciback.IsBound(scene.Address, driver), scene.Records.SetDriverPath(older)),
            ]
            : [scene.Records.ForgetDriver(driver)],
    };

    private static string PathOf(string driver) => $"{PcibackPaths.Drivers}/{driver}";

    private static ChangeStep Unbind(PciAddress address, string driver) => new(
        $"Unbind {address} from {driver}", Pciback.Unbind(address, driver))
    {
        UndoDescription = $"Bind {address} to {driver} again",
        Undo = [new When(!Pciback.IsBound(address, driver), Pciback.Bind(address, driver))],
    };

    private static ChangeStep List(AssignmentScene scene) => new(
        $"Add {scene.Address} to pciback's list",

        // A driver that was loaded a moment ago may have it from its hide= option; old kernels would list it twice.
        scene.Host.HasPciback ? Pciback.AddSlot(scene.Address) : new When(!Pciback.IsListed(scene.Address), Pciback.AddSlot(scene.Address)))
    {
        UndoDescription = $"Take {scene.Address} out of pciback's list",
        Undo = [new When(Pciback.MayBeListed(scene.Address), Pciback.RemoveSlot(scene.Address))],
    };

    private static ChangeStep Bind(PciAddress address) => new($"Bind {address} to pciback", Pciback.Bind(address, PcibackPaths.DriverName))
    {
        UndoDescription = $"Unbind {address} from pciback",
        Undo =
        [
            new When(Pciback.IsBound(address, PcibackPaths.DriverName), Pciback.Unbind(address, PcibackPaths.DriverName)),

            // A step after this one may have written down a field of the host's policy.
            PcibackFields.Forget(address),
        ],
    };

    private static ChangeStep EnterQuarantine(AssignmentScene scene, string? name)
    {
        bool wasBound = scene.Binding.IsBoundToPciback;
        return new ChangeStep(
            wasBound ? $"Make sure that Xen keeps {scene.Address} in quarantine" : $"Let Xen put {scene.Address} into quarantine",
            Quarantine.Enter(scene.Address, name),
            new Course([], async (hand, token) =>
            {
                PciRecord record = await scene.Records.ReadAsync(hand.Dom0, token).ConfigureAwait(false);
                bool isBound = await hand.HoldsAsync(Pciback.IsBound(scene.Address, PcibackPaths.DriverName), token).ConfigureAwait(false);
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

                await KeepRecordAsync(scene, record, hand, token).ConfigureAwait(false);
            }))
        {
            MakesSure = wasBound && scene.Record.Name == name,
            UndoDescription = wasBound ? $"Restore the name of {scene.Address}" : $"Let Xen take {scene.Address} out of quarantine",
            Undo =
            [
                .. wasBound ? (StepPart[])[] :
                [
                    // xl fails where there is no quarantine to leave, which is just as good; the steps before see to the rest.
                    new Act<XlResult>(Quarantine.Leave(scene.Address), null),
                    .. scene.Binding.IsListed
                        ? (StepPart[])[new When(!Pciback.IsListed(scene.Address), Pciback.AddSlot(scene.Address))]
                        : [],
                ],
                scene.Records.SetName(scene.Record.Name),
            ],
        };
    }

    /// <summary>
    /// Makes sure that the function, which pciback has now, has the record of its driver: another program may have taken it for its own
    /// and removed it (xl pci-assignable-remove -r, an older version of this module).
    /// </summary>
    private static async Task KeepRecordAsync(AssignmentScene scene, PciRecord seen, HostHand hand, CancellationToken cancellationToken)
    {
        string? wanted = scene.Binding is { Driver: { } driver, IsBoundToPciback: false } ? PathOf(driver) : scene.Record.DriverPath;
        if (wanted is null || seen.DriverPath == wanted)
        {
            return;
        }

        hand.Reporter.Warning(
            $"Another program has {(seen.DriverPath is null ? "removed" : "changed")} the record of the driver of "
            + $"{scene.Address} meanwhile; it is written again.");
        await hand.RunAsync([scene.Records.SetDriverPath(wanted)], cancellationToken).ConfigureAwait(false);
        PciRecord now = await scene.Records.ReadAsync(hand.Dom0, cancellationToken).ConfigureAwait(false);
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

/// <summary>How a function is made assignable.</summary>
public sealed record AddAssignableOptions
{
    /// <summary>Lifts the refusals that protect dom0 (its disk, its only route, its console); a warning names each.</summary>
    public bool Force { get; init; }

    /// <summary>Loads the pciback driver when it is missing.</summary>
    public bool LoadDriver { get; init; }

    /// <summary>A name for it (xl pci-assignable-add -n): at most 64 printable characters; Xen 4.15 and later.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Lets the guest write all of the function's configuration space, once pciback has it. Only unbinding it from pciback ends that.
    /// </summary>
    public bool Permissive { get; init; }

    /// <summary>The functions that the same command takes from dom0: what this one shares with them is no matter.</summary>
    public IReadOnlyCollection<PciAddress> Together { get; init; } = [];

    /// <summary>Whether steps before these load the pciback driver when it is missing.</summary>
    internal bool IsDriverLoadedBefore { get; init; }
}
