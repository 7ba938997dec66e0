<#
.SYNOPSIS
Executes the examples of docs/cmdlets on simulated hosts, and prints a line for each error that one writes.
.DESCRIPTION
The module is imported already. Before an example the host is put into the state that the example takes for granted; examples that only
look share it. What is written to the current folder goes into one of its own. Nobody is asked: what asks for confirmation is confirmed.
The lines begin with ERROR, or RAN for an example that was executed; others are what examples print with -WhatIf.
#>
[CmdletBinding()]
param(
    # The folder with the pages.
    [Parameter(Mandatory)]
    [string] $Pages
)
$ErrorActionPreference = 'Stop'
$ConfirmPreference = 'None'

# The states of the simulated host that examples begin with; each says which one it builds on.
$states = @{
    Nothing    = @{ }
    Host       = @{ Do = { $script:dom0 = Connect-XenDom0 -Simulated } }
    # A snapshot of a host that nobody is connected to any more.
    Recorded   = @{ After = 'Host'; Do = { Save-XenDom0 -Path ./host.json; Disconnect-XenDom0 } }
    Assignable = @{ After = 'Host'; Do = { Get-XenPciDevice -Address '03:00.0', '01:00.0', '01:00.1' | Add-XenPciAssignable } }
    Policy     = @{ After = 'Assignable'; Do = {
            $dom0.Simulation.WriteFile('/etc/xen/xend-pci-quirks.sxp', "(igb (pci_ids ('8086:1521')) (pci_config_space_fields ('00000078:4:00000000')))`n")
            $dom0.Simulation.WriteFile('/etc/xen/xend-pci-permissive.sxp', "(unconstrained_dev_ids ('8086:1521'))`n")
            Set-XenPciPolicy -Rule 'quirk 8086:1521 78:4:0', 'permissive 8086:100e' -Name cards
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
$guest = @{ Kernel = '/root/vmlinuz'; Ramdisk = '/root/guest.gz'; CommandLine = 'console=hvc0 role=dd'; Bridge = 'xenbr0' }

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
    'New-XenDriverDomain'                       = 'Assignable'
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
    'Test-XenKernelConfig'                      = 'Host'
}

# Not executed, and why. That they bind to the parameters there are is tested for all.
$boundOnly = @{
    'Connect-XenDom0: Example 1'    = 'a host over SSH'
    'Connect-XenDom0: Example 2'    = 'a host over SSH'
    'Connect-XenDom0: Example 3'    = 'two hosts over SSH'
    'Connect-XenDom0: Example 4'    = 'a host over SSH'
    'Disconnect-XenDom0: Example 2' = 'the id of a host over SSH'
    'Get-XenGuest: Example 4'       = 'the ids of two hosts over SSH'
}

function Enter-State([string] $Name) {
    $state = $states[$Name]
    if ($state.After) { Enter-State $state.After }
    if ($state.Do) { $null = . $state.Do 3>$null }
}

function Get-Example {
    foreach ($file in Get-ChildItem -Path (Join-Path $Pages '*.md')) {
        $text = Get-Content -LiteralPath $file.FullName -Raw
        foreach ($match in [regex]::Matches($text, '(?ms)^### (Example \d+): ([^\n]+)\n\n```powershell\n(.+?)\n```')) {
            [pscustomobject]@{
                Page  = $file.BaseName
                Name  = "$($file.BaseName): $($match.Groups[1].Value)"
                Title = $match.Groups[2].Value
                Code  = $match.Groups[3].Value
            }
        }
    }
}

# Whether an example leaves the host as it was.
function Test-Looking([string] $Code) { -not ([regex]::Matches($Code, '\w+-Xen\w+').Value -notmatch '^(Get|Export)-') }

function Clear-State {
    # Whatever is connected; when nothing is any more, that is an error.
    Get-XenDom0 -ErrorAction Ignore | Disconnect-XenDom0
    $script:state = $null
}

function Invoke-Example([object] $Example, [string] $Begin) {
    $looking = Test-Looking $Example.Code
    try {
        if (-not $looking -or $script:state -ne $Begin) {
            Clear-State
            Enter-State $Begin
            $script:state = $Begin
        }

        # In a scope of its own, and with PowerShell's own way with errors: the next line goes on.
        & {
            $ErrorActionPreference = 'Continue'
            & ([scriptblock]::Create($Example.Code))
        } 2>&1 3>$null | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | ForEach-Object { "ERROR $($Example.Name): $_" }
        "RAN $($Example.Name)"
    }
    catch { "ERROR $($Example.Name), beginning with ${Begin}: $_" }
    finally { if (-not $looking) { Clear-State } }
}

$state = $null
$examples = @(Get-Example)
# A line above that no page knows any more is an error as well.
foreach ($name in @($begins.Keys) + @($boundOnly.Keys)) {
    if ($name -notin $examples.Name -and $name -notin $examples.Page) { "ERROR ${name}: there is no such example" }
}

$work = Join-Path ([System.IO.Path]::GetTempPath()) "xdd-examples-$PID"
foreach ($example in $examples.Where{ -not $boundOnly[$_.Name] }) {
    $begin = $begins[$example.Name] ?? $begins[$example.Page]
    if (-not $begin) { "ERROR $($example.Name): it is not said above what it begins with"; continue }
    $null = New-Item -ItemType Directory -Path $work
    Push-Location -LiteralPath $work
    try { Invoke-Example $example $begin }
    finally {
        Pop-Location
        Remove-Item -LiteralPath $work -Recurse
    }
}
