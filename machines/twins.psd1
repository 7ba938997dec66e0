# Two equal cards that nothing but address and MAC tells apart: what goes by vendor and device means both of them.
@{
    HostName = 'twins'
    Cards    = @(
        @{ Address = '00:1f.2'; Model = 'AHCI'; Disks = @{ Name = 'sda'; Mounts = '/' } },
        @{ Address = '00:1f.6'; Model = 'I219'; IP = '192.168.1.40/24'; Gateway = '192.168.1.1' },
        @{ Address = '01:00.0'; Model = '82574L'; Mac = '00:25:90:00:00:0a' },
        @{ Address = '02:00.0'; Model = '82574L'; Mac = '00:25:90:00:00:0b' }
    )
}
