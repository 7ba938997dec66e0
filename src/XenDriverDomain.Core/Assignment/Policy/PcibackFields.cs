using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>
/// What pciback lets a guest write, beyond what it does by itself: its attributes <c>quirks</c> and <c>permissive</c>. Neither can be
/// taken back while pciback has the device.
/// </summary>
internal sealed class PcibackFields(IDom0Files files)
{
    private const string Quirks = Pciback.Directory + "/quirks";
    private const string Permissive = Pciback.Directory + "/permissive";

    /// <summary>The attribute as it is now; empty when there is no pciback.</summary>
    public async Task<QuirksText> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            byte[] bytes = await files.ReadAsync(Quirks, 2 * QuirksText.PageSize, cancellationToken).ConfigureAwait(false);
            return QuirksText.Parse(Encoding.Latin1.GetString(bytes));
        }
        catch (HostFileException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return QuirksText.Parse(string.Empty);
        }
    }

    /// <summary>What a device's guest may write now.</summary>
    /// <param name="device">The device.</param>
    /// <param name="inventory">Is asked for the others only when the attribute, which has no PCI domains, could mean one of them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<PcibackGrants> GetGrantsAsync(PciDevice device, IPciInventory inventory, CancellationToken cancellationToken)
    {
        if (!IsHeld(device))
        {
            return PcibackGrants.None;
        }

        PciAddress address = device.Address;
        string alike = $"{Pciback.Directory}/*:{address.Bus:x2}:{address.Device:x2}.{address.Function:x1}";
        BulkAnswer answer = await files.ReadManyAsync(new BulkQuery([Quirks], [], [alike]), cancellationToken).ConfigureAwait(false);
        QuirksText text = QuirksText.Parse(answer.Files.GetValueOrDefault(Quirks) ?? string.Empty);
        IReadOnlyList<PciConfigField>? fields = answer.Names.Count <= 1
            ? text.FieldsOf(address)
            : text.FieldsOf(address, await ListHeldAsync(inventory, cancellationToken).ConfigureAwait(false));
        return new PcibackGrants(device.IsPermissive, text.MayEndIn(address) ? null : fields);
    }

    /// <summary>Grants a device's guest again what it had, after pciback let the device go and got it back.</summary>
    /// <param name="address">A device that pciback has.</param>
    /// <param name="grants">What was granted.</param>
    /// <param name="inventory">Reads which others it has.</param>
    /// <param name="reporter">Is told when it cannot be seen what was granted, or is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RestoreAsync(
        PciAddress address, PcibackGrants grants, IPciInventory inventory, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        if (grants.IsPermissive && await IsPermissiveAsync(address, cancellationToken).ConfigureAwait(false) != true)
        {
            await SetPermissiveAsync(address, cancellationToken).ConfigureAwait(false);
        }

        if (grants.Fields is { } fields)
        {
            await AddFieldsAsync(address, fields, inventory, reporter, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            reporter.Warning(
                $"pciback's list did not show the fields of {address} in full, so those that had been added to it are not restored. "
                + "Get-XenPciQuirk shows what it has now.");
        }
    }

    /// <summary>Adds the fields that are not there, and looks whether pciback has them then.</summary>
    /// <param name="address">A device that pciback has.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="inventory">Reads which others it has.</param>
    /// <param name="reporter">Is told when it cannot be seen whether pciback has them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task AddFieldsAsync(
        PciAddress address,
        IReadOnlyList<PciConfigField> fields,
        IPciInventory inventory,
        IOperationReporter reporter,
        CancellationToken cancellationToken)
    {
        PciDevice[] held = await ListHeldAsync(inventory, cancellationToken).ConfigureAwait(false);
        QuirksText before = await ReadAsync(cancellationToken).ConfigureAwait(false);
        PciConfigField[] missing = [.. fields.Except(before.FieldsOf(address, held) ?? [])];
        if (missing.Length == 0)
        {
            return;
        }

        foreach (PciConfigField field in missing)
        {
            string what = $"pciback did not take the field {field} of {address}";
            await StoreAsync(Quirks, $"{address}-{field}", ErrorIds.PciQuirkFailed, address, what, cancellationToken).ConfigureAwait(false);
        }

        QuirksText after = await ReadAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<PciConfigField>? now = after.FieldsOf(address, held);
        if (now is null || (after.IsCut && missing.Except(now).Any()))
        {
            reporter.Warning(
                $"pciback reported no error for {(missing.Length == 1 ? $"the field {missing[0]}" : "the fields")} of {address}, but its list "
                + "does not show the device in full: the list ends at one page, and of two cards of the same sort it may leave one out.");
            return;
        }

        if (missing.Except(now).ToArray() is [var refused, ..])
        {
            throw now.FirstOrDefault(f => f.Register == refused.Register) is { Size: > 0 } other
                ? Failed(
                    ErrorIds.PciQuirkRegisterTaken,
                    address,
                    $"pciback handles the register {refused.Register:x} of {address} as {other} already, and goes on with that",
                    null)
                : Failed(
                    ErrorIds.PciQuirkFailed, address, $"pciback did not take the field {refused} of {address}, although it reported no error", null);
        }
    }

    /// <summary>Lets the guest write all of the configuration space, and looks whether it may then.</summary>
    public async Task SetPermissiveAsync(PciAddress address, CancellationToken cancellationToken)
    {
        string what = $"pciback did not make {address} permissive";
        await StoreAsync(Permissive, address.ToString(), ErrorIds.PciPermissiveFailed, address, what, cancellationToken).ConfigureAwait(false);
        if (await IsPermissiveAsync(address, cancellationToken).ConfigureAwait(false) == false)
        {
            throw Failed(ErrorIds.PciPermissiveFailed, address, what + ", although it reported no error", null);
        }
    }

    /// <summary>Whether the guest may write all of the configuration space; null when the list is cut and does not show it.</summary>
    public async Task<bool?> IsPermissiveAsync(PciAddress address, CancellationToken cancellationToken)
    {
        byte[] bytes = await files.ReadAsync(Permissive, 2 * QuirksText.PageSize, cancellationToken).ConfigureAwait(false);
        return Encoding.Latin1.GetString(bytes).Split('\n').Contains(address.ToString(), StringComparer.Ordinal) ? true
            : bytes.Length < QuirksText.PageSize - 1 ? false
            : null;
    }

    /// <summary>Whether pciback has a device now.</summary>
    public static bool IsHeld(PciDevice device) => device.Driver == Pciback.DriverName;

    private static async Task<PciDevice[]> ListHeldAsync(IPciInventory inventory, CancellationToken cancellationToken) =>
        [.. (await inventory.ListAsync(cancellationToken).ConfigureAwait(false)).Where(IsHeld)];

    private async Task StoreAsync(
        string attribute, string text, string errorId, PciAddress address, string what, CancellationToken cancellationToken)
    {
        try
        {
            await files.WriteOnceAsync(attribute, Encoding.ASCII.GetBytes(text), cancellationToken).ConfigureAwait(false);
        }
        catch (HostFileException e) when (e.Errno is not (Errno.EACCES or Errno.EPERM or Errno.EROFS))
        {
            throw Failed(errorId, address, $"{what}: {e.Message}", e);
        }
    }

    private static XenDriverDomainException Failed(string id, PciAddress address, string message, HostFileException? cause) => new(
        id,
        ErrorKind.Device,
        message.EndsWith('.') ? message : message + ".",
        id == ErrorIds.PciQuirkRegisterTaken
            ? "A field can be changed only by unbinding the device from pciback: Remove-XenPciAssignable, then Add-XenPciAssignable."
            : "Look whether pciback still has the device (Get-XenPciAssignable), and at dom0's kernel log (dmesg).",
        address,
        cause);
}
