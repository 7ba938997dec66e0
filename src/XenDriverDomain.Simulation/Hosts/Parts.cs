using System.Globalization;

namespace XenDriverDomain.Simulation.Hosts;

/// <summary>What drivers make of functions: interfaces, disks, USB devices, screens, as sysfs shows them.</summary>
internal static class Parts
{
    private const string UsbClass = "/sys/bus/usb/devices";

    /// <summary>A network interface.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mac">Its MAC address.</param>
    /// <param name="isUp">True when start-up scripts set it up, and a cable is in.</param>
    /// <param name="bridge">The bridge that start-up scripts put it into.</param>
    public static ChildDevice NetworkInterface(string name, string mac, bool isUp = false, string? bridge = null) =>
        Interface($"net/{name}", mac, isUp) with
        {
            ConfiguredLinks = bridge is null ? new Dictionary<string, string>() : new()
            {
                [$"upper_{bridge}"] = $"/sys/devices/virtual/net/{bridge}",
                ["master"] = $"/sys/devices/virtual/net/{bridge}",
            },
        };

    /// <summary>The directory of <see cref="MessageInterrupts"/>.</summary>
    public const string MessageDirectory = "msi_irqs";

    /// <summary>
    /// The message-signalled interrupts that a driver has set up (drivers/pci/msi.c, populate_msi_sysfs). A function without them uses its
    /// line (INTx).
    /// </summary>
    /// <param name="first">The number of the first; the others follow.</param>
    /// <param name="count">How many.</param>
    public static ChildDevice MessageInterrupts(int first, int count = 1)
    {
        Dictionary<string, string> attributes = [];
        for (int number = first; number < first + count; number++)
        {
            attributes.Add(number.ToString(CultureInfo.InvariantCulture), count > 1 ? "msix" : "msi");
        }

        return new ChildDevice(MessageDirectory) { Attributes = attributes };
    }

    /// <summary>The loopback interface.</summary>
    public static ChildDevice Loopback() => Interface("virtual/net/lo", "00:00:00:00:00:00", isUp: false) with
    {
        ConfiguredAttributes = new Dictionary<string, string> { ["operstate"] = "unknown" },
    };

    /// <summary>A bridge: the interface, and what makes it a bridge.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mac">Its MAC address.</param>
    /// <param name="ports">Its ports by name, with their places in /sys/devices.</param>
    public static IReadOnlyList<ChildDevice> Bridge(string name, string mac, IReadOnlyDictionary<string, string> ports) =>
    [
        Interface($"virtual/net/{name}", mac, isUp: true) with
        {
            ConfiguredLinks = ports.Keys.ToDictionary(port => $"lower_{port}", port => ports[port]),
        },
        new ChildDevice($"virtual/net/{name}/bridge")
        {
            Attributes = new Dictionary<string, string> { ["stp_state"] = "0", ["forward_delay"] = "0" },
        },
        new ChildDevice($"virtual/net/{name}/brif")
        {
            ConfiguredLinks = ports.Keys.ToDictionary(port => port, port => $"{ports[port]}/brport"),
        },
    ];

    /// <summary>A disk and its partitions.</summary>
    /// <param name="path">Where, below the function: <c>nvme/nvme0/nvme0n1</c>, <c>ata1/host0/target0:0:0/0:0:0:0/block/sda</c>.</param>
    /// <param name="number">Its device number: <c>259:0</c>.</param>
    /// <param name="sectors">Its size in sectors of 512 bytes.</param>
    /// <param name="partitions">Its partitions.</param>
    public static IReadOnlyList<ChildDevice> Disk(string path, string number, long sectors, params IReadOnlyList<Partition> partitions)
    {
        ChildDevice disk = BlockDevice(path, number, sectors);
        return
        [
            disk with { Classes = [.. disk.Classes, "/sys/block"] },
            .. partitions.Select((partition, i) => BlockDevice($"{path}/{partition.Name}", partition.Number, partition.Sectors) is var one
                ? one with { Attributes = With(one.Attributes, "partition", $"{i + 1}") }
                : one),
        ];
    }

    /// <summary>A volume of the device mapper: the device, its name, and what it lies on.</summary>
    /// <param name="device">The kernel's name: <c>dm-0</c>.</param>
    /// <param name="number">Its device number.</param>
    /// <param name="sectors">Its size.</param>
    /// <param name="name">The mapper's name: <c>vg0-root</c>.</param>
    /// <param name="uuid">The mapper's uuid: <c>LVM-…</c>.</param>
    /// <param name="below">The device it lies on, with its place in /sys/devices.</param>
    public static IReadOnlyList<ChildDevice> MappedVolume(
        string device, string number, long sectors, string name, string uuid, (string Name, string Path) below) =>
    [
        BlockDevice($"virtual/block/{device}", number, sectors) with { Classes = ["/sys/class/block", "/sys/block"] },
        new ChildDevice($"virtual/block/{device}/dm") { Attributes = new Dictionary<string, string> { ["name"] = name, ["uuid"] = uuid } },
        new ChildDevice($"virtual/block/{device}/slaves")
        {
            ConfiguredLinks = new Dictionary<string, string> { [below.Name] = below.Path },
        },
    ];

    /// <summary>A USB bus: the controller's root hub.</summary>
    /// <param name="bus">Its number.</param>
    /// <param name="release">The kernel's release, which the hub has in its name.</param>
    public static IReadOnlyList<ChildDevice> UsbBus(int bus, string release) =>
    [
        Usb($"usb{bus}", $"usb{bus}", "xHCI Host Controller", $"Linux {release} xhci-hcd"),
        UsbInterface($"usb{bus}/{bus}-0:1.0", "09"),
    ];

    /// <summary>A USB keyboard.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="port">The port of the root hub.</param>
    /// <param name="hid">Its HID device: <c>0003:0627:0001.0001</c>.</param>
    /// <param name="input">The number of its input device.</param>
    /// <param name="product">How it calls itself.</param>
    /// <param name="manufacturer">Whose it says it is.</param>
    public static IReadOnlyList<ChildDevice> UsbKeyboard(int bus, int port, string hid, int input, string product, string manufacturer) =>
        UsbInput(bus, port, hid, input, product, manufacturer, "120013");

    /// <summary>A USB mouse.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="port">The port of the root hub.</param>
    /// <param name="hid">Its HID device: <c>0003:0627:0001.0001</c>.</param>
    /// <param name="input">The number of its input device.</param>
    /// <param name="product">How it calls itself.</param>
    /// <param name="manufacturer">Whose it says it is.</param>
    public static IReadOnlyList<ChildDevice> UsbMouse(int bus, int port, string hid, int input, string product, string manufacturer) =>
        UsbInput(bus, port, hid, input, product, manufacturer, "17");

    /// <summary>A USB stick.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="port">The port of the root hub.</param>
    /// <param name="host">The number of its SCSI host.</param>
    /// <param name="disk">Its disk: <c>sdb</c>.</param>
    /// <param name="number">The disk's device number.</param>
    /// <param name="sectors">The disk's size.</param>
    public static IReadOnlyList<ChildDevice> UsbStick(int bus, int port, int host, string disk, string number, long sectors) =>
    [
        Usb($"usb{bus}/{bus}-{port}", $"{bus}-{port}", "QEMU USB HARDDRIVE", "QEMU"),
        UsbInterface($"usb{bus}/{bus}-{port}/{bus}-{port}:1.0", "08"),
        .. Disk($"usb{bus}/{bus}-{port}/{bus}-{port}:1.0/host{host}/target{host}:0:0/{host}:0:0:0/block/{disk}", number, sectors),
    ];

    /// <summary>A graphics card's screen.</summary>
    /// <param name="number">The card's number.</param>
    /// <param name="output">An output that has a monitor.</param>
    public static IReadOnlyList<ChildDevice> Screen(int number, string output) =>
    [
        new ChildDevice($"drm/card{number}") { Classes = ["/sys/class/drm"] },
        new ChildDevice($"drm/card{number}/card{number}-{output}")
        {
            Classes = ["/sys/class/drm"],
            Attributes = new Dictionary<string, string> { ["status"] = "connected" },
        },
        new ChildDevice($"graphics/fb{number}") { Classes = ["/sys/class/graphics"] },
    ];

    private static ChildDevice Interface(string path, string mac, bool isUp) => new(path)
    {
        Classes = ["/sys/class/net"],
        Attributes = new Dictionary<string, string>
        {
            ["address"] = mac,
            ["mtu"] = "1500",
            ["operstate"] = "down",
            ["type"] = "1",
        },
        ConfiguredAttributes = isUp ? new Dictionary<string, string> { ["operstate"] = "up" } : new Dictionary<string, string>(),
    };

    private static IReadOnlyList<ChildDevice> UsbInput(
        int bus, int port, string hid, int input, string product, string manufacturer, string events) =>
    [
        Usb($"usb{bus}/{bus}-{port}", $"{bus}-{port}", product, manufacturer),
        UsbInterface($"usb{bus}/{bus}-{port}/{bus}-{port}:1.0", "03"),
        new ChildDevice($"usb{bus}/{bus}-{port}/{bus}-{port}:1.0/{hid}/input/input{input}")
        {
            Classes = ["/sys/class/input"],
            Attributes = new Dictionary<string, string> { ["name"] = product, ["capabilities/ev"] = events },
        },
    ];

    private static ChildDevice Usb(string path, string name, string product, string manufacturer) => new(path)
    {
        Classes = [UsbClass],
        Attributes = new Dictionary<string, string>
        {
            ["product"] = product,
            ["manufacturer"] = manufacturer,
            ["busnum"] = name.StartsWith("usb", StringComparison.Ordinal) ? name[3..] : name.Split('-')[0],
        },
    };

    private static ChildDevice UsbInterface(string path, string code) => new(path)
    {
        Classes = [UsbClass],
        Attributes = new Dictionary<string, string> { ["bInterfaceClass"] = code },
    };

    private static ChildDevice BlockDevice(string path, string number, long sectors) => new(path)
    {
        Classes = ["/sys/class/block"],
        Attributes = new Dictionary<string, string>
        {
            ["dev"] = number,
            ["size"] = sectors.ToString(CultureInfo.InvariantCulture),
            ["ro"] = "0",
        },
    };

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> attributes, string name, string text) =>
        new(attributes) { [name] = text };
}
