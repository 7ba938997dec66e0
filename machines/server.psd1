# A server with dual-port cards, of which one port brings the other along, and a card with virtual functions (SR-IOV).
@{
    HostName     = 'server'
    Cpus         = 32
    MemoryMB     = 131072
    Dom0MemoryMB = 8192
    Bridges      = @{ Name = 'xenbr0'; IP = '10.20.0.5/16'; Gateway = '10.20.0.1' }
    Cards        = @(
        # Two functions of one card: who gives one away can no longer reset the whole slot.
        @{ Address = '01:00.0'; Model = 'X710'; Numa = 0 },
        @{ Address = '01:00.1'; Model = 'X710'; Numa = 0 },
        @{ Address = '02:00.0'; Model = 'BCM5720'; Interface = 'eno1'; Bridge = 'xenbr0' },
        @{ Address = '02:00.1'; Model = 'BCM5720'; Interface = 'eno2' },
        # Its virtual functions are there from the boot on, and vanish with the driver of the physical one.
        @{ Address = '03:00.0'; Model = 'I350'; VirtualFunctions = @{ AtBoot = 4 } },
        @{ Address = '05:00.0'; Model = 'SAS3008'; Numa = 1; Disks = @{ Name = 'sda'; Mounts = '/', '/boot'; Swap = $true }, 'sdb', 'sdc' }
    )
}
