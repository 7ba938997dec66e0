using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Pci;

/// <summary>
/// The kernel's side of moving a function between drivers: the driver core's bind and unbind and pciback's slots
/// (drivers/base/bus.c, drivers/xen/xen-pciback/pci_stub.c). Each operation reads back what it did.
/// </summary>
internal sealed class Pciback(IDom0Files files)
{
    /// <summary>The driver's name.</summary>
    public const string DriverName = PcibackPaths.DriverName;

    /// <summary>The driver's directory.</summary>
    public const string Directory = PcibackPaths.Directory;

    /// <summary>Where all drivers are.</summary>
    public const string DriversDirectory = PcibackPaths.Drivers;

    /// <summary>The directory of a function.</summary>
    public static string DeviceOf(PciAddress address) => $"{PciQueries.Devices}/{address}";

    /// <summary>How the function stands now.</summary>
    public async Task<DriverBinding> LookAsync(PciAddress address, CancellationToken cancellationToken) => DriverBinding.From(
        address,
        await files.ReadManyAsync(
            new BulkQuery(DriverBinding.FilesOf(address), DriverBinding.LinksOf(address), DriverBinding.NamesOf(address)),
            cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// Whether a driver has the function, by the driver's own directory: the cheapest of all questions, since a transport answers
    /// it without starting a program.
    /// </summary>
    public async Task<bool> IsBoundAsync(PciAddress address, string driver, CancellationToken cancellationToken)
    {
        string link = $"{DriversDirectory}/{driver}/{address}";
        BulkAnswer answer = await files.ReadManyAsync(new BulkQuery([], [], [link]), cancellationToken).ConfigureAwait(false);
        return answer.Names.Contains(link);
    }

    /// <summary>The driver that has the function, by the drivers' own directories, as cheap a question; null when none has.</summary>
    public async Task<string?> GetDriverAsync(PciAddress address, CancellationToken cancellationToken)
    {
        BulkAnswer answer = await files.ReadManyAsync(new BulkQuery([], [], [$"{DriversDirectory}/*/{address}"]), cancellationToken).ConfigureAwait(false);
        string? found = null;
        foreach (string link in answer.Names)
        {
            found = HostPath.Parent(link)[(DriversDirectory.Length + 1)..];
        }

        return found;
    }

    /// <summary>Takes the function from a driver; it may have let go already.</summary>
    public async Task UnbindAsync(PciAddress address, string driver, CancellationToken cancellationToken)
    {
        HostFileException? refusal = await TryStoreAsync(
            $"{DriversDirectory}/{driver}/unbind", address.ToString(), cancellationToken).ConfigureAwait(false);
        if (await IsBoundAsync(address, driver, cancellationToken).ConfigureAwait(false))
        {
            throw Failed(
                ErrorIds.PciDriverUnbindFailed,
                address,
                $"{driver} did not let go of {address}",
                refusal,
                "Look at dom0's kernel log (dmesg) for the reason, and stop what uses the device.");
        }
    }

    /// <summary>Gives the function, which has no driver, to one.</summary>
    public async Task BindAsync(PciAddress address, string driver, CancellationToken cancellationToken)
    {
        HostFileException? refusal = await TryStoreAsync(
            $"{DriversDirectory}/{driver}/bind", address.ToString(), cancellationToken).ConfigureAwait(false);
        if (!await IsBoundAsync(address, driver, cancellationToken).ConfigureAwait(false))
        {
            DriverBinding now = await LookAsync(address, cancellationToken).ConfigureAwait(false);
            throw Failed(
                ErrorIds.PciDriverBindFailed,
                address,
                now.Driver is null ? $"{driver} did not take {address}" : $"{driver} did not take {address}, which {now.Driver} has",
                refusal,
                now.Override is { } only && only != driver
                    ? $"Its driver_override allows only {Terminal.Text.Show(only)}: clear it."
                    : "Look at dom0's kernel log (dmesg) for the reason: a failed reset, an odd header type, or a driver that does not know "
                    + "the device.");
        }
    }

    /// <summary>Puts the function into pciback's list, from which it may then be bound.</summary>
    public async Task AddSlotAsync(PciAddress address, CancellationToken cancellationToken)
    {
        HostFileException? refusal = await TryStoreAsync(
            Directory + "/new_slot", address.ToString(), cancellationToken).ConfigureAwait(false);
        DriverBinding now = await LookAtListAsync(address, cancellationToken).ConfigureAwait(false);
        if (refusal is not null || (!now.IsListed && !now.IsListCut))
        {
            throw Failed(
                ErrorIds.PcibackSlotFailed,
                address,
                $"pciback did not put {address} into its list of slots",
                refusal,
                "Look at dom0's kernel log (dmesg) for the reason.");
        }
    }

    /// <summary>Takes the function out of pciback's list; it may be out already.</summary>
    public async Task RemoveSlotAsync(PciAddress address, CancellationToken cancellationToken)
    {
        HostFileException? refusal = await TryStoreAsync(
            Directory + "/remove_slot", address.ToString(), cancellationToken).ConfigureAwait(false);
        DriverBinding now = await LookAtListAsync(address, cancellationToken).ConfigureAwait(false);
        if (now.IsListed)
        {
            throw Failed(
                ErrorIds.PcibackSlotFailed,
                address,
                $"pciback did not take {address} out of its list of slots",
                refusal,
                "Look at dom0's kernel log (dmesg) for the reason.");
        }
    }

    /// <summary>Says which driver alone may bind; null lets any.</summary>
    public async Task SetOverrideAsync(PciAddress address, string? driver, CancellationToken cancellationToken)
    {
        // An empty line clears it (drivers/pci/pci-sysfs.c, driver_override_store).
        HostFileException? refusal = await TryStoreAsync(
            $"{DeviceOf(address)}/driver_override", driver ?? "\n", cancellationToken).ConfigureAwait(false);
        DriverBinding now = await LookAsync(address, cancellationToken).ConfigureAwait(false);
        if (now.Override != driver)
        {
            throw Failed(
                ErrorIds.PciDriverOverrideFailed,
                address,
                $"The driver_override of {address} is still '{Terminal.Text.Show(now.Override)}'",
                refusal,
                "Look whether a tool such as driverctl sets it again.");
        }
    }

    /// <summary>Only pciback's list, which costs less than the whole binding.</summary>
    private async Task<DriverBinding> LookAtListAsync(PciAddress address, CancellationToken cancellationToken) => DriverBinding.From(
        address,
        await files.ReadManyAsync(new BulkQuery([DriverBinding.FilesOf(address)[0]], [], []), cancellationToken).ConfigureAwait(false));

    /// <summary>What the write met is only a hint: the state that is read afterwards decides. Missing rights end it at once.</summary>
    private async Task<HostFileException?> TryStoreAsync(string path, string text, CancellationToken cancellationToken)
    {
        try
        {
            await files.WriteOnceAsync(path, Encoding.Latin1.GetBytes(text), cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (HostFileException e) when (e.Errno is not (Errno.EACCES or Errno.EPERM or Errno.EROFS))
        {
            return e;
        }
    }

    private static XenDriverDomainException Failed(
        string id, PciAddress address, string message, HostFileException? refusal, string remedy) => new(
        id,
        ErrorKind.Device,
        refusal is null ? $"{message}, although the kernel reported no error." : $"{message}: {refusal.Message}",
        remedy,
        address,
        refusal);
}
