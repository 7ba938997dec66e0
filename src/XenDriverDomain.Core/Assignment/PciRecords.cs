using XenDriverDomain.Access;
using XenDriverDomain.Pci;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Assignment;

/// <summary>
/// The toolstack's records of one function in xenstore, kept as libxl keeps them (libxl_pci.c, pci_info_xs_write), so that
/// <c>xl pci-assignable-remove -r</c> gives back what we took, and the other way round.
/// </summary>
internal sealed class PciRecords(Dom0 dom0, XenStorePath root, PciAddress address)
{
    private const string DriverPathNode = "driver_path";
    private const string NameNode = "name";
    private const string DomidNode = "domid";

    private XenStorePath Device => root / address.XenStoreKey;

    /// <summary>What is written down now.</summary>
    public async Task<PciRecord> ReadAsync(CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);

        // Started together: requests are pipelined, so this is one round trip.
        ValueTask<string?> path = store.TryReadTextAsync(Device / DriverPathNode, cancellationToken);
        ValueTask<string?> name = store.TryReadTextAsync(Device / NameNode, cancellationToken);
        ValueTask<string?> domid = store.TryReadTextAsync(Device / DomidNode, cancellationToken);
        Task<string?>[] all = [path.AsTask(), name.AsTask(), domid.AsTask()];
        string?[] values = await Task.WhenAll(all).ConfigureAwait(false);
        return new PciRecord(values[0], values[1], values[2]);
    }

    /// <summary>Writes down the driver that the function gets back.</summary>
    public Task SetDriverPathAsync(string path, CancellationToken cancellationToken) => SetAsync(DriverPathNode, path, cancellationToken);

    /// <summary>
    /// Forgets the driver, but only while the function is with it: else nobody would know any more where the function belongs. xl may
    /// take the function at any time and asks nobody; it writes the record after it has unbound the driver. So the driver is looked for
    /// within the transaction, which conflicts with xl's writing, and once more after it, since sysfs is in no transaction, and an
    /// oxenstored that sees the very same value written again sees no conflict: what then went by mistake is written again.
    /// </summary>
    /// <param name="isWithDriverAsync">Looks whether the function is with a driver that needs no record.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when it is not, and the record is kept.</returns>
    public async Task<bool> TryForgetDriverAsync(
        Func<CancellationToken, Task<bool>> isWithDriverAsync, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        string? forgotten = null;
        bool isWithDriver = await store.TransactAsync(
            async (tree, token) =>
            {
                forgotten = await tree.TryReadTextAsync(Device / DriverPathNode, token).ConfigureAwait(false);
                if (!await isWithDriverAsync(token).ConfigureAwait(false))
                {
                    return false;
                }

                await RemoveAsync(tree, DriverPathNode, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        if (!isWithDriver || await isWithDriverAsync(cancellationToken).ConfigureAwait(false))
        {
            return isWithDriver;
        }

        if (forgotten is not null)
        {
            await store.TransactAsync(
                async (tree, token) =>
                {
                    if (await tree.TryReadTextAsync(Device / DriverPathNode, token).ConfigureAwait(false) is null)
                    {
                        await tree.WriteTextAsync(Device / DriverPathNode, forgotten, token).ConfigureAwait(false);
                    }

                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Writes down the function's name; null forgets it.</summary>
    public Task SetNameAsync(string? name, CancellationToken cancellationToken) => SetAsync(NameNode, name, cancellationToken);

    /// <summary>Forgets the domain that had the function, unless another one was written down meanwhile.</summary>
    public async Task ForgetDomainAsync(string seen, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        await store.TransactAsync(
            async (tree, token) =>
            {
                if (await tree.TryReadTextAsync(Device / DomidNode, token).ConfigureAwait(false) == seen)
                {
                    await tree.RemoveAsync(Device / DomidNode, token).ConfigureAwait(false);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task SetAsync(string node, string? value, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        if (value is not null)
        {
            await store.WriteTextAsync(Device / node, value, cancellationToken).ConfigureAwait(false);
            return;
        }

        await store.TransactAsync(
            async (tree, token) =>
            {
                await RemoveAsync(tree, node, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task RemoveAsync(IXenStore tree, string node, CancellationToken cancellationToken)
    {
        await tree.RemoveAsync(Device / node, cancellationToken).ConfigureAwait(false);

        // What holds nothing any more goes, too; libxl leaves it behind.
        for (XenStorePath path = Device; path.Parent is { } parent; path = parent)
        {
            if (await tree.TryListAsync(path, cancellationToken).ConfigureAwait(false) is not { Count: 0 })
            {
                break;
            }

            await tree.RemoveAsync(path, cancellationToken).ConfigureAwait(false);
        }
    }
}
