namespace XenDriverDomain.Pci;

/// <summary>What pciback is called, and where it is in sysfs (drivers/xen/xen-pciback/pci_stub.c).</summary>
internal static class PcibackPaths
{
    /// <summary>The driver's name; the directory is called so in all kernels, although the module is xen-pciback.</summary>
    public const string DriverName = "pciback";

    /// <summary>Where all drivers of PCI functions are.</summary>
    public const string Drivers = "/sys/bus/pci/drivers";

    /// <summary>The driver's directory, which is there while it is loaded.</summary>
    public const string Directory = Drivers + "/" + DriverName;

    /// <summary>The link that a function has in the directory while pciback has it.</summary>
    public static string LinkOf(PciAddress address) => $"{Directory}/{address}";
}
