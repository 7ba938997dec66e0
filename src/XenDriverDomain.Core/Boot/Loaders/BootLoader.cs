namespace XenDriverDomain.Boot.Loaders;

/// <summary>Where pciback's <c>hide=</c> can stand.</summary>
public enum BootLoader
{
    /// <summary>GRUB 2: /etc/default/grub and /etc/default/grub.d, from which grub.cfg is made.</summary>
    Grub2,

    /// <summary>GRUB legacy: menu.lst or grub.conf.</summary>
    GrubLegacy,

    /// <summary>systemd-boot with an entry that starts Xen's EFI program, which reads its own configuration file.</summary>
    SystemdBoot,

    /// <summary>Xen's EFI program, started by the firmware, with its own configuration file (xen.cfg).</summary>
    XenEfi,

    /// <summary>extlinux or syslinux with mboot.c32.</summary>
    Extlinux,

    /// <summary>No boot loader: the options of the module pciback in /etc/modprobe.d.</summary>
    Modprobe,
}
