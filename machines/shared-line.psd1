# Cards that share: an interrupt line (no MSI), and a page of memory that the registers of two of them lie in.
@{
    HostName = 'shared'
    Cards    = @(
        @{ Address = '00:1f.2'; Model = 'AHCI'; Disks = @{ Name = 'sda'; Mounts = '/' } },
        @{ Address = '00:1f.6'; Model = 'I219'; IP = '192.168.1.60/24'; Gateway = '192.168.1.1' },
        @{ Address = '00:1a.0'; Model = 'EHCI'; Irq = 19; Registers = 'a4536000+400' },
        @{ Address = '00:1d.0'; Model = 'EHCI'; Irq = 19; Registers = 'a4536400+400' },
        # On the same line, with registers of its own.
        @{ Address = '01:00.0'; Model = 'AR9300'; Irq = 19 }
    )
}
