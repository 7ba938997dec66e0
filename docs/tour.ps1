<#
.SYNOPSIS
The main job, step by step, on a simulated dom0 or on a host of yours.
.DESCRIPTION
Without parameters nothing real is touched: a dom0 is simulated in this process. With -Dom0 the same steps are done on that host, with
a card and a guest that you name; nothing is done before you have seen the plan with -WhatIf, if you want to.

What is printed after PS> is what is run. Each step stops the tour when it fails; what was done until then stays, so that you can look at
it, and the clean-up at the end of this file is what you need then.
.EXAMPLE
./docs/tour.ps1
.EXAMPLE
./docs/tour.ps1 -Dom0 (Connect-XenDom0 xen1 root) -Card 03:00.0 -GuestConfig /etc/xen/web1.cfg
#>
[CmdletBinding()]
param(
    # The host: what Connect-XenDom0 returned, or its id. Left out, a simulated one.
    [object] $Dom0,
    # The network card that dom0 can spare; to be named with -Dom0.
    [string] $Card = '03:00.0',
    # The bridge inside the driver domain.
    [string] $Bridge = 'xenbr0',
    # The configuration of a guest without an interface, on the host.
    [string] $GuestConfig = '/root/client.cfg',
    # What the driver domain is to be called.
    [string] $Name = 'netdd',
    # Shows the plans of the first step that changes something, and ends.
    [switch] $WhatIf
)
$ErrorActionPreference = 'Stop'
if (-not (Get-Module XenDriverDomain)) {
    # Beside this folder in a checkout and in a package alike; else wherever PowerShell finds it.
    $beside = Join-Path $PSScriptRoot '../XenDriverDomain.psd1'
    Import-Module $(if (Test-Path $beside) { $beside } else { 'XenDriverDomain' })
}

$number = 0
function Step([string] $Title, [scriptblock] $Do) {
    $script:number++
    "`n$script:number. $Title"
    "PS> $("$Do".Trim() -replace '(?m)^ {8,12}', '    ')"
    . $Do | Out-String -Width 110 | ForEach-Object TrimEnd
}

$simulated = -not $Dom0
if (-not $simulated -and -not $PSBoundParameters.ContainsKey('Card')) {
    throw 'On a host of yours, say with -Card which network card is to be taken from dom0. Get-XenPciDevice -Class Network lists them.'
}
if ($simulated) {
    'A tour on a simulated dom0. Nothing on this machine is touched.'
    $Dom0 = Connect-XenDom0 -Simulated
}

# From here on every cmdlet works on this host, unless told otherwise.
$PSDefaultParameterValues = @{ '*-Xen*:Dom0' = $Dom0 }

try {
    Step 'The host' { Get-XenDom0 }
    Step 'Which network cards are there, and what does dom0 use them for?' { Get-XenPciDevice -Class Network }
    Step 'A device that dom0 lives on is refused' {
        $vital = Get-XenPciDevice | Where-Object { $_.UsedBy.IsVital } | Select-Object -First 1
        try { Add-XenPciAssignable -Address $vital.Address -WhatIf } catch { "$_" }
    }
    Step 'What would it take to make a driver domain of one of the cards?' {
        Get-XenPciDevice -Address $Card | New-XenDriverDomain -Name $Name -Bridge $Bridge -Start -WhatIf
    }
    if ($WhatIf) { return }

    Step 'Make its inside of what dom0 has, take the card from dom0, start the domain, and wait until it serves' {
        Get-XenPciDevice -Address $Card | New-XenDriverDomain -Name $Name -Bridge $Bridge -Start
    }
    Step 'What is inside' { Get-XenDriverDomainImage }
    $guest = $null
    Step 'Start a guest' { $script:guest = Start-XenGuest -Path $GuestConfig -PassThru; $guest }
    Step 'Connect it to the driver domain' { Connect-XenGuestVif -Guest $guest.Name -Backend $Name -PassThru }
    if ($simulated) {
        Step 'The echo replies that the guest has counted' {
            $Dom0.Simulation.Run("xenstore-read /local/domain/$($guest.Domid)/data/traffic").StandardOutput
        }
    }
    Step 'The driver domain with its device and its client' { Get-XenDriverDomain -Name $Name | Format-List }
    Step 'Start the driver domain anew; its client is connected again' {
        Restart-XenDriverDomain -Name $Name -Force -Confirm:$false
        Get-XenGuestVif -Guest $guest.Name
    }
    if ($simulated) {
        Step 'A host whose kernel refuses a step: what was done before it is undone' {
            $faulty = Connect-XenDom0 -Simulated -Fault 'write:/sys/bus/pci/drivers/pciback/bind:1:EBUSY'
            try { Add-XenPciAssignable -Address 07:00.0 -Dom0 $faulty } catch { "$_" }
            Get-XenPciDevice -Address 07:00.0 -Dom0 $faulty
            Disconnect-XenDom0 -Dom0 $faulty
        }
    }
    Step 'And everything back' {
        Disconnect-XenGuestVif -Guest $guest.Name -Backend $Name -Confirm:$false
        Stop-XenGuest -Name $guest.Name -Confirm:$false
        Stop-XenDriverDomain -Name $Name -Confirm:$false
        Remove-XenDriverDomain -Name $Name -Confirm:$false
        Remove-XenPciAssignable -Address $Card -PassThru
        Get-XenDriverDomainImage | Where-Object { -not $_.UsedBy } | Remove-XenDriverDomainImage
    }
}
finally {
    if ($simulated) { Disconnect-XenDom0 }
}
