namespace XenDriverDomain.Pci;

/// <summary>What dom0 uses a PCI function for.</summary>
public enum PciUseKind
{
    /// <summary>A network interface.</summary>
    Network,

    /// <summary>A block device.</summary>
    Block,

    /// <summary>A USB keyboard, mouse or other input device behind the controller.</summary>
    UsbInput,

    /// <summary>USB storage behind the controller.</summary>
    UsbStorage,

    /// <summary>Another USB device behind the controller.</summary>
    Usb,

    /// <summary>A display or serial console.</summary>
    Console,
}
