<#
.SYNOPSIS
One table of each kind of object that the module writes: a name, and the objects.
.DESCRIPTION
They come from the cmdlets on simulated hosts, in the states that a table has to tell apart: what serves beside what does not, cards with
dom0 beside cards that are given away, and two hosts that have the same addresses. What depends on the machine that tests is replaced.
.PARAMETER Folder
Where files are made.
#>
param([Parameter(Mandatory)] [string] $Folder)
$ErrorActionPreference = 'Stop'
$WarningPreference = 'SilentlyContinue'
$sample = { param([string] $Name, $Objects) [pscustomobject] @{ Name = $Name; Objects = @($Objects) } }
function Add-Note($Object, [hashtable] $Values) {
    foreach ($key in $Values.Keys) { Add-Member -InputObject $Object -NotePropertyName $key -NotePropertyValue $Values[$key] -Force }
    $Object
}

$one = Connect-XenDom0 -Simulated
$lab = Connect-XenDom0 -Simulated -Machine lab
$crashed = Connect-XenDom0 -Simulated -Machine crashed
& $sample 'HostFacts' $one, $lab, (Connect-XenDom0 -Simulated -Machine no-iommu)

Add-XenPciAssignable -Address 03:00.0, 01:00.1 -Dom0 $one
Add-XenPciAssignable -Address 06:01.0 -Dom0 $one -AtBoot
$cards = '02:00.0', '03:00.0', '01:00.0', '01:00.1', '00:1f.6', '00:02.0', '06:01.0', '06:02.0'
& $sample 'PciDevice' @(
    Get-XenPciDevice -Address $cards -Dom0 $one
    Get-XenPciDevice -Address '01:00.0', '00:02.0' -Dom0 $lab
    Get-XenPciDevice -Class Network -Dom0 $crashed)
& $sample 'PciUse' (Get-XenPciDevice -Address 00:1f.6, 00:14.0, 00:17.0 -Dom0 $one).UsedBy
& $sample 'PciBar' (Get-XenPciDevice -Address 00:02.0, 02:00.0 -Dom0 $one).Bars
& $sample 'BootAssignment' (Get-XenPciAssignable -AtBoot -Dom0 $one)

Add-XenPciQuirk -Address 03:00.0 -Register 0x40 -Dom0 $one
Add-XenPciQuirk -Address 03:00.0 -Register 0x104 -Size 2 -Dom0 $one
& $sample 'PciQuirk' (Get-XenPciQuirk -Address 03:00.0 -Dom0 $one | Where-Object IsHeader -EQ $false)
Set-XenPciPolicy -Rule 'permissive 8086:1521', 'quirk 8086:1521 78:4:0' -Name 'uplink' -Dom0 $one
& $sample 'PciPolicyEntry' (Get-XenPciPolicy -Dom0 $one)

& $sample 'HostTrace' @(Get-XenDom0 $one.Dom0 -Footprint | ForEach-Object { Add-Note $_ @{ Written = [datetime] '2026-11-30T12:00:00Z' } })

$inside = @{ Memory = 384MB; Kernel = '/root/vmlinuz'; Ramdisk = '/root/guest.gz'; CommandLine = 'console=hvc0 role=dd'; Bridge = 'xenbr0' }
$uuid = '5f0b1c1e-0000-4000-8000-00000000000'
Add-XenPciAssignable -Address 00:10.0, 01:00.0 -Dom0 $lab
$null = New-XenDriverDomain -Name netdd -PciDevice 00:10.0 @inside -Start -Dom0 $lab
$null = New-XenDriverDomain -Name spare -PciDevice 01:00.0 @inside -Dom0 $lab
$null = Start-XenGuest -Path /root/client.cfg -Dom0 $lab
$null = Connect-XenGuestVif -Guest fe1 -Backend netdd -Bridge xenbr0 -Mac 00:16:3e:0a:0a:0a -Dom0 $lab
$domains = { param($Of, $From) foreach ($one in $Of) { Add-Note $one @{ Uuid = "$uuid$From" }; $From++ } }
& $sample 'DriverDomain' @(
    & $domains (Get-XenDriverDomain -Dom0 $lab) 0
    & $domains (Get-XenDriverDomain -Dom0 $crashed) 5)
& $sample 'Guest' @(
    & $domains (Get-XenGuest -Dom0 $lab) 0
    & $domains (Get-XenGuest -Dom0 $crashed) 5)
& $sample 'GuestVif' @(Get-XenGuestVif -Dom0 $lab; Get-XenGuestVif -Dom0 $crashed)
$topology = @(Get-XenDriverDomainTopology -Dom0 $lab; Get-XenDriverDomainTopology -Dom0 $crashed)
& $sample 'DriverDomainTopology' $topology
& $sample 'TopologyNode' $topology.Nodes
& $sample 'TopologyLink' $topology.Links

@'
import os
name = "netdd"
kernel = "/boot/vmlinuz-2.6.18-xen"
memory = 256
beid = 4
pci = [ '00:19.0', '03:00.1,permissive=1' ]
vif = [ 'bridge=xenbr0,backend=%d' % beid, 'mac=00:16:3e:01:02:03,bridge=xenbr1,wlan=3' ]
disk = [ 'phy:/dev/vg0/netdd,xvda1,w' ]
apic = 1
'@ | Set-Content -LiteralPath "$Folder/netdd.xm"
@'
name = "web"
type = "pvh"
kernel = "/boot/vmlinuz"
memory = 512
vif = [ "mac=00:16:3e:00:00:0g, bridge=xenbr0" ]
vcpu = 2
on_crash = "restrat"
'@ | Set-Content -LiteralPath "$Folder/web.cfg"
$xm = Add-Note (Import-XenDomainConfig -Path "$Folder/netdd.xm") @{ Path = '/etc/xen/netdd.xm' }
$web = Add-Note (Import-XenDomainConfig -Path "$Folder/web.cfg" -Format Xl) @{ Path = '/etc/xen/web.cfg' }
& $sample 'XenDomainConfig' $xm, $web
$parts = @{ ConversionEntry = $xm.Conversion; ConfigSetting = $xm.Settings; ConfigPciDevice = $xm.PciDevice; ConfigVif = $xm.Vif; ConfigDisk = $xm.Disk }
foreach ($part in $parts.Keys | Sort-Object) {
    & $sample $part @($parts[$part] | ForEach-Object { Add-Note $_ @{ File = '/etc/xen/netdd.xm' } })
}
& $sample 'Finding' @(@($web.Findings) + @($xm.Findings) | ForEach-Object { Add-Note $_ @{ File = '/etc/xen/web.cfg' } })
& $sample 'KernelFinding' @(Test-XenKernelConfig -Path /root/guest.config -Role Dom0 -Dom0 $one)
foreach ($file in @{
        'usr/bin/bash' = ''; 'lib/systemd/systemd' = ''; 'lib64/ld-linux-x86-64.so.2' = ''; 'usr/sbin/xl' = ''; 'usr/sbin/ip' = ''
        'etc/os-release' = "ID=debian`nPRETTY_NAME=`"Debian GNU/Linux 12 (bookworm)`"`n"; 'usr/bin/xenstore-read' = ''; 'usr/bin/xenstore-write' = ''
        'etc/xen/scripts/xen-hotplug-common.sh' = ''; 'etc/xen/scripts/vif-bridge' = ''; 'lib/x86_64-linux-gnu/libxenlight.so.4.17' = ''
    }.GetEnumerator()) {
    $null = $one.Simulation.Run("mkdir -p /mnt/netdd/$(Split-Path $file.Key)")
    $one.Simulation.WriteFile("/mnt/netdd/$($file.Key)", $file.Value)
}
& $sample 'RootFinding' @(Test-XenDriverDomainImage -Path /mnt/netdd -Dom0 $one)
& $sample 'DriverDomainRoot' @(Initialize-XenDriverDomainImage -Path /mnt/netdd -Role Network -PassThru -Dom0 $one)
$damaged = New-XenDriverDomainImage -PciDevice 03:00.0 -Dom0 $one
$null = $one.Simulation.Run("rm $($damaged.Directory)/SHA256SUMS")
$null = New-XenDriverDomain -Name usbdd -PciDevice 01:00.1 -Dom0 $one
& $sample 'DriverDomainImage' @(Get-XenDriverDomainImage -Dom0 $one | ForEach-Object {
        Add-Note $_ @{ Made = [datetime] '2026-11-30T12:00:00Z'; MadeBy = '0.4.0'; Id = $_.Id -replace '.{12}$', '0123456789ab' }
    })
$saved = Save-XenDom0 -Path "$Folder/one.xdd" -Dom0 $one
& $sample 'SnapshotReport' (Add-Note $saved @{ Path = '/root/one.xdd'; Length = 65536 })
& $sample 'LeftOut' $saved.LeftOut
