# A machine without an IOMMU, or with one that the firmware has switched off: no domain can be given a card.
@{
    HostName       = 'board'
    Cpus           = 4
    MemoryMB       = 8192
    Iommu          = $false
    XenCommandLine = 'placeholder dom0_mem=2048M iommu=1'
    Dom0MemoryMB   = 2048
    Cards          = @(
        @{ Address = '00:1f.2'; Model = 'AHCI'; Disks = @{ Name = 'sda'; Mounts = '/' } },
        @{ Address = '01:00.0'; Model = 'RTL8168'; IP = '192.168.1.30/24'; Gateway = '192.168.1.1' },
        @{ Address = '02:00.0'; Model = 'I210' }
    )
}
