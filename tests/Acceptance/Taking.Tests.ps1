# A new driver domain that is started takes its card from dom0 in the same plan.

BeforeDiscovery {
    $iommu = $env:XDD_IOMMU -ne 'none'
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0
    $inside = @{ Memory = 384MB; Kernel = '/root/vmlinuz'; Ramdisk = '/root/guest.gz'; Bridge = 'xenbr0'; Start = $true }
}

AfterAll {
    Reset-Dom0
    Disconnect-TestDom0
}

Describe 'A card of dom0''s' -Skip:(-not $iommu) {
    It 'that carries the connection is refused, and stays where it is' {
        $before = Get-Footprint
        $failure = Get-ErrorOf { Get-XenPciDevice 00:02.0 | New-XenDriverDomain netdd @inside -CommandLine 'console=hvc0 role=dd' }
        $failure.FullyQualifiedErrorId | Should -Match '^PciDeviceVitalToDom0,'
        Get-Footprint | Should -Be $before
    }

    It 'is dom0''s again when the domain does not serve' {
        $failure = Get-ErrorOf {
            Get-XenPciDevice 00:10.0 | New-XenDriverDomain netdd @inside -CommandLine 'console=hvc0 role=dd devd=0' -Timeout 40
        }
        $failure.FullyQualifiedErrorId | Should -Match '^DriverDomainNoDevd,'
        "$failure" | Should -Match 'is with dom0''s driver e1000e'
        Get-SysfsDriver '00:10.0' | Should -Be 'e1000e'
        Get-XenDriverDomain netdd -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'is taken, and serves' {
        $domain = Get-XenPciDevice 00:10.0 | New-XenDriverDomain netdd @inside -CommandLine 'console=hvc0 role=dd'
        $domain.Readiness | Should -Be 'Serving'
        $card = Get-XenPciDevice 00:10.0
        $card.Domain | Should -Be 'netdd'
        $card.OriginalDriver | Should -Be 'e1000e'
    }

    It 'can be given back as one that was made assignable by itself' {
        Remove-XenDriverDomain netdd -Force -Confirm:$false
        Remove-XenPciAssignable 00:10.0
        Get-SysfsDriver '00:10.0' | Should -Be 'e1000e'
    }
}
