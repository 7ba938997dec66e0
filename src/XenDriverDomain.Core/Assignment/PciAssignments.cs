using XenDriverDomain.Access;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Changes;
using XenDriverDomain.Checks;
using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Waiting;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Assignment;

/// <summary>
/// Late binding of PCI functions to pciback and back. The sysfs work is our own, step by step and with undo, because xl checks
/// nothing and undoes nothing (libxl_pci.c); its records and its quarantine are used as they are, so that either tool can take
/// back what the other one did.
/// </summary>
/// <param name="dom0">The host.</param>
/// <param name="inventory">Its PCI functions.</param>
/// <param name="xl">Its xl.</param>
public sealed class PciAssignments(Dom0 dom0, PciInventory inventory, XlTool xl)
{
    /// <summary>
    /// Looks and checks whether a function can be taken from dom0, and plans it. A function that pciback has already gets the one
    /// step that makes sure of Xen's quarantine, which nobody can see.
    /// </summary>
    /// <exception cref="Errors.XenDriverDomainException">A refusal; nothing was touched.</exception>
    public async Task<PlannedChange<PciDevice>> PlanAddAsync(
        PciAddress address, AddAssignableOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Name is { } name && AssignableName.WhyNot(name) is { } why)
        {
            throw new XenDriverDomainException(
                ErrorIds.AssignableNameMalformed,
                ErrorKind.InvalidArgument,
                $"'{Terminal.Text.Show(name)}' cannot name an assignable device: {why}.",
                $"Use 1 to {AssignableName.MaxLength} printable ASCII characters without blanks.",
                name);
        }

        AssignmentScene scene = await LookAsync(address, inventory.ListAsync(cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        Preflight.Enforce(AddPlanner.Check(dom0.Id, scene, options), options.Force, dom0.Reporter);
        (IReadOnlyList<PciPolicyRule> policy, PcibackGrants grants) = await Together.AllAsync(
            ReadPolicyAsync(scene.Device, cancellationToken),
            new PcibackFields(dom0).GetGrantsAsync(scene.Device, cancellationToken)).ConfigureAwait(false);
        scene = scene with { Policy = policy, Grants = grants };
        return Planned(address, AddPlanner.Plan(scene, options, inventory)) with
        {
            ReadBackAsync = token => ReadAssignableAsync(scene, token),
        };
    }

    /// <summary>
    /// The same for functions that another change needs, as part of its plan: the steps, each function's after the other's. The driver is
    /// loaded where it is missing.
    /// </summary>
    /// <exception cref="Errors.XenDriverDomainException">A refusal; nothing was touched.</exception>
    internal async Task<IReadOnlyList<ChangeStep>> PlanTakingAsync(
        IReadOnlyList<PciAddress> addresses, IReadOnlyCollection<PciAddress> together, CancellationToken cancellationToken)
    {
        List<ChangeStep> steps = [];
        foreach (PciAddress address in addresses)
        {
            AddAssignableOptions options = new() { LoadDriver = true, Together = together, IsDriverLoadedBefore = steps.Count > 0 };
            PlannedChange<PciDevice> one = await PlanAddAsync(address, options, cancellationToken).ConfigureAwait(false);
            steps.AddRange(one.Plan.Steps);
        }

        return steps;
    }

    /// <summary>Where functions are now, a sentence for each.</summary>
    internal async Task<string> DescribeAsync(IReadOnlyList<PciAddress> addresses, CancellationToken cancellationToken) => string.Join(
        ' ',
        await Task.WhenAll(addresses.Select(async address =>
            Describe(address, await inventory.TryGetAsync(address, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false));

    /// <summary>Looks and checks whether a function can go back to dom0, and plans it; an empty plan when it is back already.</summary>
    /// <exception cref="Errors.XenDriverDomainException">A refusal; nothing was touched.</exception>
    public async Task<PlannedChange<PciDevice>> PlanRemoveAsync(
        PciAddress address, RemoveAssignableOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        AssignmentScene scene = await LookAsync(address, AloneAsync(address, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        Preflight.Enforce(RemovePlanner.Check(scene, options), force: false, dom0.Reporter);
        scene = scene with
        {
            Grants = await new PcibackFields(dom0).GetGrantsAsync(scene.Device, cancellationToken).ConfigureAwait(false),
        };
        return Planned(address, RemovePlanner.Plan(scene, options, inventory));
    }

    private static string Describe(PciAddress address, PciDevice? device) => device switch
    {
        null => $"{address} is gone.",
        { State: PciDeviceState.Host } => $"{device.Address} is with dom0's driver {device.Driver}.",
        { State: PciDeviceState.Unbound } => $"{device.Address} has no driver.",
        { State: PciDeviceState.Listed } => $"{device.Address} has no driver and is in pciback's list.",
        { State: PciDeviceState.Assignable } => $"{device.Address} is bound to pciback.",
        { State: PciDeviceState.Assigned } => $"{device.Address} is in use by the domain with domid {device.Domid}.",
        _ => $"{device.Address} is recorded for a domain that is gone.",
    };

    private PlannedChange<PciDevice> Planned(PciAddress address, ChangePlan plan) => new(
        plan with
        {
            DescribeStateAsync = async token =>
                Describe(address, await inventory.TryGetAsync(address, token).ConfigureAwait(false)),
        },
        token => inventory.GetAsync(address, token));

    /// <summary>
    /// The function after it was made assignable. What it is does not change and dom0 cannot use it any more, so only what may
    /// have changed is read, instead of all functions of the host; anything unexpected is left to the inventory.
    /// </summary>
    private async Task<PciDevice> ReadAssignableAsync(AssignmentScene scene, CancellationToken cancellationToken)
    {
        bool isBound = await Pciback.IsBound(scene.Address, PcibackPaths.DriverName).HoldsAsync(dom0, null, cancellationToken)
            .ConfigureAwait(false);
        PciRecord record = await scene.Records.ReadAsync(dom0, cancellationToken).ConfigureAwait(false);
        return !isBound || record.Domid is not null
            ? await inventory.GetAsync(scene.Address, cancellationToken).ConfigureAwait(false)
            : scene.Device with
            {
                State = PciDeviceState.Assignable,
                Driver = PcibackPaths.DriverName,
                IsPermissive = await new PcibackFields(dom0).IsPermissiveAsync(scene.Address, cancellationToken)
                    .ConfigureAwait(false) == true,
                UsedBy = [],
                AssignableName = record.AssignableName,
                OriginalDriver = record.OriginalDriver,
                Domid = null,
                Domain = null,
            };
    }

    // A policy that cannot be read keeps nobody from assigning devices, but it is told.
    private async Task<IReadOnlyList<PciPolicyRule>> ReadPolicyAsync(
        PciDevice device, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await PolicyFile.ReadAsync(dom0.Files, cancellationToken).ConfigureAwait(false)).Where(r => r.Matches(device))];
        }
        catch (ConfigException e)
        {
            dom0.Reporter.Warning($"The host's PCI policy is not applied to {device.Address}: {e.Message} {e.Remedy}");
            return [];
        }
    }

    // A function that goes back needs no look at the others: what pciback has, dom0 does not use.
    private async Task<IReadOnlyList<PciDevice>> AloneAsync(PciAddress address, CancellationToken cancellationToken) =>
        await inventory.TryGetAloneAsync(address, cancellationToken).ConfigureAwait(false) is { } device ? [device] : [];

    /// <summary>Looks at everything. The order is that of what can be wrong: rights, xl, xenstored, the address.</summary>
    private async Task<AssignmentScene> LookAsync(
        PciAddress address, Task<IReadOnlyList<PciDevice>> listing, CancellationToken cancellationToken)
    {
        try
        {
            BulkAnswer answer = await dom0.Files.ReadManyAsync(
                new BulkQuery(
                    [.. HostSituation.Files, .. DriverBinding.FilesOf(address)],
                    DriverBinding.LinksOf(address),
                    [.. HostSituation.Names, .. DriverBinding.NamesOf(address), PcibackPaths.Drivers + "/*"]),
                cancellationToken).ConfigureAwait(false);
            HostSituation host = HostSituation.From(answer);
            foreach (Finding finding in HostChecks.CheckRights(dom0.Id, host))
            {
                throw finding.ToException();
            }

            XlInstallation installation = await xl.FindAsync(cancellationToken).ConfigureAwait(false);
            PciRecord record = await new PciRecords(installation.PciRecordsPath, address)
                .ReadAsync(dom0, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<PciDevice> all = await listing.ConfigureAwait(false);
            return await ComposeAsync(address, answer, host, installation, record, all, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Begun together to save a round trip; nothing may be left running when something else is wrong.
            await ((Task)listing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<AssignmentScene> ComposeAsync(
        PciAddress address,
        BulkAnswer answer,
        HostSituation host,
        XlInstallation installation,
        PciRecord record,
        IReadOnlyList<PciDevice> all,
        CancellationToken cancellationToken)
    {
        // The inventory's own error for an address that is not there.
        PciDevice device = all.FirstOrDefault(d => d.Address == address)
            ?? await inventory.GetAsync(address, cancellationToken).ConfigureAwait(false);
        string prefix = PcibackPaths.Drivers + "/";
        return new AssignmentScene(
            device,
            all,
            host,
            installation,
            DriverBinding.From(address, answer),
            answer.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
                .Select(n => n[prefix.Length..]).ToHashSet(StringComparer.Ordinal),
            record);
    }
}
