<#
Operators of Pester's Should for Xen hosts, good for Pester 5 and 6: BeAssignable, BeServing, BeConnected, HaveTraffic.

    Import-Module XenDriverDomain
    Import-Module "$((Get-Module XenDriverDomain).ModuleBase)/XenDriverDomain.Pester.psm1"

They take names or the objects of the cmdlets, from the pipeline or not, look at the host anew each time, and quote in their failures what
was found: the reason and the remedy. about_XenDriverDomain_Simulation describes them.
#>
Set-StrictMode -Version 3.0

if (-not (Get-Command -Name Add-ShouldOperator -ErrorAction Ignore)) {
    throw 'XenDriverDomain.Pester needs Pester 5 or 6. Install it with Install-PSResource Pester, or import it before.'
}

if (-not (Get-Command -Name Get-XenPciDevice -ErrorAction Ignore)) { Import-Module "$PSScriptRoot/XenDriverDomain.psd1" -Global }

# A property of an object; the text itself when it is a name.
function Get-Part([object] $Value, [string] $Property) {
    if ($Value -isnot [string] -and $Value.PSObject.Properties[$Property]) { "$($Value.$Property)" } else { "$Value" }
}

# Which host is meant: the one that was named, the one that the object comes from, or the default.
function Get-Where([object] $Value, [object] $Dom0) {
    if ($Dom0) { @{ Dom0 = $Dom0 } }
    elseif ($null -ne $Value -and $Value -isnot [string] -and $Value.PSObject.Properties['Dom0']) { @{ Dom0 = $Value.Dom0 } }
    else { @{ } }
}

function Get-Reason([System.Management.Automation.ErrorRecord] $Record) {
    "$($Record.Exception.Message) $(if ($Record.ErrorDetails) { $Record.ErrorDetails.RecommendedAction })".Trim()
}

# Pester's own words, with what was found behind them.
function Get-Result([bool] $Is, [bool] $Negate, [string] $Who, [string] $What, [string] $Because, [string] $Found) {
    $why = if ($Because) { ", because $($Because -replace '^because\s+')" }
    [pscustomobject]@{
        Succeeded      = $Is -ne $Negate
        FailureMessage = "Expected $Who $(if ($Negate) { 'not ' })to $What$why, but $Found".TrimEnd()
    }
}

# Nothing was given: a test that asks about nothing must not pass, with -Not or without.
function Assert-Something([object] $Value, [string] $Operator, [string] $What) {
    if ($null -eq $Value -or "$Value" -eq '') { throw [System.ArgumentException]::new("Should -$Operator was given nothing; it takes $What.") }
}

$beAssignable = {
    param($ActualValue, [switch] $Negate, [string] $Because, [object] $Dom0, $CallerSessionState)
    Assert-Something $ActualValue BeAssignable 'a PCI address or an object of Get-XenPciDevice'
    $where = Get-Where $ActualValue $Dom0
    $device = Get-XenPciDevice -Address (Get-Part $ActualValue Address) @where -ErrorAction Stop | Select-Object -First 1
    if (-not $device) { throw "There is no PCI function $ActualValue." }
    $is = $device.State -eq 'Assignable'
    $found = 'pciback has it, and no domain has. Remove-XenPciAssignable gives it back.'
    if (-not $is) {
        $found = "its state is $($device.State)$(if ($device.Domain) { " (to $($device.Domain))" } elseif ($device.Driver) { " (driver $($device.Driver))" })."
        if (-not $Negate) {
            # What would speak against taking it; when nothing does, the plan is shown.
            $refusals = $warnings = $null
            Add-XenPciAssignable -Address $device.Address -Dom0 $device.Dom0 -WhatIf -ErrorAction SilentlyContinue -ErrorVariable refusals -WarningAction SilentlyContinue -WarningVariable warnings
            $all = @($refusals | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | ForEach-Object { Get-Reason $_ }) + @($warnings | ForEach-Object { "$_" })
            $found += if ($all) { " $($all -join ' ')" } else { " Nothing speaks against Add-XenPciAssignable $($device.Address)." }
        }
    }

    Get-Result $is $Negate "$($device.Address)" 'be assignable' $Because $found
}

$beServing = {
    param($ActualValue, [switch] $Negate, [string] $Because, [object] $Dom0, $CallerSessionState)
    Assert-Something $ActualValue BeServing 'the name of a driver domain or an object of Get-XenDriverDomain'
    $where = Get-Where $ActualValue $Dom0
    $name = Get-Part $ActualValue Name
    $domain = Get-XenDriverDomain -Name $name @where -ErrorAction Stop | Select-Object -First 1
    if (-not $domain) { throw "There is no driver domain $name." }
    $is = $domain.Readiness -eq 'Serving'
    $found = "it is $($domain.Readiness). $($domain.ReadinessDetail)"
    if ($domain.Readiness -eq 'Unknown' -and -not $domain.PendingClient) {
        # It runs, and no client shows whether it serves: it is asked as Start-XenDriverDomain asks one that runs.
        try {
            $null = Start-XenDriverDomain -Name $name -Dom0 $domain.Dom0 -Confirm:$false -ErrorAction Stop -WarningAction SilentlyContinue
            $is = $true
            $found = 'it answered the probe.'
        }
        catch { $found = Get-Reason $_ }
    }

    Get-Result $is $Negate "the driver domain $name" 'be serving' $Because $found
}

# The vifs that a name or an object means.
function Get-Vif([object] $Value, [object] $Dom0) {
    $where = Get-Where $Value $Dom0
    $isVif = $Value -isnot [string] -and $Value.PSObject.Properties['Devid']
    $guest = if ($isVif) { "$($Value.Guest)" } else { Get-Part $Value Name }
    # A guest that is not there is an error, and none that has no vif.
    $null = Get-XenGuest -Name $guest @where -ErrorAction Stop
    Get-XenGuestVif -Guest $guest @where -ErrorAction Stop | Where-Object { -not $isVif -or $_.Devid -eq $Value.Devid }
}

function Get-VifWords([object[]] $Vif) {
    ($Vif | ForEach-Object { "vif $($_.Devid) to $($_.Backend ? $_.Backend : $_.BackendDomid) is $($_.Status). $($_.Detail) $($_.Remedy)".Trim() }) -join ' '
}

$beConnected = {
    param($ActualValue, [switch] $Negate, [string] $Because, [object] $Dom0, $CallerSessionState)
    Assert-Something $ActualValue BeConnected 'the name of a guest or an object of Get-XenGuestVif or Get-XenGuest'
    $guest = if ($ActualValue -isnot [string] -and $ActualValue.PSObject.Properties['Devid']) { "$($ActualValue.Guest)" } else { Get-Part $ActualValue Name }
    $vifs = @(Get-Vif $ActualValue $Dom0)
    $bad = @($vifs | Where-Object Status -NE 'Connected')
    $is = $vifs.Count -gt 0 -and $bad.Count -eq 0
    $found = if (-not $vifs) { 'it has no network interface. Connect-XenGuestVif gives it one.' }
    elseif ($bad) { Get-VifWords $bad }
    else { "all is well: $(Get-VifWords $vifs)" }
    Get-Result $is $Negate "the guest $guest" 'be connected' $Because $found
}

$haveTraffic = {
    param($ActualValue, [switch] $Negate, [string] $Because, [object] $Dom0, [scriptblock] $Counter, [int] $TimeoutSec = 10, $CallerSessionState)
    Assert-Something $ActualValue HaveTraffic 'the name of a guest or an object of Get-XenGuest or Get-XenGuestVif'
    $vifs = @(Get-Vif $ActualValue $Dom0)
    $isVif = $ActualValue -isnot [string] -and $ActualValue.PSObject.Properties['Devid']
    $guest = if ($isVif) { "$($ActualValue.Guest)" } else { Get-Part $ActualValue Name }
    $where = Get-Where $ActualValue $Dom0
    $count = $Counter
    $pause = { Start-Sleep -Milliseconds 300 }
    $simulation = $null
    if (-not $Counter) {
        $facts = Get-XenDom0 @where | Where-Object { $where.Count -or $_.IsDefault } | Select-Object -First 1
        if (-not $facts -or -not $facts.PSObject.Properties['Simulation']) {
            throw [System.ArgumentException]::new('Should -HaveTraffic sees packets by itself on simulated hosts only. On a real one say where a count of them is, for example -Counter { ssh web1 cat /sys/class/net/eth0/statistics/rx_packets }.')
        }

        # The guests of a simulated host count the echo replies that they get from beyond the card.
        $simulation = $facts.Simulation
        $node = "/local/domain/$((Get-XenGuest -Name $guest @where -ErrorAction Stop | Select-Object -First 1).Domid)/data/traffic"
        $count = { if ("$($simulation.Run("xenstore-read $node").StandardOutput)" -match '^ok (\d+)') { [long] $Matches[1] } else { -1 } }
        $pause = { $simulation.Advance(0.5) }
        # What was under way before is no traffic of now.
        if (-not $simulation.Time.IsReal) { $simulation.Advance(2) }
    }

    $clock = { if ($simulation) { $simulation.Time.GetUtcNow() } else { [DateTimeOffset]::UtcNow } }
    $end = (& $clock).AddSeconds($TimeoutSec)
    $first = [long] (& $count | Select-Object -Last 1)
    $grows = $false
    do {
        & $pause
        $now = [long] (& $count | Select-Object -Last 1)
        # A count that begins anew is no growth yet.
        $grows = $first -ge 0 -and $now -gt $first
        if ($first -lt 0 -or $now -lt $first) { $first = $now }
    } until ($grows -or (& $clock) -ge $end)

    $found = if ($grows) { "its count grows ($first, then $now)." }
    else { "its count stood at $([Math]::Max($first, 0)) for $TimeoutSec s. $(if ($vifs) { Get-VifWords $vifs } else { 'It has no network interface. Connect-XenGuestVif gives it one.' })" }
    Get-Result $grows $Negate "the guest $guest" 'have traffic' $Because $found
}

Add-ShouldOperator -Name BeAssignable -Test $beAssignable
Add-ShouldOperator -Name BeServing -Test $beServing
Add-ShouldOperator -Name BeConnected -Test $beConnected
Add-ShouldOperator -Name HaveTraffic -Test $haveTraffic
Export-ModuleMember
