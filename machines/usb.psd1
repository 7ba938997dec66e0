# USB controllers: dom0's only keyboard is behind one, another is free, and an old one has memory that the firmware shares (RMRR).
@{
    HostName = 'desk'
    Cards    = @(
        @{ Address = '00:02.0'; Model = 'UHD630'; BootVga = $true; Screen = 'HDMI-A-1' },
        @{ Address = '00:14.0'; Model = 'xHCI'; Usb = 'Keyboard', 'Mouse' },
        @{ Address = '00:1d.0'; Model = 'EHCI'; SharedReservedMemory = $true },
        @{ Address = '00:1f.2'; Model = 'AHCI'; Disks = @{ Name = 'sda'; Mounts = '/' } },
        @{ Address = '00:1f.6'; Model = 'I219'; IP = '192.168.1.70/24'; Gateway = '192.168.1.1' },
        @{ Address = '01:00.0'; Model = 'uPD720201' }
    )
}
