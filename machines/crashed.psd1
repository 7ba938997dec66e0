# A host with a driver domain that has crashed and is kept, and vifs of another one that somebody destroyed: orphans.
@{
    HostName = 'crashed'
    Cards    = @(
        @{ Address = '00:1f.2'; Model = 'AHCI'; Disks = @{ Name = 'sda'; Mounts = '/' } },
        @{ Address = '00:1f.6'; Model = 'I219'; IP = '192.168.1.50/24'; Gateway = '192.168.1.1' },
        @{ Address = '01:00.0'; Model = 'I210' },
        @{ Address = '02:00.0'; Model = 'I210' }
    )
    Guests   = @(
        @{ Name = 'netdd'; Cards = '01:00.0'; State = 'Crashed' },
        @{ Name = 'olddd'; Cards = '02:00.0'; State = 'Destroyed' },
        @{ Name = 'web1'; Vifs = @{ Backend = 'netdd'; Mac = '00:16:3e:00:00:01' } },
        @{ Name = 'db1'; Vifs = @{ Backend = 'olddd'; Mac = '00:16:3e:00:00:02' } }
    )
}
