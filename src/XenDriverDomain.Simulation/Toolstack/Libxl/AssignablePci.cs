using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Domains;
using XenDriverDomain.Simulation.Files;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>
/// Taking functions from dom0 and giving them back, without a check and without a way back, as libxl does it (libxl_pci.c).
/// </summary>
internal static class AssignablePci
{
    /// <summary>pciback's directory.</summary>
    public const string Pciback = "/sys/bus/pci/drivers/pciback";

    private const int LongestName = 64;

    /// <summary>libxl's record of a function.</summary>
    public static string RecordOf(PciAddress address) => $"/libxl/pci/{address.XenStoreKey}";

    /// <summary>The functions bound to pciback that no domain has, by libxl's records (libxl_device_pci_assignable_list).</summary>
    public static IReadOnlyList<PciAddress> List(XlProcess process)
    {
        if (!Files(process).Exists(Pciback))
        {
            process.Error("libxl_pci.c:444:libxl_device_pci_assignable_list", "Looks like pciback driver not loaded");
            return [];
        }

        return [.. AtOnce.Of(Files(process).ListAsync(Pciback, CancellationToken.None))
            .Where(name => PciAddress.TryParse(name, out _))
            .Select(PciAddress.Parse)
            .Where(address => process.Store.TryRead($"{RecordOf(address)}/domid") is null)];
    }

    /// <summary>True when pciback has the function.</summary>
    public static bool IsBound(XlProcess process, PciAddress address) => Files(process).Exists($"{Pciback}/{address}");

    /// <summary>The function that was given a name; null when there is none.</summary>
    public static PciAddress? FindByName(XlProcess process, string name)
    {
        foreach (string key in process.Store.List("/libxl/pci"))
        {
            if (process.Store.TryRead($"/libxl/pci/{key}/name") == name && PciAddress.TryParse(Address(key), out PciAddress address))
            {
                return address;
            }
        }

        return null;

        static string Address(string key) => key.Length < 4 ? key : $"{key[..^2].Replace('-', ':')}.{key[^1]}";
    }

    /// <summary>
    /// Moves a function to pciback and into quarantine; false when libxl fails, which leaves everything as it is by then.
    /// </summary>
    public static bool Add(XlProcess process, PciAddress address, string? name)
    {
        const string Function = "libxl__device_pci_assignable_add";
        if (name is { Length: > LongestName })
        {
            process.Error($"libxl_pci.c:777:{Function}", "Name too long");
            return false;
        }

        if (name?.Any(c => c is <= ' ' or > '~') == true)
        {
            process.Error($"libxl_pci.c:783:{Function}", "Names may only include printable characters");
            return false;
        }

        string path = $"/sys/bus/pci/devices/{address}";
        if (!Files(process).Exists(path))
        {
            process.Error($"libxl_pci.c:792:{Function}", $"Couldn't lstat {path}: No such file or directory");
            return false;
        }

        if (!IsPcibackThere(process))
        {
            return false;
        }

        if (IsBound(process, address))
        {
            process.Warn($"libxl_pci.c:802:{Function}", $"{address} already assigned to pciback");
        }
        else if (!Move(process, address, path))
        {
            return false;
        }

        string record = $"{RecordOf(address)}/name";
        if (name is not null)
        {
            process.Store.Write(record, name);
        }
        else
        {
            process.Store.Remove(record);
        }

        if (process.World.Hypervisor.Assign(address, Hypervisor.Quarantine) is not null)
        {
            process.Error($"libxl_pci.c:848:{Function}", $"failed to quarantine {address}");
            return false;
        }

        return true;
    }

    /// <summary>Takes a function out of quarantine and out of pciback, and binds it to its old driver when asked to.</summary>
    public static bool Remove(XlProcess process, PciAddress address, bool rebind)
    {
        const string Function = "libxl__device_pci_assignable_remove";
        if (process.World.Hypervisor.Deassign(address, Hypervisor.Quarantine) is not null)
        {
            process.Error($"libxl_pci.c:906:{Function}", $"failed to de-quarantine {address}");
            return false;
        }

        if (!IsPcibackThere(process))
        {
            return false;
        }

        if (IsBound(process, address))
        {
            Unassign(process, address);
        }
        else
        {
            process.Warn($"libxl_pci.c:917:{Function}", "Not bound to pciback");
        }

        string record = RecordOf(address);
        string? driver = process.Store.TryRead($"{record}/driver_path");
        if (rebind && driver is null)
        {
            process.Warn($"libxl_pci.c:938:{Function}", "Couldn't find path for original driver; not rebinding");
        }
        else if (rebind)
        {
            process.Inform($"libxl_pci.c:925:{Function}", $"Rebinding to driver at {driver}");
            if (!WriteAddress(process, $"{driver}/bind", address))
            {
                process.Error($"libxl_pci.c:930:{Function}", $"Couldn't bind device to {driver}");
                return false;
            }

            process.Store.Remove($"{record}/driver_path");
        }

        process.Store.Remove($"{record}/name");
        return true;
    }

    /// <summary>One write to a file of dom0's; the errno when it fails.</summary>
    public static Errno? TryWrite(XlProcess process, string path, string text)
    {
        try
        {
            ValueTask writing = Files(process).WriteOnceAsync(path, Encoding.ASCII.GetBytes(text), CancellationToken.None);
            AtOnce.Of(writing);
            return null;
        }
        catch (HostFileException e)
        {
            return e.Errno;
        }
    }

    private static bool Move(XlProcess process, PciAddress address, string path)
    {
        const string Function = "libxl__device_pci_assignable_add";
        string record = $"{RecordOf(address)}/driver_path";
        string? driver = Files(process).Exists($"{path}/driver")
            ? AtOnce.Of(Files(process).ResolveAsync($"{path}/driver", CancellationToken.None))
            : null;
        if (driver is not null)
        {
            if (!WriteAddress(process, $"{driver}/unbind", address))
            {
                process.Error("libxl_pci.c:520:sysfs_dev_unbind", "Couldn't unbind device");
                process.Error($"libxl_pci.c:808:{Function}", $"Couldn't unbind {address} from driver");
                return false;
            }

            process.Store.Write(record, driver);
        }
        else if (process.Store.TryRead(record) is { } earlier)
        {
            process.Inform($"libxl_pci.c:819:{Function}", $"{address} not bound to a driver, will be rebound to {earlier}");
        }
        else
        {
            process.Warn($"libxl_pci.c:822:{Function}", $"{address} not bound to a driver, will not be rebound.");
        }

        if ((!HasSlot(process, address) && !WriteAddress(process, $"{Pciback}/new_slot", address))
            || !WriteAddress(process, $"{Pciback}/bind", address))
        {
            process.Error("libxl_pci.c:729:pciback_dev_assign", "Couldn't bind device to pciback!");
            process.Error($"libxl_pci.c:830:{Function}", "Couldn't bind device to pciback!");
            return false;
        }

        return true;
    }

    // What fails here libxl does not look at.
    private static void Unassign(XlProcess process, PciAddress address)
    {
        if (!WriteAddress(process, $"{Pciback}/unbind", address))
        {
            process.Error("libxl_pci.c:739:pciback_dev_unassign", "Couldn't unbind device!");
        }
        else if (HasSlot(process, address) && !WriteAddress(process, $"{Pciback}/remove_slot", address))
        {
            process.Error("libxl_pci.c:747:pciback_dev_unassign", "Couldn't remove pciback slot");
        }
    }

    private static bool IsPcibackThere(XlProcess process)
    {
        if (Files(process).Exists(Pciback))
        {
            return true;
        }

        process.Error("libxl_pci.c:693:pciback_dev_is_assigned", "Looks like pciback driver is not loaded");
        return false;
    }

    private static bool HasSlot(XlProcess process, PciAddress address) =>
        Files(process).Text($"{Pciback}/slots")?.Split('\n').Contains(address.ToString()) == true;

    private static bool WriteAddress(XlProcess process, string path, PciAddress address)
    {
        if (TryWrite(process, path, address.ToString()) is not { } errno)
        {
            return true;
        }

        process.Error(
            errno == Errno.ENOENT ? "libxl_pci.c:371:sysfs_write_bdf" : "libxl_pci.c:380:sysfs_write_bdf",
            errno == Errno.ENOENT
                ? $"Couldn't open {path}: {ErrnoWords.Of(errno)}"
                : $"write to {path} returned -1: {ErrnoWords.Of(errno)}");
        return false;
    }

    private static SimulatedFiles Files(XlProcess process) => process.World.Machine.Files;
}
