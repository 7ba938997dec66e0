using XenDriverDomain.Access;
using XenDriverDomain.Configuration;
using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Waiting;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.DriverDomains;

/// <summary>What must hold before a driver domain can start; each refusal has its own id.</summary>
internal sealed class DriverDomainChecks(Dom0 dom0, PciInventory pci)
{
    /// <summary>Refuses a configuration that cannot work, or a function that cannot be given to a domain now.</summary>
    /// <exception cref="XenDriverDomainException">DriverDomainDeviceMissing, DriverDomainFileNotFound,
    /// DriverDomainDeviceNotAssignable, or the id of what DomainConfigChecks found.</exception>
    public async Task RequireAsync(DomainConfiguration configuration, object target, CancellationToken cancellationToken)
    {
        await RequireFilesAsync(configuration, target, cancellationToken).ConfigureAwait(false);
        if (await FindNotAssignableAsync(configuration, cancellationToken).ConfigureAwait(false) is [var first, ..])
        {
            throw NotAssignable(first);
        }
    }

    /// <summary>Refuses a configuration that cannot work, whoever has its functions.</summary>
    /// <exception cref="XenDriverDomainException">DriverDomainDeviceMissing, DriverDomainFileNotFound, or the id of what
    /// DomainConfigChecks found.</exception>
    public async Task RequireFilesAsync(DomainConfiguration configuration, object target, CancellationToken cancellationToken)
    {
        RequireSound(configuration, target, _ => true);
        if (configuration.PciDevices.Count == 0)
        {
            throw new XenDriverDomainException(
                ErrorIds.DriverDomainDeviceMissing,
                ErrorKind.InvalidArgument,
                $"{configuration.Name} lists no PCI device: it would not be a driver domain.",
                "Name the device that it shall drive with -PciDevice.",
                target);
        }

        await Task.WhenAll(
            RequireFileAsync("kernel", configuration.Kernel, cancellationToken),
            RequireFileAsync("initial RAM disk", configuration.Ramdisk, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>The functions that a configuration lists and that no domain can be given now.</summary>
    public async Task<IReadOnlyList<PciDevice>> FindNotAssignableAsync(
        DomainConfiguration configuration, CancellationToken cancellationToken)
    {
        IReadOnlyList<PciAddress> wanted = await NotSurelyAssignableAsync(Addresses(configuration), cancellationToken)
            .ConfigureAwait(false);
        IReadOnlyList<PciDevice> known = wanted.Count > 1
            ? await pci.ListAsync(cancellationToken).ConfigureAwait(false)
            : [.. await Task.WhenAll(wanted.Select(a => pci.GetAsync(a, cancellationToken))).ConfigureAwait(false)];
        List<PciDevice> found = [];
        foreach (PciAddress address in wanted)
        {
            PciDevice device = known.FirstOrDefault(d => d.Address == address)
                ?? await pci.GetAsync(address, cancellationToken).ConfigureAwait(false);
            if (device.State != PciDeviceState.Assignable)
            {
                found.Add(device);
            }
        }

        return found;
    }

    /// <summary>Refuses what no host could carry out.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="target">The user's object.</param>
    /// <param name="counts">Which findings are refusals.</param>
    public static void RequireSound(DomainConfiguration configuration, object target, Func<Finding, bool> counts)
    {
        Finding[] findings = [.. DomainConfigChecks.Check(configuration).Where(counts)];
        if (findings.Length > 0)
        {
            throw Finding.ToException(findings, target);
        }
    }

    /// <summary>The functions that a configuration lists by address; those by name or by slot are for xl to resolve.</summary>
    public static IReadOnlyList<PciAddress> Addresses(DomainConfiguration configuration) =>
        [.. configuration.PciDevices.Where(d => d is { Address: not null, AllFunctions: false }).Select(d => d.Address!.Value)];

    private async Task RequireFileAsync(string what, string? path, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            return;
        }

        // xl resolves a relative path against its own current directory, which over SSH is anybody's guess.
        HostFileKind kind = path.StartsWith('/')
            ? await dom0.Files.GetKindAsync(path, cancellationToken).ConfigureAwait(false)
            : HostFileKind.None;
        if (kind != HostFileKind.File)
        {
            throw new XenDriverDomainException(
                ErrorIds.DriverDomainFileNotFound,
                ErrorKind.NotFound,
                path.StartsWith('/')
                    ? $"The {what} {Terminal.Text.Show(path)} is no file on dom0."
                    : $"The {what} '{Terminal.Text.Show(path)}' is no full path.",
                "Give the full path of a file that exists on dom0.",
                path);
        }
    }

    // The good case in one round trip: bound to pciback, and no record of an owner. Only for the others the whole inventory is
    // read, which says who has them.
    private async Task<IReadOnlyList<PciAddress>> NotSurelyAssignableAsync(
        IReadOnlyList<PciAddress> wanted, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        (BulkAnswer bound, bool[] hasOwner) = await Together.AllAsync(
            dom0.Files.ReadManyAsync(
                new BulkQuery([], [], [.. wanted.Select(PcibackPaths.LinkOf)]), cancellationToken).AsTask(),
            Task.WhenAll(wanted.Select(a => PciRecordReader.HasOwnerAsync(store, a, cancellationToken)))).ConfigureAwait(false);
        IReadOnlySet<string> there = bound.Names;
        return [.. wanted.Where((a, i) => !there.Contains(PcibackPaths.LinkOf(a)) || hasOwner[i])];
    }

    /// <summary>The refusal of a function that cannot be given to a domain now, with who has it.</summary>
    public static XenDriverDomainException NotAssignable(PciDevice device)
    {
        (string why, string remedy) = device.State switch
        {
            PciDeviceState.Assigned => (
                $"{(device.Domain is null ? $"domid {device.Domid}" : Terminal.Text.Show(device.Domain))} has it",
                "Stop that domain, or take the device from it."),
            PciDeviceState.Stale => (
                $"the toolstack's record says that domid {device.Domid} has it, which is gone",
                $"Make it assignable again with Add-XenPciAssignable {device.Address}."),
            _ => (
                device.Driver is null ? "dom0 has it" : $"dom0's driver {device.Driver} has it",
                $"Take it from dom0 with Add-XenPciAssignable {device.Address}."),
        };
        return new XenDriverDomainException(
            ErrorIds.DriverDomainDeviceNotAssignable,
            device.State is PciDeviceState.Assigned ? ErrorKind.InUse : ErrorKind.InvalidState,
            $"{device.Address} cannot be given to a domain: {why}.",
            remedy,
            device.Address);
    }
}
