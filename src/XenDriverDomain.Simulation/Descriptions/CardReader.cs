using System.Globalization;
using System.Text.RegularExpressions;
using XenDriverDomain.Network;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Descriptions;

/// <summary>Reads one table of <c>Cards</c>.</summary>
/// <param name="facts">What holds for the whole machine.</param>
internal sealed partial class CardReader(MachineFacts facts)
{
    /// <summary>The keys of a card.</summary>
    public static readonly string[] Keys =
    [
        "Address", "Model", "Subsystem", "Class", "Revision", "Behind", "Root", "Express", "Irq", "Msi", "Registers", "Reset", "Numa",
        "Driver", "Interface", "Mac", "Up", "Bridge", "IP", "Gateway", "Disks", "Usb", "Screen", "BootVga", "VirtualFunctions",
        "Assignable", "SharedReservedMemory",
    ];

    private static readonly string[] s_diskKeys = ["Name", "SizeGB", "Mounts", "Swap"];
    private static readonly string[] s_virtualKeys = ["Total", "AtBoot", "Offset", "Stride", "Device", "Driver"];
    private static readonly string[] s_resets = ["flr", "af_flr", "pm", "bus", "device_specific", "acpi", "cxl_bus"];
    private static readonly string[] s_mice = ["Keyboard", "Mouse"];

    // Where registers lie that nobody placed: far apart, so that no two share a page.
    private const ulong FirstRegister = 0xa0000000;
    private const ulong RegisterDistance = 0x200000;
    private const ulong RegisterLength = 0x20000;
    private const int FirstIrq = 24;
    private const int FirstMessage = 100;

    private readonly string[] _modelNames = [.. CardModel.All.Select(model => model.Name)];
    private int _count;
    private int _usbBuses;

    /// <summary>Reads a card.</summary>
    public DescribedCard Read(DescriptionTable table)
    {
        int number = _count++;
        PciAddress address = Address(table, "Address", table.Required("Address", "the address of a PCI function, such as '03:00.0'"));
        (string chip, CardModel? model) = Model(table);
        int code = ClassOf(table, model, chip);
        string? driver = table.Has("Driver") ? table.AnyText("Driver") is { Length: > 0 } named ? named : null : model?.Driver;
        if (driver is not null && !DriverName().IsMatch(driver))
        {
            throw table.Wrong("Driver", "it is no name of a driver", "a driver's name of letters, digits, - and _; '' for none");
        }

        bool isExpress = table.Flag("Express", model?.IsExpress ?? true);
        bool hasMessages = table.Flag("Msi", model?.HasMessages ?? isExpress);
        string? interfaceName = InterfaceOf(table, code, driver, address);
        (IReadOnlyList<string> addresses, string? gateway) = NetworkReader.Addresses(table, interfaceName is not null);
        string? bridge = interfaceName is not null ? table.Text("Bridge") : null;
        IReadOnlyList<DescribedDisk> disks = Disks(table, code, driver);
        FunctionDescription function = new(address)
        {
            Parent = table.Text("Behind") is { } behind ? Address(table, "Behind", behind) : null,
            ClassCode = code,
            VendorId = Hex(chip[..4]),
            DeviceId = Hex(chip[5..]),
            SubsystemVendorId = Hex(Subsystem(table, model)[..4]),
            SubsystemDeviceId = Hex(Subsystem(table, model)[5..]),
            Revision = (byte)(table.Number("Revision", 0, 255) ?? 0),
            Irq = table.Number("Irq", 0, 1023) ?? (code >> 8 == 0x0600 ? 0 : FirstIrq + number),
            NumaNode = table.Number("Numa", -1, 255) ?? -1,
            Bars = Registers(table, code, number),
            ResetMethods = Resets(table, model),
            IsPciExpress = isExpress,
            IsBootVga = table.Flag("BootVga", false),
            SharesReservedMemory = table.Flag("SharedReservedMemory", false),
            Driver = driver,
            Children =
            [
                .. hasMessages && driver is not null ? (ChildDevice[])[Parts.MessageInterrupts(FirstMessage + (10 * number))] : [],
                .. Interface(table, interfaceName, address, bridge, addresses.Count > 0),
                .. DiskDevices.Of(disks, code, number),
                .. Usb(table, code),
                .. Screen(table, code, number),
            ],
            VirtualFunctions = VirtualFunctions(table, model, interfaceName),
        };
        CheckKind(table, function);
        return new DescribedCard(table, function)
        {
            HasDefaultPlace = !table.Has("Behind") && !table.Flag("Root", false),
            Interface = interfaceName,
            Bridge = bridge,
            Addresses = addresses,
            Gateway = gateway,
            Disks = disks,
            IsAssignable = table.Flag("Assignable", false),
        };
    }

    /// <summary>Reads an address.</summary>
    public static PciAddress Address(DescriptionTable table, string key, string text) => PciAddress.TryParse(text, out PciAddress address)
        ? address
        : throw table.Wrong(key, "it is no PCI address", "[DDDD:]BB:DD.F in hexadecimal, such as '03:00.0'");

    private static void CheckKind(DescriptionTable table, FunctionDescription function)
    {
        if (table.Flag("Root", false) && function.Parent is not null)
        {
            throw table.Wrong("Root", "a card behind a bridge is on no root bus", "Behind or Root, not both");
        }

        if (function.IsBootVga && !Classes.IsDisplay(function.ClassCode))
        {
            throw table.Wrong("BootVga", "only a display controller can be the firmware's", "a card of class VGA");
        }

        if (function.IsBridge && table.Flag("Assignable", false))
        {
            throw table.Wrong("Assignable", "pciback takes no bridge", "a card that is no bridge");
        }
    }

    private (string Chip, CardModel? Model) Model(DescriptionTable table)
    {
        string allowed = $"vendor:device in hexadecimal, such as '8086:1533', or one of {string.Join(", ", _modelNames)}";
        string text = table.Required("Model", allowed);
        if (Ids().IsMatch(text))
        {
            string chip = text.ToLowerInvariant();
            return (chip, CardModel.All.FirstOrDefault(model => model.Chip == chip));
        }

        return CardModel.All.FirstOrDefault(model => model.Name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known
            ? (known.Chip, known)
            : throw table.Wrong("Model", "it is neither ids nor a model that is known", allowed);
    }

    private static string Subsystem(DescriptionTable table, CardModel? model) => table.Text("Subsystem") is not { } text
        ? model?.Card ?? "0000:0000"
        : Ids().IsMatch(text) ? text : throw table.Wrong("Subsystem", "it is no vendor:device", "four hexadecimal digits, :, four more");

    private static int ClassOf(DescriptionTable table, CardModel? model, string chip)
    {
        string allowed = $"{string.Join(", ", Classes.ByName.Keys)}, or six hexadecimal digits";
        if (table.Text("Class") is not { } text)
        {
            return model?.ClassCode ?? throw table.Wrong("Class", $"it is missing, and nothing is known of {chip}", allowed);
        }

        return Classes.ByName.TryGetValue(text, out int code) ? code
            : SixDigits().IsMatch(text) ? int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : throw table.Wrong("Class", "it is no class of a device", allowed);
    }

    private IReadOnlyList<string> Resets(DescriptionTable table, CardModel? model)
    {
        IReadOnlyList<string> methods = table.Has("Reset") ? table.Texts("Reset") : model?.Reset ?? [];
        for (int i = 0; i < methods.Count; i++)
        {
            if (!s_resets.Contains(methods[i]) || methods.Take(i).Contains(methods[i]))
            {
                throw table.Wrong(
                    "Reset", i, methods[i], "it is no method of the kernel's, or there twice",
                    $"{string.Join(", ", s_resets)}, each once, the preferred one first; @() for none");
            }
        }

        // The attribute reset_method came with Linux 5.15; before, there is only "reset", for whatever works.
        return methods.Count > 0 && !facts.NamesResets ? [PciDevice.UnnamedReset] : methods;
    }

    private static IReadOnlyList<PciBar> Registers(DescriptionTable table, int code, int number)
    {
        IReadOnlyList<string> texts = table.Texts("Registers");
        if (!table.Has("Registers"))
        {
            return code >> 16 == 0x06 ? [] : [BuiltIn.Mem(0, FirstRegister + ((ulong)number * RegisterDistance), RegisterLength)];
        }

        return
        [
            .. texts.Select((text, i) => RegisterText().Match(text) is { Success: true } match && i < 6
                && ulong.TryParse(match.Groups[1].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong start)
                && ulong.TryParse(match.Groups[2].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong length)
                && ulong.IsPow2(length) && start % length == 0
                ? BuiltIn.Mem(i, start, length)
                : throw table.Wrong(
                    "Registers", i, text, "it is no range of memory that a card can have",
                    "START+LENGTH in hexadecimal, such as 'a4536000+400': a power of two, at a multiple of itself; at most six")),
        ];
    }

    private string? InterfaceOf(DescriptionTable table, int code, string? driver, PciAddress address)
    {
        if (!Classes.IsNetwork(code) || driver is null)
        {
            foreach (string key in (string[])["Interface", "Mac", "Up", "Bridge", "IP", "Gateway"])
            {
                if (table.Has(key))
                {
                    throw table.Wrong(key, "only a network card with a driver has an interface", "a card of class Ethernet or Wireless");
                }
            }

            return null;
        }

        string name = table.Text("Interface") ?? facts.DefaultInterface(address, code == Classes.Wireless);
        return InterfaceName.WhyNot(name) is { } why
            ? throw table.Wrong("Interface", why, "the name of a network interface, at most 15 characters")
            : name;
    }

    private static IReadOnlyList<ChildDevice> Interface(
        DescriptionTable table, string? name, PciAddress address, string? bridge, bool hasAddress)
    {
        if (name is null)
        {
            return [];
        }

        string text = table.Text("Mac") ?? string.Create(
            CultureInfo.InvariantCulture,
            $"52:54:00:{address.Bus:x2}:{(address.Device << 3) | address.Function:x2}:{address.Domain & 0xff:x2}");
        return MacAddress.TryParse(text, out MacAddress mac)
            ? [Parts.NetworkInterface(name, mac.ToString(), table.Flag("Up", hasAddress || bridge is not null), bridge)]
            : throw table.Wrong("Mac", "it is no MAC address", "six pairs of hexadecimal digits, such as '00:16:3e:00:00:01'");
    }

    private static IReadOnlyList<DescribedDisk> Disks(DescriptionTable table, int code, string? driver)
    {
        if (table.Has("Disks") && (driver is null || !Classes.IsStorage(code)))
        {
            throw table.Wrong(
                "Disks", "only a storage controller with a driver has disks", "a card of class SATA, SAS, SCSI or NVMe");
        }

        return
        [
            .. table.NamesOrTables("Disks", s_diskKeys).Select(disk =>
            {
                string name = disk.Required("Name", "the name of a disk");
                bool isNvme = code == Classes.Nvme;
                if (!(isNvme ? NvmeName() : DiskName()).IsMatch(name))
                {
                    throw disk.Wrong(
                        "Name", "it is no name that the kernel gives such a disk", isNvme ? "nvme0n1 to nvme9n1" : "sda to sdz");
                }

                IReadOnlyList<string> mounts = disk.Texts("Mounts");
                for (int i = 0; i < mounts.Count; i++)
                {
                    if (!mounts[i].StartsWith('/') || mounts[i].Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
                    {
                        throw disk.Wrong("Mounts", i, mounts[i], "it is no absolute path", "a path such as '/', without blanks");
                    }
                }

                return new DescribedDisk(name, disk.Number("SizeGB", 1, 1_000_000) ?? 500, mounts, disk.Flag("Swap", false));
            }),
        ];
    }

    private List<ChildDevice> Usb(DescriptionTable table, int code)
    {
        IReadOnlyList<string> inputs = table.Texts("Usb");
        if (!Classes.IsUsb(code))
        {
            return inputs.Count == 0 ? [] : throw table.Wrong("Usb", "only a USB controller has USB devices", "a card of class xHCI");
        }

        int bus = ++_usbBuses;
        List<ChildDevice> devices = [.. Parts.UsbBus(bus, facts.KernelRelease)];
        for (int i = 0; i < inputs.Count; i++)
        {
            int port = i + 1;
            string hid = string.Create(CultureInfo.InvariantCulture, $"0003:046D:{0xc300 + bus:X4}.{port:x4}");
            devices.AddRange(s_mice.FirstOrDefault(name => name.Equals(inputs[i], StringComparison.OrdinalIgnoreCase)) switch
            {
                "Keyboard" => Parts.UsbKeyboard(bus, port, hid, (10 * bus) + port, "USB Keyboard", "Logitech"),
                "Mouse" => Parts.UsbMouse(bus, port, hid, (10 * bus) + port, "USB Optical Mouse", "Logitech"),
                _ => throw table.Wrong("Usb", i, inputs[i], "it is no device that can be plugged in here", string.Join(", ", s_mice)),
            });
        }

        return devices;
    }

    private static IReadOnlyList<ChildDevice> Screen(DescriptionTable table, int code, int number) =>
        table.Text("Screen") is not { } output ? []
        : !Classes.IsDisplay(code) ? throw table.Wrong("Screen", "only a display controller has a screen", "a card of class VGA")
        : OutputName().IsMatch(output) ? Parts.Screen(number, output)
        : throw table.Wrong("Screen", "it is no name of an output", "a name such as 'HDMI-A-1'");

    private static VirtualFunctionsDescription? VirtualFunctions(DescriptionTable table, CardModel? model, string? interfaceName)
    {
        string? pattern = interfaceName is null ? null : interfaceName + "v{0}";
        VirtualFunctionsDescription? known = model?.VirtualFunctions is { } usual ? usual with { InterfacePattern = pattern } : null;
        if (!table.Has("VirtualFunctions"))
        {
            return known;
        }

        DescriptionTable what = table.Tables("VirtualFunctions", s_virtualKeys) is [var one]
            ? one
            : throw table.Wrong("VirtualFunctions", "it is no table", "one table @{ AtBoot = … }");
        string device = what.Text("Device") ?? known?.DeviceId.ToString("x4", CultureInfo.InvariantCulture)
            ?? throw what.Wrong("Device", "it is missing, and nothing is known of the card", "the device id of the virtual functions");
        string driver = what.Text("Driver") ?? known?.Driver
            ?? throw what.Wrong("Driver", "it is missing, and nothing is known of the card", "the driver of the virtual functions");
        int total = what.Number("Total", 1, 255) ?? known?.Total ?? 8;
        int atBoot = what.Number("AtBoot", 0, 255) ?? 0;
        return !FourDigits().IsMatch(device)
            ? throw what.Wrong("Device", "it is no device id", "four hexadecimal digits")
            : atBoot > total
            ? throw what.Wrong("AtBoot", $"there can be {total}", $"a whole number from 0 to {total}")
            : new VirtualFunctionsDescription(
                total, atBoot, what.Number("Offset", 1, 65535) ?? known?.Offset ?? 8, what.Number("Stride", 1, 255) ?? known?.Stride ?? 1,
                Hex(device), driver, pattern);
    }

    private static ushort Hex(string digits) => Convert.ToUInt16(digits, 16);

    [GeneratedRegex(@"^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}\z")]
    private static partial Regex Ids();

    [GeneratedRegex(@"^[0-9A-Fa-f]{4}\z")]
    private static partial Regex FourDigits();

    [GeneratedRegex(@"^[0-9A-Fa-f]{6}\z")]
    private static partial Regex SixDigits();

    [GeneratedRegex(@"^(?:0x)?([0-9A-Fa-f]{1,16})\+(?:0x)?([0-9A-Fa-f]{1,16})\z")]
    private static partial Regex RegisterText();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,40}\z")]
    private static partial Regex DriverName();

    [GeneratedRegex(@"^sd[a-z]\z")]
    private static partial Regex DiskName();

    [GeneratedRegex(@"^nvme[0-9]n1\z")]
    private static partial Regex NvmeName();

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,20}\z")]
    private static partial Regex OutputName();
}
