using System.Globalization;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>The attributes of one function (drivers/pci/pci-sysfs.c, iov.c). The caller holds the machine's lock.</summary>
internal sealed class FunctionDirectory(SimulatedFiles files, PciBus bus, SimulatedFunction function)
{
    // Six BARs, the ROM, six BARs of virtual functions; a bridge has four windows besides.
    private const int ResourceLines = 13;
    private const int BridgeWindows = 4;

    // linux/errno.h; the port's enumeration has only what the product tells apart.
    private const Errno OutOfRange = (Errno)34;

    private FunctionDescription What => function.Description;

    /// <summary>Makes all of them, and the link to the directory.</summary>
    public void Create()
    {
        Fixed("vendor", $"0x{What.VendorId:x4}");
        Fixed("device", $"0x{What.DeviceId:x4}");
        Fixed("subsystem_vendor", $"0x{What.SubsystemVendorId:x4}");
        Fixed("subsystem_device", $"0x{What.SubsystemDeviceId:x4}");
        Fixed("class", $"0x{What.ClassCode:x6}");
        Fixed("revision", $"0x{What.Revision:x2}");
        Fixed("irq", What.Irq.ToString(CultureInfo.InvariantCulture));
        Fixed("modalias", What.ModuleAlias);
        Fixed("resource", Resources());
        Fixed("numa_node", What.NumaNode.ToString(CultureInfo.InvariantCulture));
        Fixed("local_cpulist", "0");
        Attribute("enable", () => function.Binding is null ? "0" : "1", text => StoredText.Number(text) is 0 or 1 ? null : Errno.EINVAL);
        Attribute("msi_bus", () => "1", text => StoredText.Number(text) is null ? Errno.EINVAL : null);
        Attribute("uevent", Event, _ => null);
        Attribute("driver_override", () => function.Override ?? "(null)", SetOverride);
        Attribute("remove", null, text => Ask(text, () => bus.Remove(function)));
        Attribute("rescan", null, text => Ask(text, bus.Rescan));
        if (What.IsPciExpress)
        {
            Fixed("current_link_speed", "2.5 GT/s PCIe");
            Fixed("current_link_width", "1");
            Fixed("max_link_speed", "2.5 GT/s PCIe");
            Fixed("max_link_width", "1");
        }

        if (What.ClassCode >> 8 == 0x0300)
        {
            Fixed("boot_vga", What.IsBootVga ? "1" : "0");
        }

        if (What.ResetMethods.Count > 0)
        {
            Attribute("reset", null, Reset);
        }

        if (What.ResetMethods is not ([] or [PciDevice.UnnamedReset]))
        {
            Attribute("reset_method", () => string.Join(' ', function.ResetMethods), SetResetMethods);
        }

        if (What.VirtualFunctions is { } virtualFunctions)
        {
            Fixed("sriov_totalvfs", virtualFunctions.Total.ToString(CultureInfo.InvariantCulture));
            Fixed("sriov_offset", virtualFunctions.Offset.ToString(CultureInfo.InvariantCulture));
            Fixed("sriov_stride", virtualFunctions.Stride.ToString(CultureInfo.InvariantCulture));
            Fixed("sriov_vf_device", virtualFunctions.DeviceId.ToString("x", CultureInfo.InvariantCulture));
            Attribute(
                "sriov_numvfs",
                () => function.VirtualFunctionCount.ToString(CultureInfo.InvariantCulture),
                text => SetVirtualFunctions(text, virtualFunctions));
        }

        Link("subsystem", "/sys/bus/pci");
        files.Link($"/sys/bus/pci/devices/{function}", SysLink.Target($"/sys/bus/pci/devices/{function}", function.Directory));
    }

    private void Fixed(string name, string text) => files.PutAttribute($"{function.Directory}/{name}", () => text + "\n");

    private void Attribute(string name, Func<string>? show, Func<string, Errno?>? store) =>
        files.PutAttribute($"{function.Directory}/{name}", show is null ? null : () => Line(show()), store);

    // An attribute with nothing to say is empty, without a newline.
    private static string Line(string text) => text.Length == 0 ? text : text + "\n";

    private void Link(string name, string path)
    {
        string link = $"{function.Directory}/{name}";
        files.Link(link, SysLink.Target(link, path));
    }

    private string Resources()
    {
        int count = ResourceLines + (What.IsBridge ? BridgeWindows : 0);
        foreach (PciBar bar in What.Bars)
        {
            count = Math.Max(count, bar.Index + 1);
        }

        string[] lines = new string[count];
        Array.Fill(lines, "0x0000000000000000 0x0000000000000000 0x0000000000000000");
        foreach (PciBar bar in What.Bars)
        {
            lines[bar.Index] = $"0x{bar.Start:x16} 0x{bar.Start + bar.Length - 1:x16} 0x{bar.Flags:x16}";
        }

        return string.Join('\n', lines);
    }

    private string Event()
    {
        StringBuilder text = new();
        if (function.Driver is { } driver)
        {
            text.Append(CultureInfo.InvariantCulture, $"DRIVER={driver}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"PCI_CLASS={What.ClassCode:X}\n")
            .Append(CultureInfo.InvariantCulture, $"PCI_ID={What.VendorId:X4}:{What.DeviceId:X4}\n")
            .Append(CultureInfo.InvariantCulture, $"PCI_SUBSYS_ID={What.SubsystemVendorId:X4}:{What.SubsystemDeviceId:X4}\n")
            .Append(CultureInfo.InvariantCulture, $"PCI_SLOT_NAME={function}\n")
            .Append(CultureInfo.InvariantCulture, $"MODALIAS={What.ModuleAlias}").ToString();
    }

    // driver_set_override (drivers/base/driver.c): up to the first newline; nothing before it clears.
    private Errno? SetOverride(string text)
    {
        if (text.Length >= PciBus.PageSize - 1)
        {
            return Errno.EINVAL;
        }

        string name = text.Split('\n')[0];
        function.Override = name.Length == 0 ? null : name;
        return null;
    }

    private static Errno? Ask(string text, Action what)
    {
        if (StoredText.Number(text) is not { } number)
        {
            return Errno.EINVAL;
        }

        if (number != 0)
        {
            what();
        }

        return null;
    }

    private Errno? Reset(string text) =>
        StoredText.Number(text) != 1 ? Errno.EINVAL : function.ResetMethods.Count == 0 ? Errno.ENOTTY : null;

    private Errno? SetResetMethods(string text)
    {
        string line = StoredText.Line(text);
        string[] names = line == "default" ? [.. What.ResetMethods] : line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (names.Except(What.ResetMethods).Any())
        {
            return Errno.EINVAL;
        }

        function.ResetMethods = [.. names];
        return null;
    }

    // sriov_numvfs_store (drivers/pci/iov.c).
    private Errno? SetVirtualFunctions(string text, VirtualFunctionsDescription virtualFunctions)
    {
        if (StoredText.Number(text) is not { } number || number > ushort.MaxValue)
        {
            return Errno.EINVAL;
        }

        if ((int)number > virtualFunctions.Total)
        {
            return OutOfRange;
        }

        if ((int)number == function.VirtualFunctionCount)
        {
            return null;
        }

        if (function.Driver != What.Driver)
        {
            return Errno.ENOENT;
        }

        if (number != 0 && function.VirtualFunctionCount != 0)
        {
            return Errno.EBUSY;
        }

        bus.SetVirtualFunctions(function, (int)number);
        return null;
    }
}
