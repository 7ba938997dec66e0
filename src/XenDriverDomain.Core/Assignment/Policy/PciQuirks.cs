using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>The attribute <c>quirks</c> of pciback, both ways.</summary>
/// <param name="dom0">The host.</param>
/// <param name="inventory">Its PCI functions.</param>
public sealed class PciQuirks(Dom0 dom0, IPciInventory inventory) : IPciQuirks
{
    private readonly PcibackFields _fields = new(dom0.Files);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PciQuirk>> ListAsync(IOperationReporter reporter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reporter);
        PciDevice[] held = [.. (await inventory.ListAsync(cancellationToken).ConfigureAwait(false)).Where(PcibackFields.IsHeld)];
        QuirksText text = await _fields.ReadAsync(cancellationToken).ConfigureAwait(false);
        List<PciQuirk> quirks = [];
        foreach (PciDevice device in held)
        {
            if (text.FieldsOf(device.Address, held) is { } fields)
            {
                quirks.AddRange(fields.Select(f => Quirk(device.Address, f)));
            }
            else
            {
                reporter.Warning(
                    $"pciback's list of fields does not show {device.Address}, or not which one it is: the list has no PCI domains, ends at one page, "
                    + "and of two cards of the same sort it may leave one out.");
            }
        }

        return quirks;
    }

    /// <inheritdoc/>
    public async Task<PlannedChange<IReadOnlyList<PciQuirk>>> PlanAddAsync(
        PciAddress address, PciConfigField field, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reporter);
        IReadOnlyList<PciDevice> all = await inventory.ListAsync(cancellationToken).ConfigureAwait(false);
        PciDevice device = all.FirstOrDefault(d => d.Address == address)
            ?? await inventory.GetAsync(address, cancellationToken).ConfigureAwait(false);
        if (!PcibackFields.IsHeld(device))
        {
            throw new XenDriverDomainException(
                ErrorIds.PciNotSeized,
                ErrorKind.InvalidState,
                $"pciback does not have {address}, so nothing can be set for it: {(device.Driver is { } driver ? $"its driver is {driver}" : "it has no driver")}.",
                "Make it assignable first (Add-XenPciAssignable), or write a rule for it into the host's policy (Set-XenPciPolicy).",
                address);
        }

        IReadOnlyList<PciConfigField>? fields = (await _fields.ReadAsync(cancellationToken).ConfigureAwait(false))
            .FieldsOf(address, [.. all.Where(PcibackFields.IsHeld)]);
        if (fields?.Contains(field) != true && fields?.FirstOrDefault(f => f.Register == field.Register) is { Size: > 0 } other)
        {
            throw new XenDriverDomainException(
                ErrorIds.PciQuirkRegisterTaken,
                ErrorKind.AlreadyExists,
                $"pciback handles the register {field.Register:x} of {address} as {other} already, and would ignore the field {field} without a word.",
                "A field can be changed only by unbinding the device from pciback: Remove-XenPciAssignable, then Add-XenPciAssignable.",
                address);
        }

        ChangePlan plan = new($"Let guests write a field of {address}", fields?.Contains(field) == true ? [] :
        [
            new ChangeStep(
                $"Add the field {field} of {address} to pciback's (only unbinding the device takes it away)",
                token => _fields.AddFieldsAsync(address, [field], inventory, reporter, token)),
        ]);
        return new PlannedChange<IReadOnlyList<PciQuirk>>(plan, token => Task.FromResult<IReadOnlyList<PciQuirk>>([Quirk(address, field)]));
    }

    private PciQuirk Quirk(PciAddress address, PciConfigField field) =>
        new() { Dom0 = dom0.Id, Address = address, Register = field.Register, Size = field.Size, Mask = field.Mask };
}
