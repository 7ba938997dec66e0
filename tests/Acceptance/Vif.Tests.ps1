# Guests and their network front ends, through the life and the death of the domain that backs them.

BeforeDiscovery { $iommu = $env:XDD_IOMMU -ne 'none' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0
    $parameters = @{
        PciDevice = '00:10.0'; Memory = 384MB; Kernel = '/root/vmlinuz'; Ramdisk = '/root/guest.gz'
        CommandLine = 'console=hvc0 role=dd'; Bridge = 'xenbr0'
    }
    if ($env:XDD_IOMMU -ne 'none') {
        Add-XenPciAssignable 00:10.0
        $null = New-XenDriverDomain netdd @parameters -Start
        Start-XenGuest /root/client.cfg
    }
}

AfterAll {
    Reset-Dom0
    Disconnect-TestDom0
}

Describe 'A guest and its vif' -Skip:(-not $iommu) {
    It 'Start-XenGuest started the client' {
        (Get-XenGuest fe1).Name | Should -Be 'fe1'
        Get-ErrorOf { Start-XenGuest /root/client.cfg } | ForEach-Object FullyQualifiedErrorId | Should -Match '^DomainAlreadyExists,'
    }

    It 'a name that two domains have is refused' {
        $name = "/local/domain/$(Invoke-Dom0 xl domid netdd)/name"
        Invoke-Dom0 xenstore-write $name fe1
        try { $failure = Get-ErrorOf { Connect-XenGuestVif -Guest fe1 -Backend 0 } }
        finally { Invoke-Dom0 xenstore-write $name netdd }
        $failure.FullyQualifiedErrorId | Should -Match '^DomainNameAmbiguous,'
        "$failure" | Should -Match "domid $((Get-XenGuest fe1).Domid)"
    }

    It 'a bridge that the driver domain lacks is reported, and the vif is taken back' {
        $failure = Get-ErrorOf { Connect-XenGuestVif -Guest fe1 -Backend netdd -Bridge nobridge }
        $failure.FullyQualifiedErrorId | Should -Match '^VifBridgeNotFound,'
        Get-XenGuestVif -Guest fe1 | Should -BeNullOrEmpty
    }

    It 'is connected with the default bridge, its MAC address, and its configuration file keeps its comments' {
        Set-Dom0File /root/edited.cfg "# a comment`nname = `"fe1`"  # the client`nvif = [ ]`n"
        $vif = Connect-XenGuestVif -Guest fe1 -Backend netdd -Mac 00:16:3e:01:02:03 -ConfigPath /root/edited.cfg -PassThru
        $vif.Bridge | Should -Be 'xenbr0'
        "$($vif.Mac)" | Should -Be '00:16:3e:01:02:03'
        $vif.Status | Should -Be 'Connected'
        Wait-Traffic | Should -BeTrue
        $text = (Invoke-Dom0 cat /root/edited.cfg) -join "`n"
        $text | Should -Match '# a comment'
        $text | Should -Match '# the client'
        $text | Should -Match 'mac=00:16:3e:01:02:03'
        $text | Should -Match 'backend=netdd'
    }

    It 'survives a restart of its driver domain' {
        $old = (Get-XenDriverDomain netdd).Domid
        Restart-XenDriverDomain netdd -Force -Confirm:$false
        (Get-XenDriverDomain netdd).Domid | Should -Not -Be $old
        $vif = Get-XenGuestVif -Guest fe1
        $vif.Status | Should -Be 'Connected'
        $vif.BackendDomid | Should -Be (Get-XenDriverDomain netdd).Domid
        Wait-Traffic | Should -BeTrue
    }

    It 'is flagged as an orphan when the back end dies, can be disconnected, and connects to the next one' {
        Invoke-Dom0 xl destroy netdd
        $orphan = Get-XenGuestVif -Guest fe1
        $orphan.Status | Should -Be 'Orphaned'
        $orphan.Detail | Should -Not -BeNullOrEmpty
        $orphan | Disconnect-XenGuestVif -Confirm:$false
        Get-XenGuestVif -Guest fe1 | Should -BeNullOrEmpty

        Start-XenDriverDomain netdd
        Connect-XenGuestVif -Guest fe1 -Backend netdd
        Wait-Traffic | Should -BeTrue
    }

    It 'a device that a domain uses is not taken back' {
        $failure = Get-ErrorOf { Remove-XenPciAssignable 00:10.0 }
        $failure.FullyQualifiedErrorId | Should -Match '^PciDeviceInUseByDomain,'
        "$failure" | Should -Match 'netdd'
    }

    It 'the guest stops' {
        Stop-XenGuest fe1 -Confirm:$false
        Get-XenGuest fe1* | Should -BeNullOrEmpty
    }

    It 'Remove-XenDriverDomain -Force stops a running one and deletes its file' {
        Remove-XenDriverDomain netdd -Force -Confirm:$false
        Get-XenDriverDomain | Should -BeNullOrEmpty
        (Get-XenPciDevice 00:10.0).State | Should -Be 'Assignable'
    }
}
