# A machine of 2007: an old Xen and kernel, conventional PCI behind a bridge, cards that cannot be reset, GRUB legacy.
@{
    HostName     = 'vintage'
    Xen          = '4.1.6'
    Kernel       = '3.2.0-4-amd64'
    Cpus         = 2
    Dom0Cpus     = 2
    MemoryMB     = 8192
    Dom0MemoryMB = 1024
    BootLoader   = 'GrubLegacy'
    Cards        = @(
        @{ Address = '00:1e.0'; Model = 'PciBridge' },
        @{ Address = '00:1f.2'; Model = 'AHCI'; Disks = @{ Name = 'sda'; Mounts = '/'; Swap = $true } },
        @{ Address = '01:00.0'; Model = '8086:109a'; Class = 'Ethernet'; Driver = 'e1000e'; Interface = 'eth0'; IP = '192.168.0.2/24'; Gateway = '192.168.0.1' },
        # The IOMMU cannot tell apart what is behind the bridge.
        @{ Address = '05:01.0'; Model = '3C905C'; Behind = '00:1e.0'; Interface = 'eth1' },
        @{ Address = '05:02.0'; Model = '82540EM'; Behind = '00:1e.0'; Interface = 'eth2' },
        @{ Address = '05:03.0'; Model = 'AIC7892'; Behind = '00:1e.0' }
    )
}
