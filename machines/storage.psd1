# A storage server: dom0's root is on a disk of the one SAS controller, data disks that nobody has mounted on the other.
@{
    HostName     = 'storage'
    Cpus         = 16
    MemoryMB     = 65536
    Dom0MemoryMB = 4096
    Cards        = @(
        @{ Address = '00:1f.6'; Model = 'I219'; IP = '10.0.0.8/24'; Gateway = '10.0.0.1' },
        @{ Address = '01:00.0'; Model = 'SAS2008'; Disks = @{ Name = 'sda'; SizeGB = 240; Mounts = '/', '/var'; Swap = $true } },
        @{
            Address = '02:00.0'
            Model   = 'SAS3008'
            Disks   = @{ Name = 'sdb'; SizeGB = 16000 }, @{ Name = 'sdc'; SizeGB = 16000 }, @{ Name = 'sdd'; SizeGB = 16000 }
        }
    )
}
