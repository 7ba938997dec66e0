# What is refused, before anything is touched, each with its own error id and a remedy.

BeforeDiscovery {
    $iommu = $env:XDD_IOMMU -ne 'none'
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0
}

AfterAll {
    Reset-Dom0
    Disconnect-TestDom0
}

Describe 'Add-XenPciAssignable refuses' {
    It '<Why>: <Address>' -TestCases @(
        @{ Why = 'a malformed address'; Address = '0:1'; Id = 'PciAddressMalformed' }
        @{ Why = 'a wildcard'; Address = '00:10.*'; Id = 'PciAddressMalformed' }
        @{ Why = 'an address out of range'; Address = '00:20.0'; Id = 'PciAddressMalformed' }
        @{ Why = 'an address that does not exist'; Address = '0a:1f.7'; Id = 'PciDeviceNotFound' }
        @{ Why = 'a bridge'; Address = '00:13.0'; Id = 'PciDeviceIsBridge' }
        @{ Why = 'the host bridge'; Address = '00:00.0'; Id = 'PciDeviceIsHostBridge' }
        @{ Why = 'the disk controller dom0 lives on'; Address = '00:1f.2'; Id = 'PciDeviceVitalToDom0' }
        @{ Why = 'the card that carries the only route'; Address = '00:02.0'; Id = 'PciDeviceVitalToDom0' }
    ) {
        $before = Get-Footprint
        $failure = Get-ErrorOf { Add-XenPciAssignable $Address }
        $failure.FullyQualifiedErrorId | Should -Match "^$Id,"
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $failure.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
        Get-Footprint | Should -Be $before
    }

    It 'lifts the protection of dom0 only with -Force, and -WhatIf shows the plan and changes nothing' -Skip:(-not $iommu) {
        $before = Get-Footprint
        Add-XenPciAssignable 00:02.0 -Force -WhatIf -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match '00:02\.0'
        Get-Footprint | Should -Be $before
    }

    It 'takes a card that carries the only route with -Force, and says so' -Skip:(-not $iommu -or $env:XDD_TRANSPORT -eq 'Simulated') {
        $interface = Invoke-Dom0 ls /sys/bus/pci/devices/0000:00:11.0/net
        $gateway = (Invoke-Dom0 ip route show default).Split(' ')[2]
        Invoke-Dom0 ip address add 10.0.2.77/24 dev $interface
        Invoke-Dom0 ip link set $interface up
        Invoke-Dom0 ip route replace default via 10.0.2.2 dev $interface
        try {
            (Get-ErrorOf { Add-XenPciAssignable 00:11.0 }).FullyQualifiedErrorId | Should -Match '^PciDeviceVitalToDom0,'
            Add-XenPciAssignable 00:11.0 -Force -WarningVariable warnings -WarningAction SilentlyContinue
            "$warnings" | Should -Match "-Force: .*$interface"
            Get-SysfsDriver '00:11.0' | Should -Be 'pciback'
            Remove-XenPciAssignable 00:11.0
            Get-SysfsDriver '00:11.0' | Should -Be 'e1000'
        }
        finally { Invoke-Dom0 ip route replace default via $gateway }
    }
}

Describe 'Without the pciback driver' -Skip:(-not $iommu) {
    BeforeAll { Invoke-Dom0 rmmod xen-pciback }
    AfterAll { Invoke-Dom0 modprobe xen-pciback }

    It 'names the remedy, and -LoadDriver applies it' {
        $failure = Get-ErrorOf { Add-XenPciAssignable 00:11.0 }
        $failure.FullyQualifiedErrorId | Should -Match '^PcibackNotLoaded,'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'LoadDriver'
        Get-SysfsDriver '00:11.0' | Should -Be 'e1000'

        Add-XenPciAssignable 00:11.0 -LoadDriver
        Get-SysfsDriver '00:11.0' | Should -Be 'pciback'
        Remove-XenPciAssignable 00:11.0
        Get-SysfsDriver '00:11.0' | Should -Be 'e1000'
    }
}

Describe 'Without an IOMMU' -Skip:$iommu {
    It 'refuses to take a device, and leaves it where it is' {
        $before = Get-Footprint
        $failure = Get-ErrorOf { Add-XenPciAssignable 00:10.0 }
        $failure.FullyQualifiedErrorId | Should -Match '^NoIommu,'
        Get-Footprint | Should -Be $before
    }
}

Describe 'New-XenDriverDomain refuses' -Skip:(-not $iommu) {
    BeforeAll {
        Add-XenPciAssignable 00:11.0
        $good = @{ PciDevice = '00:11.0'; Memory = 256MB; Kernel = '/root/vmlinuz'; Ramdisk = '/root/guest.gz' }
    }
    AfterAll { Remove-XenPciAssignable 00:11.0 }

    It '<Why>' -TestCases @(
        @{ Why = 'a name of digits'; Name = '4711'; Change = @{}; Id = 'DomainNameInvalid' }
        @{ Why = 'PVH with a PCI device'; Name = 'x1'; Change = @{ Type = 'PVH' }; Id = 'PciOnPvh' }
        @{ Why = 'HVM with memory to grow into'; Name = 'x1'; Change = @{ Type = 'HVM'; MaximumMemory = 512MB }; Id = 'PciWithPopulateOnDemand' }
        @{ Why = 'a device that is not assignable'; Name = 'x1'; Change = @{ PciDevice = '00:12.0' }; Id = 'DriverDomainDeviceNotAssignable' }
        @{ Why = 'a kernel that is not there'; Name = 'x1'; Change = @{ Kernel = '/root/none' }; Id = 'DriverDomainFileNotFound' }
        @{ Why = 'half a MiB'; Name = 'x1'; Change = @{ Memory = 16777217 }; Id = 'MemorySizeMalformed' }
    ) {
        $before = Get-Footprint
        $parameters = $good.Clone()
        foreach ($key in $Change.Keys) { $parameters[$key] = $Change[$key] }
        $failure = Get-ErrorOf { New-XenDriverDomain $Name @parameters }
        $failure.FullyQualifiedErrorId | Should -Match "^$Id,"
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-Footprint | Should -Be $before
    }

    It 'a name that is taken' {
        $null = New-XenDriverDomain twice @good
        (New-XenDriverDomain twice @good).Name | Should -Be 'twice' -Because 'the same command again finds the goal reached'
        $good.Memory = 320MB
        $failure = Get-ErrorOf { New-XenDriverDomain twice @good }
        $failure.FullyQualifiedErrorId | Should -Match '^DomainAlreadyExists,'
        Remove-XenDriverDomain twice -Confirm:$false
    }
}

Describe 'Connect-XenGuestVif refuses' {
    It 'a domain that does not run' {
        $failure = Get-ErrorOf { Connect-XenGuestVif -Guest nobody -Backend nothing -Bridge xenbr0 }
        $failure.FullyQualifiedErrorId | Should -Match '^DomainNotFound,'
    }

    It 'a malformed MAC address' {
        $failure = Get-ErrorOf { Connect-XenGuestVif -Guest nobody -Backend nothing -Mac 01:00:5e:00:00:01 }
        $failure.FullyQualifiedErrorId | Should -Match '^MacAddressMalformed,'
    }
}

Describe 'A host that is not connected' {
    It 'is an error, never the default host' {
        $failure = Get-ErrorOf { Get-XenPciDevice -Dom0 root@nowhere }
        $failure.FullyQualifiedErrorId | Should -Match '^Dom0NotConnected,'
    }
}
