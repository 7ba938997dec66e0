namespace XenDriverDomain.Pci;

/// <summary>
/// Groups of PCI classes that people ask for. The value is the base class, or base class and subclass where a group is narrower
/// (PCI Code and ID Assignment Specification); <see cref="PciClassFilter"/> matches them.
/// </summary>
public enum PciClass
{
    /// <summary>Disk and flash controllers: 01.</summary>
    Storage = 0x01,

    /// <summary>Wired and wireless network cards: 02.</summary>
    Network = 0x02,

    /// <summary>Graphics: 03.</summary>
    Display = 0x03,

    /// <summary>Sound and video: 04.</summary>
    Multimedia = 0x04,

    /// <summary>RAM and flash memory: 05.</summary>
    Memory = 0x05,

    /// <summary>Bridges: 06.</summary>
    Bridge = 0x06,

    /// <summary>Serial and parallel ports, modems: 07.</summary>
    Communication = 0x07,

    /// <summary>Timers, interrupt controllers, card readers: 08.</summary>
    System = 0x08,

    /// <summary>Input devices: 09.</summary>
    Input = 0x09,

    /// <summary>Processors: 0b.</summary>
    Processor = 0x0b,

    /// <summary>USB, FireWire, SMBus and other serial buses: 0c.</summary>
    SerialBus = 0x0c,

    /// <summary>Bluetooth and other radio: 0d.</summary>
    Wireless = 0x0d,

    /// <summary>Encryption: 10.</summary>
    Encryption = 0x10,

    /// <summary>Signal processing: 11.</summary>
    SignalProcessing = 0x11,

    /// <summary>Processing accelerators: 12.</summary>
    Accelerator = 0x12,

    /// <summary>USB controllers: 0c03.</summary>
    Usb = 0x0c03,

    /// <summary>Sound: 0401 and 0403.</summary>
    Audio = 0x0403,

    /// <summary>NVM Express: 0108.</summary>
    Nvme = 0x0108,
}
