# A laptop with one wired card, which carries dom0's only address: taking it cuts dom0 off.
@{
    HostName = 'laptop'
    Cpus     = 4
    MemoryMB = 16384
    Bridges  = @{ Name = 'xenbr0'; IP = '192.168.178.20/24'; Gateway = '192.168.178.1' }
    Cards    = @(
        @{ Address = '00:02.0'; Model = 'UHD630'; BootVga = $true; Screen = 'eDP-1' },
        @{ Address = '00:14.0'; Model = 'xHCI'; Usb = 'Mouse' },
        @{ Address = '00:1f.3'; Model = 'HDA' },
        @{ Address = '00:1f.6'; Model = 'I219'; Interface = 'eno1'; Bridge = 'xenbr0' },
        @{ Address = '01:00.0'; Model = 'NVMe'; Disks = @{ Name = 'nvme0n1'; Mounts = '/', '/boot'; Swap = $true } },
        # Nobody uses it: the one card that could become a driver domain's.
        @{ Address = '02:00.0'; Model = 'AX200' }
    )
}
