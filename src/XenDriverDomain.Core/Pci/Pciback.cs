using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Pci;

/// <summary>
/// The kernel's side of moving a function between drivers: the driver core's bind and unbind and pciback's slots
/// (drivers/base/bus.c, drivers/xen/xen-pciback/pci_stub.c). Each operation reads back what it did.
/// </summary>
internal sealed class Pciback(IDom0Files files)
{
    /// <summary>The directory of a function.</summary>
    public static string DeviceOf(PciAddress address) => $"{PciQueries.Devices}/{address}";

    /// <summary>How the function stands now.</summary>
    public async Task<DriverBinding> LookAsync(PciAddress address, CancellationToken cancellationToken) => DriverBinding.From(
        address,
        await files.ReadManyAsync(
            new BulkQuery(DriverBinding.FilesOf(address), DriverBinding.LinksOf(address), DriverBinding.NamesOf(address)),
            cancellationToken).ConfigureAwait(false));

    /// <summary>The driver that has the function, by the drivers' own directories, as cheap a question; null when none has.</summary>
    public async Task<string?> GetDriverAsync(PciAddress address, CancellationToken cancellationToken)
    {
        BulkAnswer answer = await files.ReadManyAsync(new BulkQuery([], [], [$"{PcibackPaths.Drivers}/*/{address}"]), cancellationToken)
            .ConfigureAwait(false);
        string? found = null;
        foreach (string link in answer.Names)
        {
            found = HostPath.Parent(link)[(PcibackPaths.Drivers.Length + 1)..];
        }

        return found;
    }

    /// <summary>
    /// A driver has the function, by the driver's own directory: the cheapest of all questions, since a transport answers it without
    /// starting a program.
    /// </summary>
    public static HostCondition IsBound(PciAddress address, string driver) => new PathExists($"{PcibackPaths.Drivers}/{driver}/{address}");

    /// <summary>Any driver of dom0's has the function, and not pciback.</summary>
    public static HostCondition IsWithDom0(PciAddress address) =>
        new PathExists($"{PcibackPaths.Drivers}/*/{address}") & !IsBound(address, PcibackPaths.DriverName);

    /// <summary>pciback's list of slots has the function.</summary>
    public static HostCondition IsListed(PciAddress address) => new HasLine(PcibackPaths.Directory + "/slots", address.ToString());

    /// <summary>The same, or the list fills its page, so that a missing line proves nothing (pci_stub.c, slots_show).</summary>
    public static HostCondition MayBeListed(PciAddress address) => new SlotsMayHave(address);

    /// <summary>Takes the function from a driver; it may have let go already.</summary>
    public static StepPart Unbind(PciAddress address, string driver) => new Act<HostFileException?>(
        new WriteAttribute($"{PcibackPaths.Drivers}/{driver}/unbind", address.ToString()),
        async (refusal, hand, token) =>
        {
            if (await hand.HoldsAsync(IsBound(address, driver), token).ConfigureAwait(false))
            {
                throw Failed(
                    ErrorIds.PciDriverUnbindFailed,
                    address,
                    $"{driver} did not let go of {address}",
                    refusal,
                    "Look at dom0's kernel log (dmesg) for the reason, and stop what uses the device.");
            }
        });

    /// <summary>Gives the function, which has no driver, to one.</summary>
    public static StepPart Bind(PciAddress address, string driver) => new Act<HostFileException?>(
        new WriteAttribute($"{PcibackPaths.Drivers}/{driver}/bind", address.ToString()),
        async (refusal, hand, token) =>
        {
            if (await hand.HoldsAsync(IsBound(address, driver), token).ConfigureAwait(false))
            {
                return;
            }

            DriverBinding now = await new Pciback(hand.Dom0.Files).LookAsync(address, token).ConfigureAwait(false);
            throw Failed(
                ErrorIds.PciDriverBindFailed,
                address,
                now.Driver is null ? $"{driver} did not take {address}" : $"{driver} did not take {address}, which {now.Driver} has",
                refusal,
                now.Override is { } only && only != driver
                    ? $"Its driver_override allows only {Terminal.Text.Show(only)}: clear it."
                    : "Look at dom0's kernel log (dmesg) for the reason: a failed reset, an odd header type, or a driver that "
                    + "does not know the device.");
        });

    /// <summary>Puts the function into pciback's list, from which it may then be bound. Old kernels list one twice that is there.</summary>
    public static StepPart AddSlot(PciAddress address) => new Act<HostFileException?>(
        new WriteAttribute(PcibackPaths.Directory + "/new_slot", address.ToString()),
        async (refusal, hand, token) =>
        {
            DriverBinding now = await new Pciback(hand.Dom0.Files).LookAtListAsync(address, token).ConfigureAwait(false);
            if (refusal is not null || (!now.IsListed && !now.IsListCut))
            {
                throw Failed(
                    ErrorIds.PcibackSlotFailed,
                    address,
                    $"pciback did not put {address} into its list of slots",
                    refusal,
                    "Look at dom0's kernel log (dmesg) for the reason.");
            }
        });

    /// <summary>Takes the function out of pciback's list; it may be out already.</summary>
    public static StepPart RemoveSlot(PciAddress address) => new Act<HostFileException?>(
        new WriteAttribute(PcibackPaths.Directory + "/remove_slot", address.ToString()),
        async (refusal, hand, token) =>
        {
            if ((await new Pciback(hand.Dom0.Files).LookAtListAsync(address, token).ConfigureAwait(false)).IsListed)
            {
                throw Failed(
                    ErrorIds.PcibackSlotFailed,
                    address,
                    $"pciback did not take {address} out of its list of slots",
                    refusal,
                    "Look at dom0's kernel log (dmesg) for the reason.");
            }
        });

    /// <summary>Says which driver alone may bind; null lets any.</summary>
    public static StepPart SetOverride(PciAddress address, string? driver) => new Act<HostFileException?>(
        // An empty line clears it (drivers/pci/pci-sysfs.c, driver_override_store).
        new WriteAttribute($"{DeviceOf(address)}/driver_override", driver ?? "\n"),
        async (refusal, hand, token) =>
        {
            DriverBinding now = await new Pciback(hand.Dom0.Files).LookAsync(address, token).ConfigureAwait(false);
            if (now.Override != driver)
            {
                throw Failed(
                    ErrorIds.PciDriverOverrideFailed,
                    address,
                    $"The driver_override of {address} is still '{Terminal.Text.Show(now.Override)}'",
                    refusal,
                    "Look whether a tool such as driverctl sets it again.");
            }
        });

    /// <summary>Only pciback's list, which costs less than the whole binding.</summary>
    public async Task<DriverBinding> LookAtListAsync(PciAddress address, CancellationToken cancellationToken) => DriverBinding.From(
        address,
        await files.ReadManyAsync(new BulkQuery([DriverBinding.FilesOf(address)[0]], [], []), cancellationToken).ConfigureAwait(false));

    private static XenDriverDomainException Failed(
        string id, PciAddress address, string message, HostFileException? refusal, string remedy) => new(
        id,
        ErrorKind.Device,
        refusal is null ? $"{message}, although the kernel reported no error." : $"{message}: {refusal.Message}",
        remedy,
        address,
        refusal);
}

/// <summary>pciback's list has a function, or is so long that its end may be missing.</summary>
/// <param name="Address">The function.</param>
internal sealed record SlotsMayHave(PciAddress Address) : HostCondition
{
    private const string Slots = PcibackPaths.Directory + "/slots";

    /// <inheritdoc/>
    public override string ToShell() => $"{{ grep -qxF -- {Address} {Slots} || [ $(wc -c < {Slots}) -ge {DriverBinding.NearlyFull} ]; }}";

    /// <inheritdoc/>
    public override async ValueTask<bool> HoldsAsync(Dom0 dom0, XenStore.IXenStore? transaction, CancellationToken cancellationToken)
    {
        DriverBinding now = await new Pciback(dom0.Files).LookAtListAsync(Address, cancellationToken).ConfigureAwait(false);
        return now.IsListed || now.IsListCut;
    }
}
