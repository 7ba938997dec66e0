<#
.SYNOPSIS
How long Tab takes on a simulated host with 1,000 PCI functions and 500 domains: the first time and the median, beside the limit.
#>
param([int] $Rounds = 11)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
$limit = 200
Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"

$file = [System.IO.Path]::GetTempFileName()
try {
    & "$PSScriptRoot/New-LargeSnapshot.ps1" -Path $file
    $null = Connect-XenDom0 -Snapshot $file
}
finally { Remove-Item -LiteralPath $file }

$lines = @(
    'Get-XenPciDevice -Address '
    'Get-XenPciDevice -Vendor '
    'Get-XenPciAssignable -Address '
    'Get-XenGuest -Name '
    'Get-XenDriverDomain -Name '
    'Get-XenDriverDomainTopology -Name '
    'Get-XenGuestVif -Backend '
    'Connect-XenGuestVif -Bridge '
    'Disconnect-XenGuestVif -Guest fe7 -Devid '
    'Start-XenGuest -Path /root/'
    'Get-XenPciDevice -Class '
    'Get-XenGuest -Dom0 '
)
foreach ($line in $lines) {
    $times = foreach ($round in 1..$Rounds) {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $found = TabExpansion2 -inputScript $line -cursorColumn $line.Length
        $watch.Elapsed.TotalMilliseconds
    }
    $sorted = @($times | Sort-Object)
    '{0,5:n0} ms (limit {1}; first {2,5:n0}, {3,4} candidates): {4}' -f
        $sorted[[Math]::Floor($Rounds / 2)], $limit, @($times)[0], $found.CompletionMatches.Count, $line
}

Disconnect-XenDom0
