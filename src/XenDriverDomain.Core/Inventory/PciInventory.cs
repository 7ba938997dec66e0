using System.Globalization;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Boot;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Pci.Uses;
using XenDriverDomain.Waiting;

namespace XenDriverDomain.Inventory;

/// <summary>
/// Reads the PCI functions of a host: sysfs and procfs in one round trip, and beside it, at the same time, dom0's addresses and the
/// toolstack's records. Works without Xen, with what Xen knows left out.
/// </summary>
public sealed class PciInventory
{
    private const int TableLimit = 4 * 1024 * 1024;

    // What is known of the next boot comes in the same round trip.
    private static readonly BulkQuery s_everything = new(
        [.. PciQueries.All.Files, .. BootQueries.All.Files.Except(PciQueries.All.Files)],
        PciQueries.All.Links,
        [.. PciQueries.All.Names, .. BootQueries.All.Names]);

    private readonly Dom0 _dom0;
    private readonly PciIdsSource _ids;
    private readonly ModuleAliases _modules;
    private readonly PciOwners _owners;

    /// <summary>Creates the inventory of a host. Names and module aliases are kept in it, so keep it as long as the connection.</summary>
    /// <param name="dom0">The host.</param>
    /// <param name="here">
    /// The files of the machine that this runs on, asked for pci.ids before dom0's are; null when that is dom0 itself.
    /// </param>
    public PciInventory(Dom0 dom0, IDom0Files? here = null)
    {
        ArgumentNullException.ThrowIfNull(dom0);
        _dom0 = dom0;
        _ids = new PciIdsSource(dom0.Files, here);
        _modules = new ModuleAliases(dom0.Commands);
        _owners = new PciOwners(dom0);
    }

    /// <summary>All functions, by address.</summary>
    public Task<IReadOnlyList<PciDevice>> ListAsync(CancellationToken cancellationToken) =>
        ReadAllAsync(s_everything, null, cancellationToken);

    /// <summary>
    /// All functions, and what dom0 calls its interfaces and disks, in as many round trips as <see cref="ListAsync"/> needs.
    /// </summary>
    /// <param name="disks">Disks that are asked for, by names or patterns: what links below /dev they name is read along.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<PciLook> LookAsync(IReadOnlyList<string> disks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(disks);
        KernelNames? names = null;
        IReadOnlyList<PciDevice> devices = await ReadAllAsync(
            KernelNames.More(s_everything, disks), answer => names = KernelNames.Read(answer), cancellationToken).ConfigureAwait(false);
        return new PciLook(devices, names!);
    }

    /// <summary>What dom0 calls its interfaces and disks, and nothing of the functions but their addresses.</summary>
    /// <param name="disks">As for <see cref="LookAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<KernelNames> ListNamesAsync(IReadOnlyList<string> disks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(disks);
        return KernelNames.Read(
            await _dom0.Files.ReadManyAsync(KernelNames.More(KernelNames.Alone, disks), cancellationToken).ConfigureAwait(false));
    }

    private async Task<IReadOnlyList<PciDevice>> ReadAllAsync(
        BulkQuery query, Action<BulkAnswer>? hears, CancellationToken cancellationToken)
    {
        Task<BulkAnswer> sys = _dom0.Files.ReadManyAsync(query, cancellationToken).AsTask();
        Task<IReadOnlyDictionary<PciAddress, PciRecord>?> records = _owners.ReadAsync(sys, cancellationToken);
        Task<HostUsage> usage = ReadUsageAsync(sys, cancellationToken);
        Task<PciIds> ids = _ids.GetAsync(cancellationToken);
        Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> modules = _modules.FindAsync(sys, cancellationToken);
        Task<BootSituation?> boot = BootReader.LookAsync(_dom0.Files, sys, cancellationToken);

        // All are awaited even when one fails, so that nothing is left running.
        await Task.WhenAll(sys, records, usage, ids, modules, boot).ConfigureAwait(false);
        hears?.Invoke(await sys.ConfigureAwait(false));
        return Assemble(
            await sys.ConfigureAwait(false),
            await records.ConfigureAwait(false),
            await usage.ConfigureAwait(false),
            await ids.ConfigureAwait(false),
            await modules.ConfigureAwait(false),
            await boot.ConfigureAwait(false));
    }

    /// <summary>
    /// All functions, by address, as their drivers and the toolstack have them, with their names. What the whole host must be
    /// looked at for is left out, which saves most of the time: modules, resources, and what dom0 uses them for.
    /// </summary>
    public async Task<IReadOnlyList<PciDevice>> ListBrieflyAsync(CancellationToken cancellationToken)
    {
        (PciIds names, List<PciDevice> devices) = await Together.AllAsync(
            _ids.GetAsync(cancellationToken),
            ReadBrieflyAsync(PciQueries.Brief, cancellationToken)).ConfigureAwait(false);
        return devices.ConvertAll(device => Name(device, names));
    }

    /// <summary>One function, or null when no such address exists.</summary>
    public async Task<PciDevice?> TryGetAsync(PciAddress address, CancellationToken cancellationToken)
    {
        // All are read, as siblings, bridges and uses are known of the whole only; one device would cost the same round trip.
        IReadOnlyList<PciDevice> devices = await ListAsync(cancellationToken).ConfigureAwait(false);
        return devices.FirstOrDefault(device => device.Address == address);
    }

    /// <summary>
    /// One function as its drivers and the toolstack have it, or null when no such address exists. Names and siblings are left
    /// out, too, beside what <see cref="ListBrieflyAsync"/> leaves out.
    /// </summary>
    public async Task<PciDevice?> TryGetAloneAsync(PciAddress address, CancellationToken cancellationToken) =>
        (await ReadBrieflyAsync(PciQueries.Alone(address), cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>One function.</summary>
    /// <exception cref="XenDriverDomainException">PciDeviceNotFound.</exception>
    public async Task<PciDevice> GetAsync(PciAddress address, CancellationToken cancellationToken) =>
        PciListing.Find(await ListAsync(cancellationToken).ConfigureAwait(false), address, _dom0.Id);

    private async Task<List<PciDevice>> ReadBrieflyAsync(BulkQuery query, CancellationToken cancellationToken)
    {
        Task<BulkAnswer> sys = _dom0.Files.ReadManyAsync(query, cancellationToken).AsTask();
        Task<IReadOnlyDictionary<PciAddress, PciRecord>?> reading = _owners.ReadAsync(sys, cancellationToken);
        (BulkAnswer answer, IReadOnlyDictionary<PciAddress, PciRecord>? records) =
            await Together.AllAsync(sys, reading).ConfigureAwait(false);
        return PciSysfs.Read(_dom0.Id, answer, _dom0.Reporter)
            .ConvertAll(device => Own(device, records?.GetValueOrDefault(device.Address)));
    }

    private async Task<HostUsage> ReadUsageAsync(Task<BulkAnswer> sys, CancellationToken cancellationToken)
    {
        Task<string?> addresses = ReadAddressesAsync(cancellationToken);
        BulkAnswer answer = await sys.ConfigureAwait(false);

        // The mounts of the whole host; of the reading process where it may not look at the first one.
        string own = answer.Files.ContainsKey("/proc/1/mountinfo") ? "1" : "self";
        (string? mounts, string? route4, string? route6, string? local) = await Together.AllAsync(
            CompleteAsync(answer, $"/proc/{own}/mountinfo", cancellationToken),
            CompleteAsync(answer, "/proc/net/route", cancellationToken),
            CompleteAsync(answer, "/proc/net/ipv6_route", cancellationToken),
            addresses).ConfigureAwait(false);
        return new HostUsage(MountTable.Parse(mounts ?? string.Empty), new HostNetwork(local, route4, route6));
    }

    /// <summary>A table as the bulk read has it, or read for itself when it is longer than a bulk read may bring.</summary>
    private async Task<string?> CompleteAsync(BulkAnswer answer, string path, CancellationToken cancellationToken)
    {
        if (!answer.Files.TryGetValue(path, out string? text))
        {
            return null;
        }

        // A last newline is not counted in the answer.
        if (text.Length >= BulkQuery.FileLimit - 1)
        {
            try
            {
                return Encoding.UTF8.GetString(
                    await _dom0.Files.ReadAsync(path, TableLimit, cancellationToken).ConfigureAwait(false));
            }
            catch (XenDriverDomainException e)
            {
                _dom0.Reporter.Warning($"What {_dom0.Id} uses its devices for is known in part only: {e.Message}");
            }
        }

        return ByteText.Decode(text);
    }

    private async Task<string?> ReadAddressesAsync(CancellationToken cancellationToken)
    {
        try
        {
            CommandResult result = await _dom0.Commands.RunAsync(
                new CommandRequest("ip", ["-o", "addr", "show"]) { Timeout = TimeSpan.FromSeconds(20) }, cancellationToken)
                .ConfigureAwait(false);
            if (result.ExitCode == 0)
            {
                return result.StandardOutput;
            }
        }
        catch (XenDriverDomainException)
        {
            // Not installed, not allowed: the routes tell enough to protect dom0's own network.
        }

        _dom0.Reporter.Verbose($"The program ip does not work on {_dom0.Id}; addresses of network interfaces are told by its routes.");
        return null;
    }

    private List<PciDevice> Assemble(
        BulkAnswer sys,
        IReadOnlyDictionary<PciAddress, PciRecord>? records,
        HostUsage usage,
        PciIds ids,
        IReadOnlyDictionary<string, IReadOnlyList<string>> modules,
        BootSituation? boot)
    {
        List<PciDevice> devices = PciSysfs.Read(_dom0.Id, sys, _dom0.Reporter);
        IReadOnlyList<FunctionUse> blocks = BlockUses.Find(sys, usage.Mounts, out bool rootIsTraced);
        if (!rootIsTraced && usage.Mounts.FirstOrDefault(mount => mount.Point == "/") is { } root)
        {
            _dom0.Reporter.Verbose(
                $"Below which device the root file system of {_dom0.Id} lies ({Terminal.Text.Show(root.Type)}, "
                + $"{Terminal.Text.Show(root.Source)}) is not known; no device is marked as carrying it.");
        }

        FunctionUse[] uses =
        [
            .. NetworkUses.Find(sys, usage.Network), .. blocks, .. UsbUses.Find(sys), .. ConsoleUses.Find(sys, devices),
        ];
        return devices.ConvertAll(device => Own(
            Name(device, ids) with
            {
                UsedBy = [.. uses.Where(one => one.Function == device.Address).Select(one => one.Use)],
                StateAtNextBoot = boot?.StateOf(device) ?? PciNextBootState.Unknown,
                Modules = sys.Files.TryGetValue($"{PciQueries.Devices}/{device.Address}/modalias", out string? alias)
                    ? modules.GetValueOrDefault(alias.Trim()) ?? []
                    : [],
            },
            records?.GetValueOrDefault(device.Address)));
    }

    private static PciDevice Name(PciDevice device, PciIds ids) => device with
    {
        ClassName = ids.FindClass(device.ClassCode) ?? Hex(device.ClassCode >> 8),
        InterfaceName = ids.FindInterface(device.ClassCode),
        VendorName = ids.FindVendor(device.VendorId) ?? Hex(device.VendorId),
        DeviceName = ids.FindDevice(device.VendorId, device.DeviceId) ?? Hex(device.DeviceId),
        SubsystemName = ids.FindSubsystem(device.VendorId, device.DeviceId, device.SubsystemVendorId, device.SubsystemDeviceId),
    };

    private static string Hex(int number) => number.ToString("x4", CultureInfo.InvariantCulture);

    private static PciDevice Own(PciDevice device, PciRecord? record)
    {
        if (record is null)
        {
            return device;
        }

        // A back end that a dead domain left behind says nothing about a device that is back with a driver of dom0's.
        bool isLeftOver = record.Owner is { IsFromBackend: true, IsAlive: false } && device.State == PciDeviceState.Host;
        PciOwner? owner = isLeftOver ? null : record.Owner;
        return device with
        {
            State = owner switch
            {
                null => device.State,
                { IsAlive: true } => PciDeviceState.Assigned,
                _ => PciDeviceState.Stale,
            },
            AssignableName = record.AssignableName,
            OriginalDriver = record.OriginalDriver,
            Domid = owner?.Domid,
            Domain = owner?.Name,
        };
    }
}
