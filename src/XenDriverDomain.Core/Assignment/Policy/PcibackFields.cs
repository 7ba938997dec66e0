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

    /// <summary>Adds a field, unless it is there, and looks whether pciback has it then.</summary>
    /// <param name="device">A device that pciback has.</param>
    /// <param name="field">The field.</param>
    /// <param name="inventory">Reads which others it has.</param>
    /// <param name="reporter">Is told when it cannot be seen whether pciback has it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task AddFieldAsync(
        PciDevice device, PciConfigField field, IPciInventory inventory, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        IReadOnlyList<PciDevice> all = await inventory.ListAsync(cancellationToken).ConfigureAwait(false);
        PciDevice[] held = [.. all.Where(IsHeld)];
        if ((await ReadAsync(cancellationToken).ConfigureAwait(false)).FieldsOf(device, held)?.Contains(field) == true)
        {
            return;
        }

        await StoreAsync(
            Quirks, $"{device.Address}-{field}", ErrorIds.PciQuirkFailed, device.Address, $"pciback did not take the field {field} of {device.Address}", cancellationToken)
            .ConfigureAwait(false);
        QuirksText after = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (after.FieldsOf(device, held) is not { } fields || (after.IsCut && !fields.Contains(field)))
        {
            reporter.Warning(
                $"pciback reported no error for the field {field} of {device.Address}, but its list does not show the device in full: "
                + "the list ends at one page, and of two cards of the same sort it may leave one out.");
            return;
        }

        if (!fields.Contains(field))
        {
            throw Failed(
                fields.Any(f => f.Register == field.Register) ? ErrorIds.PciQuirkRegisterTaken : ErrorIds.PciQuirkFailed,
                device.Address,
                fields.FirstOrDefault(f => f.Register == field.Register) is { Size: > 0 } other
                    ? $"pciback handles the register {field.Register:x} of {device.Address} as {other} already, and goes on with that"
                    : $"pciback did not take the field {field} of {device.Address}, although it reported no error",
                null);
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
