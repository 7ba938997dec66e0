# dom0 must not crash: cards of one model come and go in any order, with listings, policies and snapshots between, and dom0's kernel has
# nothing to complain of.
#
#   XDD_ORDERS   how many of the 24 orders in which four equal cards can be given back: 3 (default), 24, or any number up to that

BeforeDiscovery {
    $iommu = $env:XDD_IOMMU -ne 'none'
    $cards = '00:10.0', '01:00.0', '00:15.0', '00:15.1'

    function Get-Permutation([string[]] $Item) {
        if ($Item.Count -le 1) { return , @($Item) }
        foreach ($one in $Item) { foreach ($rest in Get-Permutation @($Item -ne $one)) { , @(@($one) + $rest) } }
    }

    $all = @(Get-Permutation $cards)
    $count = if ($env:XDD_ORDERS) { [int]$env:XDD_ORDERS } else { 3 }

    # Few are taken from all over the list: each card is then among the first, and among the last.
    $step = 24 / $count
    $orders = @(for ($i = 0; $i -lt $count; $i++) { @{ Order = $all[[int][Math]::Floor($i * $step) + ($count -lt 24 ? $i % [int][Math]::Floor($step) : 0)] } })
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0
    $script:file = Join-Path ([IO.Path]::GetTempPath()) "xdd-safety-$PID.json"

    # What a kernel says when something is wrong with it, in its own case: a driver that warns of its options is not meant.
    function Get-Complaint { @(Invoke-Dom0 dmesg) -cmatch 'BUG:|Oops|general protection|WARNING:|Call Trace|cut here|panic' }
    $script:complaints = @(Get-Complaint)
    $script:taint = "$(Find-Dom0 cat /proc/sys/kernel/tainted)"

    # The looks that were once told by pciback's list of fields: each of them once for four cards.
    $script:look = @(
        { @(Get-XenPciDevice).Count | Should -BeGreaterThan 10 }
        { @(Get-XenPciPolicy).Count | Should -Be 1 }
        { $null = Get-XenPciQuirk }
        { (Save-XenDom0 -LiteralPath $file).PciDeviceCount | Should -BeGreaterThan 10 }
    )
}

AfterAll {
    Remove-Item -LiteralPath $file -ErrorAction Ignore
    Set-XenPciPolicy -Clear -Confirm:$false
    Reset-Dom0

    # pciback keeps entries of the cards until it is unloaded; tests to come may read what is not to be read.
    Invoke-Dom0 modprobe -r xen-pciback
    Invoke-Dom0 modprobe xen-pciback
    Disconnect-TestDom0
}

Describe 'Cards of one model' -Skip:(-not $iommu) {
    BeforeAll { Set-XenPciPolicy 'quirk 8086:10d3 78:4:0' }

    It 'can be given back in the order <Order>' -TestCases $orders {
        Add-XenPciAssignable 00:10.0, 01:00.0, 00:15.0, 00:15.1 -ErrorAction Stop
        @(Get-XenPciQuirk).ForEach{ "$($_.Address) $($_.Register) $($_.Source)" } |
            Should -Be '0000:00:10.0 120 Policy', '0000:00:15.0 120 Policy', '0000:00:15.1 120 Policy', '0000:01:00.0 120 Policy'
        for ($i = 0; $i -lt 4; $i++) {
            Remove-XenPciAssignable $Order[$i] -ErrorAction Stop
            & $look[$i]
        }
        Invoke-Dom0 ls /sys/bus/pci/drivers/e1000e | Where-Object { $_ -match '^0000' } |
            Should -Be '0000:00:02.0', '0000:00:10.0', '0000:00:15.0', '0000:00:15.1', '0000:01:00.0'
        Find-Dom0 xenstore-list /local/domain/0/xendriverdomain/pci | Should -BeNullOrEmpty
    }

    It 'leave dom0''s kernel without a complaint' {
        @(Get-Complaint) | Should -Be $complaints
        "$(Find-Dom0 cat /proc/sys/kernel/tainted)" | Should -Be $taint
    }
}

Describe 'pciback''s own list' -Skip:(-not $iommu) {
    It 'is not read with -WhatIf, and not without being asked for' {
        Add-XenPciAssignable 00:11.0
        Get-XenPciQuirk -FromKernel -WhatIf | Should -BeNullOrEmpty
        Get-XenPciQuirk 00:11.0 | Should -BeNullOrEmpty
        Remove-XenPciAssignable 00:11.0
    }
}
