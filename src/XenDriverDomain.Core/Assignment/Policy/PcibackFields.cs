using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Waiting;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>
/// What pciback lets a guest write, beyond what it does by itself: its attributes <c>quirks</c> and <c>permissive</c>. Neither can be
/// taken back while pciback has the device.
/// </summary>
/// <param name="dom0">The host.</param>
internal sealed class PcibackFields(Dom0 dom0)
{
    // Written here, and read by ReadFromKernelAsync alone.
    private const string Quirks = KernelAccess.Quirks;

    private const string Permissive = PcibackPaths.Directory + "/permissive";

    private readonly PcibackRecords _records = new(dom0);

    /// <summary>The fields that were stored, as they were written down, of devices that pciback has.</summary>
    public Task<IReadOnlyDictionary<PciAddress, IReadOnlyList<RecordedField>>> ReadAsync(
        IReadOnlyCollection<PciDevice> held, CancellationToken cancellationToken) => _records.ReadAsync(held, cancellationToken);

    /// <summary>
    /// pciback's own list; empty when there is no pciback. Reading it can crash dom0, and nothing tells beforehand: only an administrator
    /// who was told so may ask for it.
    /// </summary>
    public async Task<QuirksText> ReadFromKernelAsync(CancellationToken cancellationToken)
    {
        byte[]? bytes = await dom0.Files.TryReadAsync(Quirks, 2 * QuirksText.PageSize, cancellationToken).ConfigureAwait(false);
        return QuirksText.Parse(bytes is null ? string.Empty : Encoding.Latin1.GetString(bytes));
    }

    /// <summary>What a device's guest may write now.</summary>
    public async Task<PcibackGrants> GetGrantsAsync(PciDevice device, CancellationToken cancellationToken)
    {
        (bool isRecorded, IReadOnlyDictionary<PciAddress, IReadOnlyList<RecordedField>> fields) = await Together.AllAsync(
            _records.ExistsAsync(device.Address, cancellationToken),
            _records.ReadAsync(IsHeld(device) ? [device] : [], cancellationToken)).ConfigureAwait(false);
        return new PcibackGrants(
            IsHeld(device) && device.IsPermissive,
            fields.GetValueOrDefault(device.Address) ?? [],
            isRecorded);
    }

    /// <summary>Grants a device's guest again what it had, after pciback let the device go and got it back.</summary>
    /// <param name="address">A device that pciback has.</param>
    /// <param name="grants">What was granted.</param>
    /// <param name="inventory">Reads who has it.</param>
    public static IReadOnlyList<StepPart> Restore(PciAddress address, PcibackGrants grants, PciInventory inventory) =>
    [
        .. grants.IsPermissive ? (StepPart[])[new When(!new HasLine(Permissive, address.ToString()), SetPermissive(address))] : [],
        .. grants.Fields.Count > 0 ? (StepPart[])[AddFields(address, grants.Fields, inventory)] : [],
    ];

    /// <summary>
    /// Stores fields, and writes down that pciback took them: that the store succeeded is the proof, as there is no safe way to look. One
    /// that is there already pciback passes over, so it may be stored again.
    /// </summary>
    /// <param name="address">A device that pciback has.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="inventory">Reads who has the device: what is added goes when that guest does.</param>
    public static StepPart AddFields(PciAddress address, IReadOnlyList<RecordedField> fields, PciInventory inventory)
    {
        StepPart[] stores = [.. fields.Select(field => Store(
            Quirks, $"{address}-{field.Field}", ErrorIds.PciQuirkFailed, address,
            $"pciback did not take the field {field.Field} of {address}"))];
        return new Course(stores, async (hand, token) =>
        {
            PciDevice? device = await inventory.TryGetAloneAsync(address, token).ConfigureAwait(false);
            await hand.RunAsync(stores, token).ConfigureAwait(false);
            if (!await new PcibackRecords(hand.Dom0).WriteAsync(hand, address, device?.Domid, fields, token).ConfigureAwait(false))
            {
                throw Failed(
                    ErrorIds.PciQuirkFailed, address, $"{address} has left pciback meanwhile, and what was added to it is gone", null);
            }
        });
    }

    /// <summary>Forgets what was written down of a device, which has left pciback or is about to come to it.</summary>
    public static StepPart Forget(PciAddress address) =>
        new ChangeNodes(new RemoveNode(FieldsRecord.FolderOf(address)) { UpTo = XenStore.OwnRecords.Root });

    /// <summary>Lets the guest write all of the configuration space, and looks whether it may then.</summary>
    public static StepPart SetPermissive(PciAddress address)
    {
        string what = $"pciback did not make {address} permissive";
        return new Act<HostFileException?>(
            new WriteAttribute(Permissive, address.ToString()),
            async (refusal, hand, token) =>
            {
                if (refusal is not null)
                {
                    throw Failed(ErrorIds.PciPermissiveFailed, address, $"{what}: {refusal.Message}", refusal);
                }

                if (await new PcibackFields(hand.Dom0).IsPermissiveAsync(address, token).ConfigureAwait(false) == false)
                {
                    throw Failed(ErrorIds.PciPermissiveFailed, address, what + ", although it reported no error", null);
                }
            });
    }

    /// <summary>Whether the guest may write all of the configuration space; null when the list is cut and does not show it.</summary>
    public async Task<bool?> IsPermissiveAsync(PciAddress address, CancellationToken cancellationToken)
    {
        byte[] bytes = await dom0.Files.ReadAsync(Permissive, 2 * QuirksText.PageSize, cancellationToken).ConfigureAwait(false);
        return Encoding.Latin1.GetString(bytes).Split('\n').Contains(address.ToString(), StringComparer.Ordinal) ? true
            : bytes.Length < QuirksText.PageSize - 1 ? false
            : null;
    }

    /// <summary>Whether pciback has a device now.</summary>
    public static bool IsHeld(PciDevice device) => device.Driver == PcibackPaths.DriverName;

    private static Act<HostFileException?> Store(string attribute, string text, string errorId, PciAddress address, string what) =>
        new Act<HostFileException?>(
            new WriteAttribute(attribute, text),
            (refusal, _, _) =>
                refusal is null ? Task.CompletedTask : throw Failed(errorId, address, $"{what}: {refusal.Message}", refusal));

    private static XenDriverDomainException Failed(string id, PciAddress address, string message, HostFileException? cause) => new(
        id,
        ErrorKind.Device,
        message.EndsWith('.') ? message : message + ".",
        "Look whether pciback still has the device (Get-XenPciAssignable), and at dom0's kernel log (dmesg).",
        address,
        cause);
}

/// <summary>
/// What pciback was told to let the guest of a device write. It forgets both when the device leaves it, so whoever may have to bring
/// the device back looks first.
/// </summary>
/// <param name="IsPermissive">All of the configuration space.</param>
/// <param name="Fields">These fields, as they were written down.</param>
/// <param name="IsRecorded">True when xenstore has a record of this module's for the device, be it of an earlier binding.</param>
internal sealed record PcibackGrants(bool IsPermissive, IReadOnlyList<RecordedField> Fields, bool IsRecorded)
{
    /// <summary>Nothing: pciback does not have the device.</summary>
    public static PcibackGrants None { get; } = new(false, [], false);
}
