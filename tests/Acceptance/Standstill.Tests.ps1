# A domain that is paused, or crashed and kept, looks in xenstore as if it served; it is not told to.

BeforeDiscovery { $iommu = $env:XDD_IOMMU -ne 'none' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0
    $parameters = @{
        PciDevice = '00:11.0'; Memory = 384MB; Kernel = '/root/vmlinuz'; Ramdisk = '/root/guest.gz'
        CommandLine = 'console=hvc0 role=dd'; Bridge = 'xenbr0'
    }
    if ($env:XDD_IOMMU -ne 'none') {
        Add-XenPciAssignable 00:11.0
        $null = New-XenDriverDomain netdd @parameters -Start -Timeout 300
        Start-XenGuest /root/client.cfg
        Connect-XenGuestVif -Guest fe1 -Backend netdd
    }

    # What three commands say of the health of netdd, and how many links of the topology are healthy.
    function Get-Health {
        $links = (Get-XenDriverDomainTopology netdd).Links
        [pscustomobject]@{
            Readiness = "$((Get-XenDriverDomain netdd).Readiness)"
            Status    = "$((Get-XenGuestVif fe1).Status)"
            Healthy   = @($links | Where-Object State -EQ 'Healthy').Count
            Links     = @($links).Count
        }
    }
}

AfterAll {
    # It may be gone already.
    $null = Get-Dom0Answer xl unpause netdd
    $null = Get-Dom0Answer xl unpause fe1
    Reset-Dom0
    Disconnect-TestDom0
}

Describe 'A driver domain and a guest that are paused' -Skip:(-not $iommu) {
    It 'serve before' {
        Wait-Traffic | Should -BeTrue
        Get-Health | ForEach-Object { "$($_.Readiness) $($_.Status) $($_.Healthy) of $($_.Links)" } | Should -Be 'Serving Connected 3 of 3'
    }

    It 'a paused driver domain serves nobody: in the readiness, the vif and every link of the topology' {
        Invoke-Dom0 xl pause netdd
        Get-Health | ForEach-Object { "$($_.Readiness) $($_.Status) $($_.Healthy) of $($_.Links)" } | Should -Be 'Paused Failed 0 of 3'
        $vif = Get-XenGuestVif fe1
        $vif.ErrorId | Should -Be 'VifBackendPaused'
        "$($vif.FrontendState) $($vif.BackendState) $($vif.HotplugStatus)" | Should -Be 'Connected Connected connected' -Because 'xenstore does not change'
        $vif.Remedy | Should -Match 'xl unpause netdd'
        (Get-XenDriverDomain netdd).ReadinessDetail | Should -Match 'xl unpause netdd'
        (Get-XenDriverDomainTopology netdd).Nodes | Where-Object Kind -EQ 'DriverDomain' | ForEach-Object Detail | Should -Match 'paused'
    }

    It 'a wait for it ends at once and names the remedy' {
        $failure = Get-ErrorOf { Start-XenDriverDomain netdd -Timeout 300 }
        $failure.FullyQualifiedErrorId | Should -Match '^DomainPaused,'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'xl unpause netdd'
        Get-ErrorOf { Stop-XenDriverDomain netdd -Confirm:$false -Timeout 300 } | ForEach-Object FullyQualifiedErrorId | Should -Match '^DriverDomainHasClients,'
    }

    It 'it serves again when it goes on' {
        Invoke-Dom0 xl unpause netdd
        Wait-Traffic | Should -BeTrue
        Get-Health | ForEach-Object { "$($_.Readiness) $($_.Status) $($_.Healthy) of $($_.Links)" } | Should -Be 'Serving Connected 3 of 3'
    }

    It 'a paused guest is not connected, and its driver domain is not blamed' {
        Invoke-Dom0 xl pause fe1
        $vif = Get-XenGuestVif fe1
        "$($vif.Status) $($vif.ErrorId)" | Should -Be 'Waiting VifGuestPaused'
        (Get-XenDriverDomainTopology fe1).Links | ForEach-Object State | Should -Be 'Healthy', 'Healthy', 'Waiting'
        Get-ErrorOf { Stop-XenGuest fe1 -Confirm:$false -Timeout 300 } | ForEach-Object FullyQualifiedErrorId | Should -Match '^DomainPaused,'
        Invoke-Dom0 xl unpause fe1
        Wait-Traffic | Should -BeTrue -Because 'it was not asked to shut down'
        "$((Get-XenGuestVif fe1).Status)" | Should -Be 'Connected'
    }
}

Describe 'A domain that has crashed or shut down and is kept' -Skip:(-not $iommu) {
    It 'a guest that shut down is told, and taken away' {
        Stop-XenGuest fe1 -Confirm:$false
        Set-Dom0File /root/kept.cfg ((((Invoke-Dom0 cat /root/client.cfg) -join "`n") + "`non_poweroff = `"preserve`"`n"))
        Start-XenGuest /root/kept.cfg
        Connect-XenGuestVif -Guest fe1 -Backend netdd
        Wait-Traffic | Should -BeTrue
        Invoke-Dom0 xl shutdown -w fe1
        "$((Get-XenGuest fe1).State)" | Should -Be 'Shutdown'
        "$((Get-XenGuestVif fe1).ErrorId)" | Should -Be 'VifGuestStopped'
        Stop-XenGuest fe1 -Confirm:$false -Timeout 15
        Get-XenGuest fe1* | Should -BeNullOrEmpty
    }

    It 'a driver domain whose kernel panics is not waited for' {
        Stop-XenDriverDomain netdd -Confirm:$false
        $path = '/etc/xen/driver-domains/netdd.cfg'
        $text = (Invoke-Dom0 cat $path) -join "`n"
        Set-Dom0File $path (($text -replace 'role=dd', 'role=dd rdinit=/nope') + "`non_crash = `"preserve`"`n")
        Start-XenDriverDomain netdd -NoWait
        $failure = Get-ErrorOf { Start-XenDriverDomain netdd -Timeout 300 }
        $failure.FullyQualifiedErrorId | Should -Match '^DriverDomainDied,'
        "$failure" | Should -Match 'has crashed and is kept'
        $kept = Get-XenDriverDomain netdd
        "$($kept.State) $($kept.Readiness)" | Should -Be 'Crashed NotRunning'
        Stop-XenDriverDomain netdd -Confirm:$false
        (Get-XenDriverDomain netdd).Domid | Should -BeNullOrEmpty
    }
}
