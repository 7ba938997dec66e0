<#
.SYNOPSIS
How long the main job takes with our cmdlets, as a ratio to the same steps with raw xl on dom0, in one run, in turn.
.DESCRIPTION
Needs a lab host (tests/lab/lab up --name NAME). Both sides wait for the same readiness and for the same traffic. pwsh's own start
is not counted on either side. Prints each pair and the median ratio.
#>
param([string] $Name = 'default', [int] $Rounds = 3)

$ErrorActionPreference = 'Stop'
$root = Resolve-Path "$PSScriptRoot/../.."
$lab = "$root/tests/lab/lab"
$env:XDD_HOST = '127.0.0.1'
$env:XDD_PORT = & $lab port --name $Name
$env:XDD_KEY = & $lab key --name $Name
# One connection for the second opinion's programs; it ends a minute after the last one.
$env:XDD_CONTROL = "$([IO.Path]::GetTempPath())xdd-bench-$PID"
Import-Module "$root/XenDriverDomain.psd1"
Import-Module "$root/tests/Acceptance/Acceptance.psm1"

Connect-TestDom0
Reset-Dom0
Invoke-Dom0 xl create -q /root/client.cfg
$raw = Get-Content -Raw "$PSScriptRoot/main-job.raw.sh"
$ratios = foreach ($round in 0..$Rounds) {
    $output = Invoke-Dom0 sh -c $raw
    if ("$output" -notmatch 'all (\d+\.\d+)') { throw "The raw script failed: $output" }
    $theirs = [double] $Matches[1]
    $theirSteps = ($output | Where-Object { "$_" -match '^[a-z ]+ \d+\.\d$' }) -join ', '
    $step = [Diagnostics.Stopwatch]::StartNew()
    $times = [ordered]@{}
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $mark = { param($what) $times[$what] = [Math]::Round($step.Elapsed.TotalSeconds, 1); $step.Restart() }
    Get-XenPciDevice 00:10.0 | Add-XenPciAssignable; & $mark 'add'
    $null = New-XenDriverDomain netdd -PciDevice 00:10.0 -Memory 384MB -Kernel /root/vmlinuz -Ramdisk /root/guest.gz -CommandLine 'console=hvc0 role=dd' -Bridge xenbr0 -Start; & $mark 'new'
    Connect-XenGuestVif -Guest fe1 -Backend netdd -Bridge xenbr0; & $mark 'connect'
    if (-not (Wait-Traffic)) { throw 'No traffic.' }; & $mark 'traffic'
    Disconnect-XenGuestVif -Guest fe1 -Backend netdd -Confirm:$false; & $mark 'disconnect'
    Stop-XenDriverDomain netdd -Confirm:$false; & $mark 'stop'
    Remove-XenDriverDomain netdd -Confirm:$false; & $mark 'remove'
    Remove-XenPciAssignable 00:10.0; & $mark 'give back'
    $ours = $watch.Elapsed.TotalSeconds
    $steps = ($times.GetEnumerator() | ForEach-Object { "$($_.Key) $($_.Value)" }) -join ', '
    # The first round warms caches on both sides and is not counted.
    $label = if ($round -eq 0) { 'warm-up' } else { "round $round" }
    Write-Information -InformationAction Continue ('{0}: raw xl {1:n1} s ({2}), cmdlets {3:n1} s ({4}), ratio {5:n2}' -f $label, $theirs, $theirSteps, $ours, $steps, ($ours / $theirs))
    if ($round -gt 0) { $ours / $theirs }
}
Reset-Dom0
Disconnect-TestDom0
$sorted = @($ratios | Sort-Object)
'median ratio {0:n2} of {1} rounds' -f $sorted[[Math]::Floor($sorted.Count / 2)], $sorted.Count
