<#
.SYNOPSIS
Runs the tour and all examples of the help so many times, and counts what failed. See tests/soak.
#>
[CmdletBinding()]
param([int] $Times = 100)
$ErrorActionPreference = 'Stop'
$WarningPreference = 'SilentlyContinue'
Set-Location -LiteralPath "$PSScriptRoot/../../.."
Import-Module ./XenDriverDomain.psd1
$passed = 0
$failed = 0
foreach ($time in 1..$Times) {
    $wrong = [Collections.Generic.List[string]]::new()
    try {
        $end = @(./docs/tour.ps1)[-1] -match '(?m)^0000:03:00\.0 +Host'
        if (-not $end) { $wrong.Add('the tour did not end where it began') }
    }
    catch { $wrong.Add("the tour: $_") }
    Get-XenDom0 -ErrorAction Ignore | Disconnect-XenDom0
    $lines = @(& $PSScriptRoot/Invoke-Example.ps1 -Pages ./docs/cmdlets)
    $wrong.AddRange([string[]] @($lines -like 'ERROR*'))
    $passed += @($lines -like 'RAN *').Count + 1 - $wrong.Count
    $failed += $wrong.Count
    foreach ($one in $wrong) { "time ${time}: $one" }
}
"$passed passed, $failed failed, 0 skipped"
exit [int] ($failed -gt 0)
