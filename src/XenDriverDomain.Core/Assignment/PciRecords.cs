using XenDriverDomain.Access;
using XenDriverDomain.Pci;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Assignment;

/// <summary>
/// The toolstack's record of one function in xenstore, kept as libxl keeps them (libxl_pci.c, pci_info_xs_write), so that
/// <c>xl pci-assignable-remove -r</c> gives back what we took, and the other way round.
/// </summary>
internal sealed class PciRecords(Dom0 dom0, XenStorePath root, PciAddress address)
{
    private XenStorePath Device => root / address.XenStoreKey;

    /// <summary>What is written down now.</summary>
    public async Task<PciRecord> ReadAsync(CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);

        return await PciRecordReader.ReadAsync(store, root, address, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes down the driver that the function gets back.</summary>
    public Task SetDriverPathAsync(string path, CancellationToken cancellationToken) =>
        SetAsync(PciRecordReader.DriverPathNode, path, cancellationToken);

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
                forgotten = await tree.TryReadTextAsync(Device / PciRecordReader.DriverPathNode, token).ConfigureAwait(false);
                if (!await isWithDriverAsync(token).ConfigureAwait(false))
                {
                    return false;
                }

                await RemoveAsync(tree, PciRecordReader.DriverPathNode, token).ConfigureAwait(false);
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
                    if (await tree.TryReadTextAsync(Device / PciRecordReader.DriverPathNode, token).ConfigureAwait(false) is null)
                    {
                        await tree.WriteTextAsync(Device / PciRecordReader.DriverPathNode, forgotten, token).ConfigureAwait(false);
                    }

                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Writes down the function's name; null forgets it.</summary>
    public Task SetNameAsync(string? name, CancellationToken cancellationToken) =>
        SetAsync(PciRecordReader.NameNode, name, cancellationToken);

    /// <summary>Forgets the domain that had the function, unless another one was written down meanwhile.</summary>
    public async Task ForgetDomainAsync(string seen, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        await store.TransactAsync(
            async (tree, token) =>
            {
                if (await tree.TryReadTextAsync(Device / PciRecordReader.DomidNode, token).ConfigureAwait(false) == seen)
                {
                    await tree.RemoveAsync(Device / PciRecordReader.DomidNode, token).ConfigureAwait(false);
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
