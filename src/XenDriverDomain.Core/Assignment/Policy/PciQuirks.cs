using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>The fields that were added to what pciback lets guests write, and adding one.</summary>
/// <param name="dom0">The host.</param>
/// <param name="inventory">Its PCI functions.</param>
public sealed class PciQuirks(Dom0 dom0, PciInventory inventory)
{
    private readonly PcibackFields _fields = new(dom0);

    /// <summary>The fields that were added to devices that pciback has now, as they were written down by whoever added them.</summary>
    public async Task<IReadOnlyList<PciQuirk>> ListAsync(CancellationToken cancellationToken)
    {
        PciDevice[] held = await ListHeldAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<PciAddress, IReadOnlyList<RecordedField>> known = await _fields.ReadAsync(held, cancellationToken)
            .ConfigureAwait(false);
        return [.. held.SelectMany(
            device => (known.GetValueOrDefault(device.Address) ?? []).Select(one => Quirk(device.Address, one.Field, one.Source)))];
    }

    /// <summary>
    /// All fields of all devices that pciback has, as far as its own list shows them. Reading that list can crash dom0: it goes through
    /// entries that pciback keeps of devices which it does not have any more.
    /// </summary>
    public async Task<IReadOnlyList<PciQuirk>> ListFromKernelAsync(CancellationToken cancellationToken)
    {
        PciDevice[] held = await ListHeldAsync(cancellationToken).ConfigureAwait(false);
        QuirksText text = await _fields.ReadFromKernelAsync(cancellationToken).ConfigureAwait(false);
        if (text.IsCut)
        {
            dom0.Reporter.Warning(
                "pciback's list of fields fills its page: what it has of the last device, and of those after it, may be missing.");
        }

        List<PciQuirk> quirks = [];
        foreach (PciDevice device in held)
        {
            if (text.FieldsOf(device.Address, held) is { } fields)
            {
                quirks.AddRange(fields.Select(f => Quirk(device.Address, f, PciQuirkSource.Kernel)));
            }
            else
            {
                dom0.Reporter.Warning(
                    $"pciback's list of fields does not show {device.Address}, or not which one it is: the list has no PCI domains, ends "
                    + "at one page, and of two cards of the same sort it may leave one out.");
            }
        }

        return quirks;
    }

    /// <summary>Looks whether a field can be added, and plans it; an empty plan when it is there.</summary>
    /// <exception cref="Errors.XenDriverDomainException">PciNotSeized, PciQuirkRegisterTaken; nothing was touched.</exception>
    public async Task<PlannedChange<IReadOnlyList<PciQuirk>>> PlanAddAsync(
        PciAddress address, PciConfigField field, CancellationToken cancellationToken)
    {
        PciDevice device = await inventory.TryGetAloneAsync(address, cancellationToken).ConfigureAwait(false)
            ?? await inventory.GetAsync(address, cancellationToken).ConfigureAwait(false);
        if (!PcibackFields.IsHeld(device))
        {
            throw new XenDriverDomainException(
                ErrorIds.PciNotSeized,
                ErrorKind.InvalidState,
                $"pciback does not have {address}, so nothing can be set for it: "
                    + $"{(device.Driver is { } driver ? $"its driver is {driver}" : "it has no driver")}.",
                "Make it assignable first (Add-XenPciAssignable), or write a rule for it into the host's policy (Set-XenPciPolicy).",
                address);
        }

        IReadOnlyList<RecordedField> known =
            (await _fields.ReadAsync([device], cancellationToken).ConfigureAwait(false)).GetValueOrDefault(address) ?? [];
        PciConfigField? now = PcibackHeader.Find(device, field.Register)
            ?? known.FirstOrDefault(one => one.Field.Register == field.Register)?.Field;
        if (now is { } other && other != field)
        {
            throw new XenDriverDomainException(
                ErrorIds.PciQuirkRegisterTaken,
                ErrorKind.AlreadyExists,
                $"pciback handles the register {field.Register:x} of {address} as {other} already, and would ignore the field {field} "
                    + "without a word.",
                "A field can be changed only by unbinding the device from pciback: Remove-XenPciAssignable, then Add-XenPciAssignable.",
                address);
        }

        ChangePlan plan = new($"Let guests write a field of {address}", now is not null ? [] :
        [
            new ChangeStep(
                $"Add the field {field} of {address} to pciback's (only unbinding the device, or the end of a guest that has it, "
                    + "takes it away)",
                PcibackFields.AddFields(address, [new RecordedField(field, PciQuirkSource.Command)], inventory)),
        ]);
        PciQuirkSource source = known.FirstOrDefault(one => one.Field == field)?.Source ?? PciQuirkSource.Command;
        return new PlannedChange<IReadOnlyList<PciQuirk>>(
            plan, token => Task.FromResult<IReadOnlyList<PciQuirk>>([Quirk(address, field, source)]));
    }

    private async Task<PciDevice[]> ListHeldAsync(CancellationToken cancellationToken) =>
        [.. (await inventory.ListAsync(cancellationToken).ConfigureAwait(false)).Where(PcibackFields.IsHeld)];

    private PciQuirk Quirk(PciAddress address, PciConfigField field, PciQuirkSource source) =>
        new() { Dom0 = dom0.Id, Address = address, Register = field.Register, Size = field.Size, Mask = field.Mask, Source = source };
}
