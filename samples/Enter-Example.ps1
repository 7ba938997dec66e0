<#
.SYNOPSIS
Puts a simulated host into the state that an example of the help takes for granted.
.DESCRIPTION
Get-Help Get-XenGuestVif -Examples shows vifs of guests that somebody has started, and one whose driver domain is gone. This makes it
so: it connects a simulated host, as the new default, and does what was done before the example. For some examples of old configurations
files are written to the current folder: guest.conf, client.conf, netdd.sxp, typo.cfg.
.EXAMPLE
./samples/Enter-Example.ps1 Get-XenGuestVif 3
The host of the third example of Get-XenGuestVif; type the example now.
#>
[CmdletBinding()]
param(
    # The cmdlet.
    [Parameter(Mandatory, Position = 0)]
    [string] $Command,
    # The number of the example.
    [Parameter(Position = 1)]
    [int] $Example = 1,
    # Only says the state's name.
    [switch] $NameOnly
)
$ErrorActionPreference = 'Stop'
$ConfirmPreference = 'None'
$WarningPreference = 'SilentlyContinue'
Set-StrictMode -Version Latest

$guest = @{ Kernel = '/root/vmlinuz'; Ramdisk = '/root/guest.gz'; CommandLine = 'console=hvc0 role=dd'; Bridge = 'xenbr0' }

# The states of the simulated host that examples begin with; each says which one it builds on.
$states = @{
    Nothing    = @{ After = ''; Do = { } }
    Host       = @{ After = ''; Do = { $script:dom0 = Connect-XenDom0 -Simulated -Default } }
    # A snapshot of a host that nobody is connected to any more.
    Recorded   = @{ After = 'Host'; Do = { Save-XenDom0 -Path ./host.json; Disconnect-XenDom0 } }
    Assignable = @{ After = 'Host'; Do = { Get-XenPciDevice -Address '03:00.0', '01:00.0', '01:00.1' | Add-XenPciAssignable } }
    # Roots that somebody has installed: a Debian with Xen's tools, mounted and as an image, and one without; and what dom0 has of Xen.
    Roots      = @{ After = 'Host'; Do = {
            $debian = @{
                'etc/os-release'                                                       = "PRETTY_NAME=`"Debian GNU/Linux 12 (bookworm)`"`nID=debian`n"
                'etc/network/interfaces'                                               = "source /etc/network/interfaces.d/*`n"
                'etc/network/interfaces.d/.keep'                                       = ''
                'lib64/ld-linux-x86-64.so.2'                                           = ''
                'lib/x86_64-linux-gnu/libc.so.6'                                       = ''
                'lib/systemd/systemd'                                                  = ''
                'lib/udev/rules.d/.keep'                                               = ''
                'usr/bin/bash'                                                         = ''
                'usr/sbin/ip'                                                          = ''
                'usr/sbin/ifup'                                                        = ''
                'lib/modules/6.1.0/modules.builtin'                                    = "kernel/net/bridge/bridge.ko`nkernel/drivers/pci/xen-pcifront.ko`n"
                'lib/modules/6.1.0/kernel/drivers/net/xen-netback/xen-netback.ko'      = ''
                'lib/modules/6.1.0/kernel/drivers/block/xen-blkback/xen-blkback.ko'    = ''
            }
            $xen = @{
                'usr/sbin/xl'                              = "needs: /lib/x86_64-linux-gnu/libxenlight.so.4.17`n"
                'usr/bin/xenstore-read'                    = "needs: /lib/x86_64-linux-gnu/libxenstore.so.4`n"
                'usr/bin/xenstore-write'                   = "needs: /lib/x86_64-linux-gnu/libxenstore.so.4`n"
                'etc/xen/scripts/xen-hotplug-common.sh'    = ''
                'etc/xen/scripts/vif-bridge'               = ''
                'etc/xen/scripts/block'                    = ''
                'lib/x86_64-linux-gnu/libxenlight.so.4.17' = ''
                'lib/x86_64-linux-gnu/libxenstore.so.4'    = ''
            }
            $lay = { param($Root, $Files) foreach ($file in $Files.GetEnumerator()) {
                    $null = $dom0.Simulation.Run("mkdir -p $Root/$(Split-Path $file.Key)")
                    $dom0.Simulation.WriteFile("$Root/$($file.Key)", $file.Value + "`n")
                } }
            & $lay /mnt/netdd ($debian + $xen)
            & $lay /mnt/bare $debian
            & $lay '' $xen
            $null = $dom0.Simulation.Run('mkdir -p /srv')
            $dom0.Simulation.WriteFile('/srv/netdd.img', "tree: /mnt/netdd`n")
        }
    }
    Policy     = @{ After = 'Assignable'; Do = {
            $dom0.Simulation.WriteFile('/etc/xen/xend-pci-quirks.sxp', "(igb (pci_ids ('8086:1521')) (pci_config_space_fields ('00000078:4:00000000')))`n")
            $dom0.Simulation.WriteFile('/etc/xen/xend-pci-permissive.sxp', "(unconstrained_dev_ids ('8086:1521'))`n")
            Set-XenPciPolicy -Rule 'quirk 8086:1521 78:4:0', 'permissive 8086:100e' -Name cards
        }
    }
    # The inside of a driver domain, and one that no domain has.
    Images     = @{ After = 'Assignable'; Do = {
            New-XenDriverDomain -Name netdd -PciDevice 03:00.0
            New-XenDriverDomainImage -PciDevice 07:00.0
        }
    }
    Configured = @{ After = 'Assignable'; Do = { New-XenDriverDomain -Name netdd -PciDevice 03:00.0 @guest } }
    Two        = @{ After = 'Configured'; Do = { New-XenDriverDomain -Name stordd -PciDevice 01:00.0, 01:00.1 @guest } }
    Serving    = @{ After = 'Configured'; Do = { Start-XenDriverDomain -Name netdd } }
    Guests     = @{ After = 'Serving'; Do = { Start-XenGuest -Path /root/client.cfg, /etc/xen/web1.cfg, /etc/xen/web2.cfg, /etc/xen/test1.cfg } }
    Connected  = @{ After = 'Guests'; Do = { Get-XenGuest -Name fe1, web1 | Connect-XenGuestVif -Backend netdd } }
    # Files of old days, here and on the host.
    Old        = @{ After = 'Serving'; Do = {
            $xm = @(
                'kernel = "/root/vmlinuz"', 'ramdisk = "/root/guest.gz"', 'memory = 64', 'name = "guest"', 'extra = "console=hvc0 role=client"'
                'xm_vars.var("beid", use="Domid of the driver domain.", check=lambda name, value: int(value))', 'xm_vars.check()'
                'vif = ["backend=%d,bridge=xenbr0" % beid]', ''
            ) -join "`n"
            Set-Content -Path ./guest.conf -Value $xm -NoNewline
            $dom0.Simulation.WriteFile('/etc/xen/guest.conf', $xm)
            Set-Content -Path ./client.conf -Value ($xm -replace '(?m)^(xm_vars|vif).*\n', '' -replace '"guest"', '"client"') -NoNewline
            Set-Content -Path ./netdd.sxp -Value '(vm (name olddd)(memory 64)(image (linux (kernel /root/vmlinuz)))(device (pci (dev (bus 1)(slot 7)(func 0)))))'
            Set-Content -Path ./typo.cfg -Value 'name = "web1"', 'memory = 064', 'kernel = "/root/vmlinuz"', 'vif = [ "bakend=netdd" ]'
        }
    }
    Orphaned   = @{ After = 'Connected'; Do = { $null = $dom0.Simulation.Run('xl destroy netdd') } }
    # Somebody has started it by xl, which knows nothing of its clients.
    Anew       = @{ After = 'Orphaned'; Do = { $null = $dom0.Simulation.Run('xl create /etc/xen/driver-domains/netdd.cfg') } }
}

# What the examples of a page begin with; one that begins with something else has its own line.
$begins = @{
    'Add-XenPciAssignable'                      = 'Host'
    'Add-XenPciQuirk'                           = 'Assignable'
    'Connect-XenDom0'                           = 'Nothing'
    'Connect-XenDom0: Example 7'                = 'Recorded'
    'Connect-XenDom0: Example 8'                = 'Recorded'
    'Connect-XenGuestVif'                       = 'Guests'
    'ConvertFrom-XenDomainConfig'               = 'Old'
    'ConvertTo-XenDomainConfig'                 = 'Old'
    'Disconnect-XenDom0'                        = 'Host'
    'Disconnect-XenGuestVif'                    = 'Connected'
    'Disconnect-XenGuestVif: Example 4'         = 'Orphaned'
    'Export-XenDomainConfig'                    = 'Old'
    'Export-XenDriverDomainTopology'            = 'Connected'
    'Get-XenDom0'                               = 'Host'
    'Get-XenDriverDomain'                       = 'Connected'
    'Get-XenDriverDomainImage'                  = 'Images'
    'Get-XenDriverDomain: Example 4'            = 'Two'
    'Get-XenDriverDomainTopology'               = 'Connected'
    'Get-XenGuest'                              = 'Connected'
    'Get-XenGuestVif'                           = 'Connected'
    'Get-XenGuestVif: Example 3'                = 'Orphaned'
    'Get-XenGuestVif: Example 4'                = 'Anew'
    'Get-XenGuestVif: Example 5'                = 'Orphaned'
    'Get-XenPciAssignable'                      = 'Serving'
    'Get-XenPciDevice'                          = 'Serving'
    'Get-XenPciPolicy'                          = 'Policy'
    'Get-XenPciQuirk'                           = 'Policy'
    'Import-XenDomainConfig'                    = 'Old'
    'Import-XenPciPolicy'                       = 'Policy'
    'Initialize-XenDriverDomainImage'           = 'Roots'
    'New-XenDriverDomain'                       = 'Assignable'
    'New-XenDriverDomainImage'                  = 'Host'
    'Remove-XenDriverDomainImage'               = 'Images'
    'New-XenDriverDomain: Example 2'            = 'Host'
    'Remove-XenDriverDomain'                    = 'Configured'
    'Remove-XenDriverDomain: Example 2'         = 'Serving'
    'Remove-XenDriverDomain: Example 3'         = 'Serving'
    'Remove-XenPciAssignable'                   = 'Assignable'
    'Restart-XenDriverDomain'                   = 'Serving'
    'Restart-XenDriverDomain: Example 1'        = 'Connected'
    'Save-XenDom0'                              = 'Connected'
    'Save-XenDom0: Example 4'                   = 'Host'
    'Set-XenPciPolicy'                          = 'Assignable'
    'Start-XenDriverDomain'                     = 'Configured'
    'Start-XenDriverDomain: Example 3'          = 'Two'
    'Start-XenGuest'                            = 'Host'
    'Start-XenGuest: Example 2'                 = 'Serving'
    'Start-XenGuest: Example 5'                 = 'Old'
    'Start-XenGuest: Example 6'                 = 'Old'
    'Stop-XenDriverDomain'                      = 'Serving'
    'Stop-XenDriverDomain: Example 3'           = 'Connected'
    'Stop-XenGuest'                             = 'Guests'
    'Test-XenDomainConfig'                      = 'Old'
    'Test-XenDriverDomainImage'                 = 'Roots'
    'Test-XenKernelConfig'                      = 'Host'
}

$name = "${Command}: Example $Example"
$begin = if ($begins.ContainsKey($name)) { $begins[$name] } elseif ($begins.ContainsKey($Command)) { $begins[$Command] }
if (-not $begin) { throw "No example of '$Command' is known; Get-Command -Module XenDriverDomain lists the cmdlets." }
if ($NameOnly) { return $begin }
$there = @((Get-Help $Command).examples.example).Count
if ($Example -lt 1 -or $Example -gt $there) { throw "$Command has $there examples; there is no number $Example." }

$dom0 = $null
function Enter-State([string] $State) {
    if ($states[$State].After) { Enter-State $states[$State].After }
    $null = . $states[$State].Do
}
Enter-State $begin
if ($begin -notin 'Nothing', 'Recorded') { Get-XenDom0 | Where-Object IsDefault }
