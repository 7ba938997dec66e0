using XenDriverDomain.Access;
using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Changes;
using XenDriverDomain.Checks;
using XenDriverDomain.Errors;
using XenDriverDomain.Hide;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Assignment.AtBoot;

/// <summary>Functions that pciback takes when dom0 boots.</summary>
/// <param name="dom0">The host.</param>
/// <param name="inventory">Its PCI functions.</param>
public sealed class AtBootAssignments(Dom0 dom0, PciInventory inventory)
{
    /// <summary>What dom0's boot configuration tells pciback to hide.</summary>
    /// <exception cref="Errors.XenDriverDomainException">BootLoaderNotFound, BootConfigNotEditable, HostFileFailed.</exception>
    public async Task<IReadOnlyList<BootAssignment>> ListAsync(AtBootOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        BootSituation situation = await BootReader.ReadAsync(dom0.Files, options.BootConfigPath, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<BootConfiguration> shown = options is { BootLoader: null, BootConfigPath: null } && situation.Loaders.Count > 0
            ? situation.Modprobe is { } modprobe ? [.. situation.Loaders, modprobe] : situation.Loaders
            : [situation.Choose(dom0.Id, options)];
        return
        [
            .. from configuration in shown
               from line in configuration.Lines
               let value = HideWord.Find(line.Text, configuration.Parameter)?.Value
               where value is not null
               from part in HideList.Parse(value).Parts
               select new BootAssignment
               {
                   Dom0 = dom0.Id,
                   Address = part.Element?.Address,
                   Element = Terminal.Text.Show(value.Substring(part.Start, part.Length)),
                   BootLoader = configuration.Loader,
                   Path = line.Path,
                   Line = line.Line,
                   Entry = line.Entry is { } entry ? Terminal.Text.Show(entry) : null,
                   IsDefault = line.IsDefault,
                   Error = part.Fault?.Why,
               },
        ];
    }

    /// <summary>Looks and checks whether functions can be hidden from the next boot on, and plans it; all of them or none.</summary>
    /// <exception cref="Errors.XenDriverDomainException">A refusal; nothing was touched.</exception>
    public async Task<PlannedChange<IReadOnlyList<PciDevice>>> PlanAddAsync(
        IReadOnlyList<PciAddress> addresses, AtBootOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(options);
        (BootSituation situation, BootConfiguration configuration) = await LookAsync(options, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<PciDevice> all = await inventory.ListAsync(cancellationToken).ConfigureAwait(false);
        PciDevice[] devices = [.. addresses.Select(address => PciListing.Find(all, address, dom0.Id))];

        // A domain that has it now says nothing about the next boot.
        Preflight.Enforce(
            [
                .. devices.SelectMany(device => DeviceChecks.Check(device, all, addresses))
                    .Where(finding => finding.Id != ErrorIds.PciDeviceInUseByDomain),
            ],
            options.Force,
            dom0.Reporter);
        RequireReadable(configuration, options.Force);
        if (configuration.Loader == BootLoader.Modprobe && situation.Overriding is { } line)
        {
            throw new XenDriverDomainException(
                ErrorIds.BootHideOverridden,
                ErrorKind.InvalidState,
                $"What {configuration.Path} hides would not count: the kernel's command line in {line.Path}, line {line.Line}, "
                    + "goes before it.",
                "Leave -BootLoader out, so that the command line is changed.",
                configuration.Path);
        }

        // Once the command line says what to hide, module options no longer count: what they hide goes along.
        HideElement[] elements =
        [
            .. configuration.Loader == BootLoader.Modprobe ? [] : HideList.Parse(situation.ModprobeValue ?? string.Empty).Elements,
            .. addresses.Select(HideElement.For),
        ];
        BootEdits edits = new(situation.Scene.Files);
        edits.Edit(configuration, text => HideEdit.Add(
            HideEdit.Remove(text, configuration.Parameter, part => part.Fault is not null), configuration.Parameter, elements));
        if (situation.IsModule)
        {
            EarlyLoading.Arrange(situation.Scene, devices.SelectMany(DriversOf), edits.Edit);
        }

        return await PlanAsync(situation, configuration, addresses, edits, [], hide: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Plans that functions stay with dom0 from the next boot on; an empty plan when they are not hidden.</summary>
    /// <exception cref="Errors.XenDriverDomainException">A refusal; nothing was touched.</exception>
    public async Task<PlannedChange<IReadOnlyList<PciDevice>>> PlanRemoveAsync(
        IReadOnlyList<PciAddress> addresses, AtBootOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(options);
        (BootSituation situation, BootConfiguration configuration) = await LookAsync(options, cancellationToken).ConfigureAwait(false);
        // Module options would count again when the command line hides nothing any more.
        BootConfiguration[] places = configuration.Loader != BootLoader.Modprobe && situation.Modprobe is { } modprobe
            ? [configuration, modprobe]
            : [configuration];
        BootEdits edits = new(situation.Scene.Files);
        foreach (BootConfiguration place in places)
        {
            RequireReadable(place, options.Force);
            foreach (PciAddress address in addresses)
            {
                RequireExact(place, address, options.Force);
            }

            edits.Edit(place, line => HideEdit.Remove(
                line, place.Parameter, part => part.Fault is not null || addresses.Any(part.Element!.Covers)));
        }

        IReadOnlyList<string> ours = [];

        // The last one: pciback need not be there before other drivers any more.
        if (situation.IsModule && edits.All.Count > 0 && !places.SelectMany(PartsOf)
            .Any(part => part.Part.Element is { } element && !addresses.Any(element.Covers)))
        {
            Dictionary<string, string> copies = await ReadCopiesAsync(situation.Scene, cancellationToken).ConfigureAwait(false);
            EarlyLoading.Dismiss(situation.Scene, copies, edits.Edit);
            ours = EarlyLoading.OursNow(situation.Scene, copies.ContainsKey);
        }

        return await PlanAsync(situation, configuration, addresses, edits, ours, hide: false, cancellationToken).ConfigureAwait(false);
    }

    // To the last byte, which a bulk read does not keep.
    private async Task<Dictionary<string, string>> ReadCopiesAsync(BootScene scene, CancellationToken cancellationToken)
    {
        (string Path, string? Text)[] copies = await Task.WhenAll(EarlyLoading.ArrangedBy(scene).Select(async path =>
            (path, await BootReader.TryReadFileAsync(dom0.Files, path + BootChange.Backup, cancellationToken).ConfigureAwait(false))))
            .ConfigureAwait(false);
        return copies.Where(copy => copy.Text is not null).ToDictionary(copy => copy.Path, copy => copy.Text!, StringComparer.Ordinal);
    }

    private static IEnumerable<string> DriversOf(PciDevice device) => device.Modules.Count > 0 ? device.Modules
        : (device.Driver == PcibackPaths.DriverName ? device.OriginalDriver : device.Driver) is { } driver ? [driver]
        : [];

    private static IEnumerable<(KernelLine Line, HidePart Part, string Text)> PartsOf(BootConfiguration configuration) =>
        from line in configuration.Lines
        let value = HideWord.Find(line.Text, configuration.Parameter)?.Value
        where value is not null
        from part in HideList.Parse(value).Parts
        select (line, part, value.Substring(part.Start, part.Length));

    private void RequireReadable(BootConfiguration configuration, bool force)
    {
        foreach ((KernelLine line, HidePart part, string text) in PartsOf(configuration))
        {
            if (part.Fault is not { } fault)
            {
                continue;
            }

            string place = $"'{Terminal.Text.Show(text)}' in {line.Path}, line {line.Line}";
            if (!force)
            {
                throw new XenDriverDomainException(
                    ErrorIds.BootHideMalformed,
                    ErrorKind.InvalidState,
                    $"pciback cannot read {place}: {fault.Why}. With it, the whole driver would not load at the next boot.",
                    "Correct it by hand, or use -Force to drop it.",
                    text);
            }

            dom0.Reporter.Warning($"Overridden by -Force: {place} is dropped, as pciback cannot read it: {fault.Why}.");
        }
    }

    private void RequireExact(BootConfiguration configuration, PciAddress address, bool force)
    {
        foreach ((KernelLine line, HidePart part, string text) in PartsOf(configuration))
        {
            if (part.Element is not { Address: null } wildcard || !wildcard.Covers(address))
            {
                continue;
            }

            string place = $"'{Terminal.Text.Show(text)}' in {line.Path}, line {line.Line}";
            if (!force)
            {
                throw new XenDriverDomainException(
                    ErrorIds.BootHideIsWildcard,
                    ErrorKind.InvalidState,
                    $"{address} is hidden by {place}, which stands for other functions as well.",
                    "Use -Force to take out the whole element, and then add those that shall stay hidden.",
                    address);
            }

            dom0.Reporter.Warning($"Overridden by -Force: {place} is taken out whole, with all functions that it stands for.");
        }
    }

    private async Task<(BootSituation Situation, BootConfiguration Configuration)> LookAsync(
        AtBootOptions options, CancellationToken cancellationToken)
    {
        // Being in dom0 is not asked for: a host can be prepared before it boots with Xen.
        HostSituation host = HostSituation.From(await dom0.Files.ReadManyAsync(
            new BulkQuery(HostSituation.Files, [], HostSituation.Names), cancellationToken).ConfigureAwait(false));
        if (HostChecks.CheckRights(dom0.Id, host).FirstOrDefault(finding => finding.Id == ErrorIds.NotRoot) is { } refusal)
        {
            throw refusal.ToException();
        }

        BootSituation situation = await BootReader.ReadAsync(dom0.Files, options.BootConfigPath, cancellationToken).ConfigureAwait(false);
        return (situation, situation.Choose(dom0.Id, options));
    }

    private async Task<PlannedChange<IReadOnlyList<PciDevice>>> PlanAsync(
        BootSituation situation,
        BootConfiguration configuration,
        IReadOnlyList<PciAddress> addresses,
        BootEdits edits,
        IReadOnlyList<string> ours,
        bool hide,
        CancellationToken cancellationToken)
    {
        string who = string.Join(", ", addresses);
        string title = hide
            ? $"Hide {who} from the next boot on ({configuration.Loader})"
            : $"Leave {who} to dom0 from the next boot on ({configuration.Loader})";
        if (edits.All.Count == 0)
        {
            bool isDone = configuration.Generated is null || configuration.Regeneration.Count == 0
                || await new BootCheck(dom0, new SilentReporter()).HoldsAsync(configuration, addresses, hide, cancellationToken)
                    .ConfigureAwait(false);
            IReadOnlyList<ChangeStep> rest = isDone ? [] : BootChange.Again(
                configuration, token => new BootCheck(dom0, dom0.Reporter).RequireAsync(configuration, addresses, hide, token));
            return new PlannedChange<IReadOnlyList<PciDevice>>(new ChangePlan(title, rest), token => ReadBackAsync(addresses, token));
        }

        HashSet<string> own = [.. configuration.Lines.Select(line => line.Path)];
        RamDisks? disks = null;
        if (situation.IsModule && edits.All.Any(edit => configuration.Loader == BootLoader.Modprobe || !own.Contains(edit.Path)))
        {
            disks = RamDisks.Find(
                situation.Scene, await dom0.Files.ReadManyAsync(RamDisks.Query, cancellationToken).ConfigureAwait(false));
            if (disks is null && hide)
            {
                dom0.Reporter.Warning(
                    $"pciback is a module on {dom0.Id}, and no program that makes initial RAM disks is known there: see to it "
                    + $"that no driver for {who} is loaded before it.");
            }
        }

        IReadOnlyList<CommandRequest> programs = edits.All.Any(edit => own.Contains(edit.Path)) ? configuration.Regeneration : [];
        string elements = string.Concat(addresses.Select(HideElement.For));
        IReadOnlyList<ChangeStep> steps = new BootChange(dom0).Steps(
            hide ? $"Add {elements} to {configuration.Parameter}= in" : $"Take {elements} out of hide= in",
            configuration,
            hide,
            edits,
            ours,
            disks is null ? null : new RamDiskCheck(
                dom0,
                disks,
                hide ? [.. edits.All.Select(edit => edit.Path).Where(ModprobeReader.IsOptions)] : [],
                hide ? ModprobeReader.ModuleOf(situation.Scene) : null),
            programs,
            token => new BootCheck(dom0, dom0.Reporter).RequireAsync(configuration, addresses, hide, token));

        // Undoing includes the programs.
        ChangePlan plan = new(title, steps)
        {
            UndoTimeout = Patience.Undo + programs.Concat(disks?.Programs ?? []).Aggregate(TimeSpan.Zero, (sum, one) => sum + one.Timeout),
        };
        return new PlannedChange<IReadOnlyList<PciDevice>>(plan, token => ReadBackAsync(addresses, token));
    }

    private async Task<IReadOnlyList<PciDevice>> ReadBackAsync(IReadOnlyList<PciAddress> addresses, CancellationToken cancellationToken)
    {
        IReadOnlyList<PciDevice> all = await inventory.ListAsync(cancellationToken).ConfigureAwait(false);
        return [.. all.Where(device => addresses.Contains(device.Address))];
    }
}
