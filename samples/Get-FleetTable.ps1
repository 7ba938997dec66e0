<#
.SYNOPSIS
One table of many hosts: what each has, what is wrong on it, and which could not be asked.
.DESCRIPTION
Connects to each host by SSH, and asks one after the other. A host that does not answer is a row of the table, too, with the reason. What
was connected stays connected.
.EXAMPLE
./samples/Get-FleetTable.ps1 -HostName (Get-Content ./hosts.txt) -UserName root
.EXAMPLE
./samples/Get-FleetTable.ps1 -Dom0 (Get-XenDom0) | Where-Object Broken
Of hosts that are connected already, those on which something does not work.
#>
[CmdletBinding(DefaultParameterSetName = 'Connected')]
param(
    # The hosts, as ssh knows them.
    [Parameter(Mandatory, ParameterSetName = 'Ssh')] [string[]] $HostName,
    [Parameter(ParameterSetName = 'Ssh')] [string] $UserName = 'root',
    # Hosts that are connected already.
    [Parameter(Mandatory, ParameterSetName = 'Connected')] [object[]] $Dom0
)
Set-StrictMode -Version Latest

# One host after the other: the simplest, and the errors come in order.
function Get-Row([string] $Id) {
    $row = [ordered] @{ Dom0 = $Id; Xen = $null; Iommu = $null; Cards = $null; DriverDomains = $null; Serving = $null; Broken = $null; Wrong = $null }
    try {
        $facts = Get-XenDom0 $Id -ErrorAction Stop
        $domains = @(Get-XenDriverDomain -Dom0 $Id -ErrorAction Stop)
        $topology = Get-XenDriverDomainTopology -Dom0 $Id -ErrorAction Stop
        $row.Xen = $facts.XenVersion
        $row.Iommu = $facts.HasIommu
        $row.Cards = @(Get-XenPciDevice -Class Network -Dom0 $Id -ErrorAction Stop).Count
        $row.DriverDomains = $domains.Count
        $row.Serving = @($domains | Where-Object Readiness -EQ Serving).Count
        $row.Broken = $topology.Broken
        $row.Wrong = $topology.Wrong -join '; '
    }
    catch { $row.Wrong = "$_" }
    [pscustomobject] $row
}

$ids = if ($PSCmdlet.ParameterSetName -eq 'Ssh') {
    foreach ($name in $HostName) {
        try { (Connect-XenDom0 -HostName $name -UserName $UserName -ErrorAction Stop).Dom0 }
        catch { [pscustomobject] [ordered] @{ Dom0 = $name; Xen = $null; Iommu = $null; Cards = $null; DriverDomains = $null; Serving = $null; Broken = $null; Wrong = "$_" } }
    }
}
else { foreach ($one in $Dom0) { if ($one -is [string]) { $one } else { $one.Dom0 } } }

foreach ($id in $ids) {
    if ($id -is [string]) { Get-Row $id } else { $id }
}
