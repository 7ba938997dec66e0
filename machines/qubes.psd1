# A host as Qubes OS has it: dom0 has no network at all, sys-net (HVM) owns the cards, sys-usb the controller, others are its clients.
@{
    HostName          = 'dom0'
    Kernel            = '6.6.63-1.qubes.fc37.x86_64'
    KernelVersion     = '#1 SMP PREEMPT_DYNAMIC Qubes'
    KernelCommandLine = 'placeholder root=/dev/nvme0n1p1 ro rd.qubes.hide_all_usb quiet'
    MemoryMB          = 32768
    Pciback           = 'BuiltIn'
    Cards             = @(
        @{ Address = '00:02.0'; Model = 'UHD630'; BootVga = $true; Screen = 'eDP-1' },
        @{ Address = '00:14.0'; Model = 'xHCI' },
        @{ Address = '00:1f.6'; Model = 'I219'; Interface = 'eth0' },
        @{ Address = '01:00.0'; Model = 'NVMe'; Disks = @{ Name = 'nvme0n1'; Mounts = '/' } },
        @{ Address = '02:00.0'; Model = 'AX200'; Interface = 'wlan0' }
    )
    Guests            = @(
        @{ Name = 'sys-net'; Type = 'HVM'; Cards = '00:1f.6', '02:00.0'; MemoryMB = 400; Vcpus = 2 },
        @{ Name = 'sys-usb'; Type = 'HVM'; Cards = '00:14.0'; MemoryMB = 300 },
        @{ Name = 'work'; Type = 'PVH'; MemoryMB = 4000; Vifs = @{ Backend = 'sys-net' } },
        @{ Name = 'personal'; Type = 'PVH'; MemoryMB = 4000; Vifs = @{ Backend = 'sys-net' } },
        @{ Name = 'vault'; Type = 'PVH'; MemoryMB = 400 }
    )
}
