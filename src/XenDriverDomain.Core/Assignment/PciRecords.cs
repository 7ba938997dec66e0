using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Assignment;

/// <summary>
/// The toolstack's record of one function in xenstore, kept as libxl keeps them (libxl_pci.c, pci_info_xs_write), so that
/// <c>xl pci-assignable-remove -r</c> gives back what we took, and the other way round.
/// </summary>
internal sealed class PciRecords(XenStorePath root, PciAddress address)
{
    private XenStorePath Device => root / address.XenStoreKey;

    /// <summary>What is written down now.</summary>
    public async Task<PciRecord> ReadAsync(Dom0 dom0, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);

        return await PciRecordReader.ReadAsync(store, root, address, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes down the driver that the function gets back.</summary>
    public StepPart SetDriverPath(string path) => new ChangeNodes(new WriteNode(Device / PciRecordReader.DriverPathNode, path));

    /// <summary>
    /// Forgets the driver, but only while the function is with it: else nobody would know any more where the function belongs. xl may
    /// take the function at any time and asks nobody; it writes the record after it has unbound the driver. So the driver is looked for
    /// within the transaction, which conflicts with xl's writing, and once more after it, since sysfs is in no transaction, and an
    /// oxenstored that sees the very same value written again sees no conflict: what then went by mistake is written again.
    /// </summary>
    /// <param name="driver">The driver that must have it; null when any may but pciback.</param>
    /// <returns>A part that throws PciDriverBindFailed when no such driver has it, and the record is kept.</returns>
    public StepPart ForgetDriver(string? driver) => new Act<bool>(
        new ChangeNodes(Remove(PciRecordReader.DriverPathNode))
        {
            While = driver is null ? Pciback.IsWithDom0(address) : Pciback.IsBound(address, driver),
        },
        async (isForgotten, hand, token) =>
        {
            if (!isForgotten)
            {
                throw NotBack(driver, await new Pciback(hand.Dom0.Files).GetDriverAsync(address, token).ConfigureAwait(false));
            }
        });

    /// <summary>Writes down the function's name; null forgets it.</summary>
    public StepPart SetName(string? name) =>
        new ChangeNodes(name is null ? Remove(PciRecordReader.NameNode) : new WriteNode(Device / PciRecordReader.NameNode, name));

    /// <summary>Forgets the domain that had the function, unless another one was written down meanwhile.</summary>
    public StepPart ForgetDomain(string seen) =>
        new ChangeNodes(new RemoveNode(Device / PciRecordReader.DomidNode) { If = new NodeIs(Device / PciRecordReader.DomidNode, seen) });

    /// <summary>The error of a function whose record is kept, since it is not where it would need none.</summary>
    /// <param name="driver">The driver that should have it; null for any of dom0's.</param>
    /// <param name="now">The driver that has it; null when none has, or that is not known.</param>
    public XenDriverDomainException NotBack(string? driver, string? now) => new(
        ErrorIds.PciDriverBindFailed,
        ErrorKind.InvalidState,
        $"{address} is not back with {(driver is null ? "a driver of dom0" : Terminal.Text.Show(driver))}"
        + $"{(now is null ? string.Empty : $" but with {Terminal.Text.Show(now)}")}, so the record is kept to say where it belongs.",
        "Look whether another program (xl, driverctl) moves the same device, then run Remove-XenPciAssignable, which goes by the record.",
        address);

    // What holds nothing any more goes, too; libxl leaves it behind.
    private RemoveNode Remove(string node) => new(Device / node) { UpTo = root.Parent };
}
