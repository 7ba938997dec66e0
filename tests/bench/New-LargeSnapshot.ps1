<#
.SYNOPSIS
Makes a snapshot of a host with 1,000 PCI functions and 500 domains, out of the simulated lab with one guest.
.DESCRIPTION
The lab's old network card and the guest, whose interface a driver domain backs, are repeated as often as it takes. The module is
imported already.
#>
[CmdletBinding()]
param(
    # The file that is written.
    [Parameter(Mandatory)]
    [string] $Path,
    [int] $Functions = 1000,
    [int] $Domains = 500
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$lab = Connect-XenDom0 -Simulated -Machine Lab
try {
    $select = @{ Dom0 = $lab.Dom0 }
    Add-XenPciAssignable -Address 00:10.0 @select
    $null = New-XenDriverDomain -Name netdd -PciDevice 00:10.0 -Kernel /root/vmlinuz -Ramdisk /root/guest.gz -CommandLine 'role=dd' -Bridge xenbr0 -Start @select
    Start-XenGuest -Path /root/client.cfg @select
    Connect-XenGuestVif -Guest fe1 -Backend netdd @select
    $null = Save-XenDom0 -Path $Path @select
}
finally { Disconnect-XenDom0 -Dom0 $lab.Dom0 }

$snapshot = Get-Content -LiteralPath $Path -Raw | ConvertFrom-Json -AsHashtable -Depth 20

# Adds the entries of a table that a pattern matches once more, with what Rewrite makes of their names and values.
function Copy-Entry([System.Collections.IDictionary] $Table, [System.Collections.IDictionary] $From, [scriptblock] $Rewrite) {
    foreach ($key in $From.Keys) {
        $value = $From[$key]
        $Table[(& $Rewrite $key)] = if ($value -is [string]) { & $Rewrite $value } else { $value }
    }
}

function Select-Entry([System.Collections.IDictionary] $Table, [string] $Pattern) {
    $found = [ordered]@{}
    foreach ($key in $Table.Keys) { if ("$key $($Table[$key])" -match $Pattern) { $found[$key] = $Table[$key] } }
    $found
}

# Functions: slots 0 to 31 of as many buses as are needed.
$model = '0000:00:11.0'
$files = Select-Entry $snapshot.files "0000:00:11\.0|/eth5/"
$links = Select-Entry $snapshot.links "0000:00:11\.0"
$there = $snapshot.links.Keys.Where{ $_ -match '^/sys/bus/pci/devices/[^/]+$' }.Count
foreach ($number in 0..($Functions - $there - 1)) {
    $bus = '{0:x2}' -f (16 + ($number -shr 5))
    $address = "0000:${bus}:{0:x2}.0" -f ($number % 32)
    $rewrite = { $args[0].Replace("pci0000:00/$model", "pci0000:$bus/$address").Replace($model, $address).Replace('eth5', "eth$(100 + $number)") }
    Copy-Entry $snapshot.files $files $rewrite
    Copy-Entry $snapshot.links $links $rewrite
}

# Domains: the guest has domid 2.
$uuid = $snapshot.xenStore['/local/domain/2/vm'].Substring('/vm/'.Length)
$nodes = Select-Entry $snapshot.xenStore "^(/libxl/2|/local/domain/2|/local/domain/0/backend/console/2|/local/domain/1/backend/vif/2|/vm/$uuid)(/| )"
$permissions = Select-Entry $snapshot.xenStorePermissions "^(/libxl/2|/local/domain/2|/local/domain/0/backend/console/2|/local/domain/1/backend/vif/2|/vm/$uuid)(/| )"
$domain = $snapshot.domains.Where{ $_.domid -eq 2 }[0]
foreach ($domid in 3..$Domains) {
    $other = $uuid.Substring(0, 24) + '{0:x12}' -f $domid
    $rewrite = {
        switch -CaseSensitive ($args[0]) {
            'fe1' { "fe$($domid - 1)" }
            default { ($_ -replace '^(/libxl|/local/domain|/local/domain/0/backend/console|/local/domain/1/backend/vif)/2(?=/|$)', "`$1/$domid").Replace($uuid, $other) }
        }
    }
    Copy-Entry $snapshot.xenStore $nodes $rewrite
    foreach ($key in $nodes.Keys.Where{ $_ -match '/(frontend-id|domid)$' }) { $snapshot.xenStore[(& $rewrite $key)] = "$domid" }
    foreach ($key in $permissions.Keys) { $snapshot.xenStorePermissions[(& $rewrite $key)] = $permissions[$key] -creplace '\b([nrwb])2\b', "`${1}$domid" }
    $copy = $domain.Clone()
    $copy.domid = $domid
    $snapshot.domains += $copy
}

# As much memory as they have together.
foreach ($key in 'total_memory', 'free_memory') { $snapshot.xlInfo[$key] = "$([int] $snapshot.xlInfo[$key] + $Domains * $domain.memoryMB)" }
ConvertTo-Json -InputObject $snapshot -Depth 20 -Compress | Set-Content -LiteralPath $Path -NoNewline
