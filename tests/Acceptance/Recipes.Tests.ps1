# Configurations of two decades: read, carried over, checked, started.

BeforeDiscovery {
    $iommu = $env:XDD_IOMMU -ne 'none'
    # The lab's emulated processor has no HVM.
    $hvm = $env:XDD_TRANSPORT -eq 'Simulated'
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0

    # xm create guest.conf beid=4
    $guest = @'
kernel = "/root/vmlinuz"
ramdisk = "/root/guest.gz"
memory = 320
name = "guest"
hostname = "guest.example.net"
root = "/dev/ram0 ro"
extra = "console=hvc0 quiet rodata=off role=client"

def beid_check(var, val):
    val = int(val)
    if val < 1:
        raise ValueError("beid must be the domid of the driver domain")
    return val

xm_vars.var('beid', use="Domid of the network driver domain.", check=beid_check)
xm_vars.check()
disk = ['file:/root/guest.img,hda1,w']
vif = ['backend=%d,mac=00:16:3e:00:00:04,bridge=xenbr0' % (beid)]
'@ + "`n"
    $driverDomain = @'
kernel = "/root/vmlinuz"
ramdisk = "/root/guest.gz"
memory = 384
name = "olddd"
pci = ['00:10.0']
dhcp = "dhcp"
netif = 1
extra = "console=hvc0 quiet rodata=off role=dd"
'@ + "`n"
    $sxp = @'
(vm
  (name sxpdd)
  (memory 384)
  (image (linux (kernel /root/vmlinuz) (ramdisk /root/guest.gz) (args 'console=hvc0 quiet rodata=off role=dd')))
  (backend (netif))
  (device (pci (dev (domain 0x0)(bus 0x0)(slot 0x11)(func 0x0)))))
'@ + "`n"
}

AfterAll {
    Reset-Dom0
    Disconnect-TestDom0
}

Describe 'The recipes, read' {
    It 'the old PV guest takes its back end from the command line, and its own check speaks' {
        $config = $guest | ConvertFrom-XenDomainConfig -Variable @{ beid = 4 }
        $config.Format | Should -Be 'Xm'
        $config.Vif.Backend | Should -Be '4'
        ($config | ConvertTo-XenDomainConfig) | Should -Match '(?m)^vif = \[ "backend=4,mac=00:16:3e:00:00:04,bridge=xenbr0" \]$'
        $config | Test-XenDomainConfig -Quiet | Should -BeTrue
        "$(Get-ErrorOf { $guest | ConvertFrom-XenDomainConfig -Variable @{ beid = 0 } })" | Should -Match 'beid must be the domid'
    }

    It 'devices of the command line are a list' {
        $config = $driverDomain | ConvertFrom-XenDomainConfig -Variable @{ pci = '01:00.0', '02:03.0' }
        $config.PciDevice.Address | ForEach-Object ToString | Should -Be '0000:01:00.0', '0000:02:03.0'
    }

    It 'a device in SXP becomes a line of xl.cfg' {
        '(device (pci (dev (domain 0x0)(bus 0x3)(slot 0x1a)(func 0x1))))' | ConvertFrom-XenDomainConfig | ConvertTo-XenDomainConfig |
            Should -Match '(?m)^pci = \[ "0000:03:1a.1" \]$'
    }
}

Describe 'The recipes, started' -Skip:(-not $iommu) {
    BeforeAll {
        Add-XenPciAssignable 00:10.0, 00:11.0
        Set-Dom0File /root/olddd.conf $driverDomain
        Set-Dom0File /root/guest.conf $guest
        Set-Dom0File /root/guest.img (' ' * 64KB)
        $null = Get-Dom0Answer rm -f /etc/xen/guests/guest.cfg /etc/xen/driver-domains/olddd.cfg /etc/xen/driver-domains/sxpdd.cfg
    }

    AfterAll {
        $null = Get-Dom0Answer rm -f /root/olddd.conf /root/guest.conf /root/guest.img /etc/xen/guests/guest.cfg
    }

    It 'a network driver domain of xm runs with its device' {
        Start-XenGuest /root/olddd.conf
        (Get-XenDriverDomain olddd).PciDevice | ForEach-Object ToString | Should -Be '0000:00:10.0'
        "$(Invoke-Dom0 cat /etc/xen/driver-domains/olddd.cfg)" | Should -Match 'extra = "ip=:127\.0\.255\.255::::eth0:dhcp console=hvc0'
    }

    It 'its client gets the back end that beid= names' {
        $beid = (Get-XenDriverDomain olddd).Domid
        $plan = Start-XenGuest /root/guest.conf -Variable @{ beid = $beid } -WhatIf
        $plan | Should -BeNullOrEmpty
        Get-XenGuest guest* | Should -BeNullOrEmpty
        Start-XenGuest /root/guest.conf -Variable @{ beid = $beid } -WarningAction SilentlyContinue
        $domid = (Get-XenGuest guest).Domid
        Invoke-Dom0 xenstore-read "/local/domain/$domid/device/vif/0/backend-id" | Should -Be "$beid"
        Invoke-Dom0 xenstore-read "/libxl/$domid/device/vbd/769/backend" | Should -Be "/local/domain/0/backend/vbd/$domid/769"
        Wait-Traffic -Guest guest | Should -BeTrue
        (Get-ErrorOf { Start-XenGuest /root/guest.conf -Variable @{ beid = 'x' } }).FullyQualifiedErrorId | Should -Match '^XmScriptFailed,'
        Stop-XenGuest guest -Confirm:$false
    }

    It 'the SXP form runs from a file of this machine' {
        $file = Join-Path ([System.IO.Path]::GetTempPath()) "xdd-recipe-$PID.sxp"
        try {
            [System.IO.File]::WriteAllText($file, $sxp)
            Import-XenDomainConfig $file | Start-XenGuest
        }
        finally { Remove-Item -LiteralPath $file }
        (Get-XenDriverDomain sxpdd).PciDevice | ForEach-Object ToString | Should -Be '0000:00:11.0'
    }
}

Describe 'The HVM recipes' -Skip:(-not ($iommu -and $hvm)) {
    It 'an HVM driver domain and its client, whose blanks are gone' {
        Reset-Dom0
        Add-XenPciAssignable 00:12.0
        $driver = @'
builder = "hvm"
name = "driver-domain"
memory = 512
boot = "cd"
disk = ['file:/path/vm.img,xvda,rw']
pci = ['00:12.0']
'@ | ConvertFrom-XenDomainConfig
        ($driver.Conversion | Where-Object Setting -EQ 'disk').Reason | Should -Match 'rw'
        $driver | Start-XenGuest
        $client = @'
builder = "hvm"
name = "client"
memory = 256
disk = ['file:/path/client.img,xvda,w']
vif = ['bridge=xenbr0, model=e1000, backend=driver-domain']
'@ | ConvertFrom-XenDomainConfig
        ($client.Conversion | Where-Object Setting -EQ 'vif').Reason | Should -Match 'blanks'
        ($client | ConvertTo-XenDomainConfig) | Should -Match '"bridge=xenbr0,model=e1000,backend=driver-domain"'
        $client | Start-XenGuest -NoWait -WarningAction SilentlyContinue
        $vif = Get-XenGuestVif -Guest client
        $vif.Backend | Should -Be 'driver-domain'
        $vif.BackendDomid | Should -Be (Get-XenDriverDomain driver-domain).Domid
    }
}
