# A driver domain that does not serve is found out, and the error says what it lacks.

BeforeDiscovery { $iommu = $env:XDD_IOMMU -ne 'none' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0
    Add-XenPciAssignable 00:11.0
    $parameters = @{ PciDevice = '00:11.0'; Memory = 320MB; Kernel = '/root/vmlinuz'; Ramdisk = '/root/guest.gz'; Bridge = 'xenbr0' }
}

AfterAll {
    Reset-Dom0
    Disconnect-TestDom0
}

Describe 'A driver domain that lacks something' -Skip:(-not $iommu) {
    It '<What>' -TestCases @(
        @{ What = 'xl devd'; CommandLine = 'console=hvc0 role=dd devd=0'; Id = 'DriverDomainNoDevd' }
        @{ What = 'the back-end driver'; CommandLine = 'console=hvc0 role=dd netback=0'; Id = 'DriverDomainNoBackendDriver' }
        @{ What = 'the bridge'; CommandLine = 'console=hvc0 role=dd bridge=other0'; Id = 'DriverDomainNoBridge' }
    ) {
        $failure = Get-ErrorOf { New-XenDriverDomain lacking @parameters -CommandLine $CommandLine -Start -Timeout 40 }
        $failure.FullyQualifiedErrorId | Should -Match "^$Id,"
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-XenDriverDomain | Should -BeNullOrEmpty -Because 'what had been done was undone'
        Get-XenGuest lacking* | Should -BeNullOrEmpty
        (Get-XenPciDevice 00:11.0).State | Should -Be 'Assignable'
    }
}
