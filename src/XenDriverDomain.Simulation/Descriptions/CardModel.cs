using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Descriptions;

/// <summary>A chip that descriptions may name, with what follows of it.</summary>
/// <param name="Name">The name.</param>
/// <param name="ClassCode">Its class.</param>
/// <param name="Chip"><c>vendor:device</c>.</param>
/// <param name="Card"><c>vendor:device</c> of the card.</param>
/// <param name="Driver">The driver that takes it; null for none.</param>
internal sealed record CardModel(string Name, int ClassCode, string Chip, string Card, string? Driver)
{
    /// <summary>How it can be reset.</summary>
    public IReadOnlyList<string> Reset { get; init; } = [];

    /// <summary>False for conventional PCI.</summary>
    public bool IsExpress { get; init; } = true;

    /// <summary>False for one that has only its interrupt line.</summary>
    public bool HasMessages { get; init; } = true;

    /// <summary>Its virtual functions; null for none.</summary>
    public VirtualFunctionsDescription? VirtualFunctions { get; init; }

    /// <summary>What descriptions may name, by kinds.</summary>
    public static IReadOnlyList<CardModel> All { get; } =
    [
        new("I210", Classes.Ethernet, "8086:1533", "8086:0001", "igb") { Reset = ["flr", "bus"] },
        new("I219", Classes.Ethernet, "8086:15bb", "15d9:1b0b", "e1000e") { Reset = ["pm"], IsExpress = false },
        new("I350", Classes.Ethernet, "8086:1521", "8086:00a1", "igb")
        {
            Reset = ["flr"],
            VirtualFunctions = new(7, 0, 384, 4, 0x1520, "igbvf", null),
        },
        new("X520", Classes.Ethernet, "8086:10fb", "8086:0003", "ixgbe")
        {
            Reset = ["flr"],
            VirtualFunctions = new(63, 0, 128, 2, 0x10ed, "ixgbevf", null),
        },
        new("X710", Classes.Ethernet, "8086:1572", "8086:0006", "i40e")
        {
            Reset = ["flr"],
            VirtualFunctions = new(64, 0, 16, 1, 0x154c, "iavf", null),
        },
        new("82574L", Classes.Ethernet, "8086:10d3", "8086:a01f", "e1000e") { Reset = ["pm", "bus"] },
        new("82540EM", Classes.Ethernet, "8086:100e", "8086:002e", "e1000") { IsExpress = false, HasMessages = false },
        new("RTL8139", Classes.Ethernet, "10ec:8139", "10ec:8139", "8139too") { IsExpress = false, HasMessages = false },
        new("RTL8168", Classes.Ethernet, "10ec:8168", "10ec:8168", "r8169") { Reset = ["pm", "bus"] },
        new("3C905C", Classes.Ethernet, "10b7:9200", "10b7:1000", "3c59x") { IsExpress = false, HasMessages = false },
        new("BCM5720", Classes.Ethernet, "14e4:165f", "1028:04f7", "tg3") { Reset = ["pm", "bus"] },
        new("AX200", Classes.Wireless, "8086:2723", "8086:0084", "iwlwifi") { Reset = ["flr", "bus"] },
        new("AR9300", Classes.Wireless, "168c:0030", "168c:3112", "ath9k") { HasMessages = false },
        new("NVMe", Classes.Nvme, "144d:a808", "144d:a801", "nvme") { Reset = ["flr", "bus"] },
        new("AHCI", Classes.Sata, "8086:2922", "15d9:1b0b", "ahci") { IsExpress = false },
        new("SAS2008", Classes.Sas, "1000:0072", "1000:3020", "mpt3sas") { Reset = ["bus"] },
        new("SAS3008", Classes.Sas, "1000:0097", "1000:30e0", "mpt3sas") { Reset = ["flr", "bus"] },
        new("AIC7892", Classes.Scsi, "9005:0080", "9005:e2a0", "aic7xxx") { IsExpress = false, HasMessages = false },
        new("xHCI", Classes.Xhci, "8086:a36d", "15d9:1b0b", "xhci_hcd") { Reset = ["pm"], IsExpress = false },
        new("uPD720201", Classes.Xhci, "1912:0014", "1912:0014", "xhci_hcd") { Reset = ["pm", "bus"] },
        new("EHCI", Classes.Ehci, "8086:293a", "15d9:1b0b", "ehci-pci") { Reset = ["pm"], IsExpress = false, HasMessages = false },
        new("UHCI", Classes.Uhci, "8086:2934", "15d9:1b0b", "uhci_hcd") { IsExpress = false, HasMessages = false },
        new("UHD630", Classes.Vga, "8086:3e92", "15d9:1b0b", "i915") { Reset = ["flr"] },
        new("GT710", Classes.Vga, "10de:128b", "1043:85e7", "nouveau") { Reset = ["bus"] },
        new("HDA", Classes.Audio, "8086:a348", "15d9:1b0b", "snd_hda_intel") { Reset = ["pm"], IsExpress = false },
        new("RootPort", Classes.Bridge, "8086:a338", "15d9:1b0b", "pcieport") { Reset = ["pm"], HasMessages = false },
        new("PcieToPci", Classes.Bridge, "104c:8231", "0000:0000", null) { HasMessages = false },
        new("PciBridge", 0x060401, "8086:244e", "0000:0000", null) { IsExpress = false, HasMessages = false },
        new("HostBridge", 0x060000, "8086:29c0", "15d9:1b0b", null) { IsExpress = false, HasMessages = false },
        new("IsaBridge", 0x060100, "8086:2918", "15d9:1b0b", null) { IsExpress = false, HasMessages = false },
    ];

    /// <summary>Drivers that are in a module of another name; null for built in.</summary>
    public static IReadOnlyDictionary<string, string?> OtherModules { get; } = new Dictionary<string, string?>
    {
        ["pcieport"] = null,
        ["xhci_hcd"] = "xhci-pci",
        ["uhci_hcd"] = "uhci-hcd",
        ["snd_hda_intel"] = "snd-hda-intel",
    };
}

/// <summary>The classes of functions that descriptions can name.</summary>
internal static class Classes
{
    public const int Ethernet = 0x020000;
    public const int Wireless = 0x028000;
    public const int Nvme = 0x010802;
    public const int Sata = 0x010601;
    public const int Sas = 0x010700;
    public const int Scsi = 0x010000;
    public const int Xhci = 0x0c0330;
    public const int Ehci = 0x0c0320;
    public const int Uhci = 0x0c0300;
    public const int Vga = 0x030000;
    public const int Audio = 0x040300;
    public const int Bridge = 0x060400;

    /// <summary>By the names that they have in a description.</summary>
    public static IReadOnlyDictionary<string, int> ByName { get; } = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["Ethernet"] = Ethernet,
        ["Wireless"] = Wireless,
        ["NVMe"] = Nvme,
        ["SATA"] = Sata,
        ["SAS"] = Sas,
        ["SCSI"] = Scsi,
        ["xHCI"] = Xhci,
        ["EHCI"] = Ehci,
        ["UHCI"] = Uhci,
        ["VGA"] = Vga,
        ["Audio"] = Audio,
        ["Bridge"] = Bridge,
    };

    /// <summary>True for what has disks.</summary>
    public static bool IsStorage(int code) => code >> 16 == 0x01;

    /// <summary>True for what has a network interface.</summary>
    public static bool IsNetwork(int code) => code >> 16 == 0x02;

    /// <summary>True for a USB controller.</summary>
    public static bool IsUsb(int code) => code >> 8 == 0x0c03;

    /// <summary>True for a display controller.</summary>
    public static bool IsDisplay(int code) => code >> 16 == 0x03;
}
