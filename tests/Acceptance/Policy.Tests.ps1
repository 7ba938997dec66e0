# What guests may write of a device's configuration space: set per device, and by a policy that outlasts re-binding and boots.

BeforeDiscovery {
    $simulated = $env:XDD_TRANSPORT -eq 'Simulated'
    $iommu = $env:XDD_IOMMU -ne 'none'
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0

    # This file reads pciback's own list, as a second opinion. Of what other files did with cards of one model it may have entries that crash
    # dom0; a driver that is loaded anew has none, and here no two such cards are given away.
    Invoke-Dom0 modprobe -r xen-pciback
    Invoke-Dom0 modprobe xen-pciback
    $driver = '/sys/bus/pci/drivers/pciback'
    $folder = '/etc/xen/driver-domains'

    # The lines of pciback's list that belong to a device, as the kernel writes them.
    function Get-KernelField([string] $Address) {
        $inside = $false
        foreach ($line in Invoke-Dom0 cat "$driver/quirks") {
            if ($line -notlike "`t*") { $inside = $line -eq $Address }
            elseif ($inside -and $line -like "`t`t*") { $line.Trim() }
        }
    }

    function Get-KernelPermissive { @(Find-Dom0 cat "$driver/permissive") }
}

AfterAll {
    Set-XenPciPolicy -Clear -Confirm:$false
    Reset-Dom0
    Disconnect-TestDom0
}

Describe 'A field of one device' -Skip:(-not $iommu) {
    BeforeAll { Add-XenPciAssignable 00:10.0, 00:11.0 }
    AfterAll { Remove-XenPciAssignable 00:10.0, 00:11.0 }

    It 'is known as it was added, and nothing else is' {
        Get-XenPciQuirk 00:11.0 | Should -BeNullOrEmpty
        Add-XenPciQuirk 00:11.0 0xf8 -Size 1
        $fields = @(Get-XenPciQuirk)
        $fields.Count | Should -Be 1
        "$($fields[0].Address) $($fields[0].Register) $($fields[0].Source)" | Should -Be '0000:00:11.0 248 Command'
        Get-KernelField 00:11.0 | Should -Contain '000000f8:1:00000000'
    }

    It 'shows what the kernel lists, where that is asked for' {
        $fields = @(Get-XenPciQuirk 00:11.0 -FromKernel -Confirm:$false)
        $fields.ForEach{ "$($_.Source)" } | Sort-Object -Unique | Should -Be 'Kernel'
        $fields.ForEach{ '{0:x8}:{1}:{2:x8}' -f $_.Register, $_.Size, $_.Mask } | Should -Be (Get-KernelField 00:11.0)
        $fields.Where{ $_.IsHeader }.Count | Should -Be 15
        "$($fields[0].Address)" | Should -Be '0000:00:11.0'
    }

    It 'is shown, and not written, with -WhatIf; then it is written and read back' {
        Add-XenPciQuirk 00:11.0 0x7c -Size 2 -WhatIf
        Get-KernelField 00:11.0 | Should -Not -Contain '0000007c:2:00000000'
        (Add-XenPciQuirk 00:11.0 0x7c -Size 2 -PassThru).Register | Should -Be 0x7c
        Get-KernelField 00:11.0 | Should -Contain '0000007c:2:00000000'
        Get-KernelField 00:10.0 | Should -Not -Contain '0000007c:2:00000000'
    }

    It 'that is there is no error, and is not there twice' {
        Add-XenPciQuirk 00:11.0 0x7c -Size 2 -ErrorAction Stop
        @(Get-KernelField 00:11.0).Where{ $_ -like '0000007c*' }.Count | Should -Be 1
    }

    It 'that the kernel would ignore without a word is refused: <Register>' -TestCases @(@{ Register = 4 }, @{ Register = 0x7c }) {
        (Get-ErrorOf { Add-XenPciQuirk 00:11.0 $Register -Size 4 }).FullyQualifiedErrorId | Should -Match '^PciQuirkRegisterTaken,'
    }

    It 'that pciback would refuse is refused before: <Register> <Size> <Mask>' -TestCases @(
        @{ Register = 0x1000; Size = 4; Mask = 0 }, @{ Register = 0x80; Size = 3; Mask = 0 }, @{ Register = 0x80; Size = 1; Mask = 0x100 }
    ) {
        (Get-ErrorOf { Add-XenPciQuirk 00:11.0 $Register -Size $Size -Mask $Mask }).FullyQualifiedErrorId | Should -Match '^PciQuirkFieldMalformed,'
    }

    It 'of a device that dom0 has is refused' {
        (Get-ErrorOf { Add-XenPciQuirk 00:12.0 0x80 }).FullyQualifiedErrorId | Should -Match '^PciNotSeized,'
    }

    It 'is gone when the device was unbound' {
        Remove-XenPciAssignable 00:11.0
        Add-XenPciAssignable 00:11.0
        Get-KernelField 00:11.0 | Should -Not -Contain '0000007c:2:00000000'
        Get-XenPciQuirk 00:11.0 | Should -BeNullOrEmpty
    }

    It 'is known to be gone when another program has unbound and bound the device' {
        Add-XenPciQuirk 00:11.0 0x7c -Size 2
        Invoke-Dom0 xl pci-assignable-remove -r 00:11.0
        Invoke-Dom0 xl pci-assignable-add 00:11.0
        Get-XenPciQuirk 00:11.0 | Should -BeNullOrEmpty
        (Add-XenPciQuirk 00:11.0 0x7c -Size 4 -PassThru).Size | Should -Be 4
        Get-KernelField 00:11.0 | Should -Contain '0000007c:4:00000000'
    }
}

Describe 'A permissive device' -Skip:(-not $iommu) {
    AfterAll { Remove-XenPciAssignable 00:11.0 }

    It 'is permissive until it is unbound' {
        (Add-XenPciAssignable 00:11.0 -Permissive -PassThru).IsPermissive | Should -BeTrue
        Get-KernelPermissive | Should -Contain '0000:00:11.0'
        (Get-XenPciAssignable 00:11.0).IsPermissive | Should -BeTrue
        Remove-XenPciAssignable 00:11.0
        Add-XenPciAssignable 00:11.0
        Get-KernelPermissive | Should -Not -Contain '0000:00:11.0'
    }

    It 'can become so later' {
        Add-XenPciAssignable 00:11.0 -Permissive
        Get-KernelPermissive | Should -Contain '0000:00:11.0'
    }
}

Describe 'A policy' -Skip:(-not $iommu) {
    BeforeAll {
        Set-Dom0File /root/xend-pci-quirks.sxp @'
# as of old
(e1000
    (pci_ids
        ('8086:100E:FFFF:ffff'   # the card of the test
         '14e4:1645')
    )
    (pci_config_space_fields
        ('00000078:4:00000000'
         '0000007c:2:00000000')
    )
)

'@
        Set-Dom0File /root/xend-pci-permissive.sxp "(unconstrained_dev_ids`n    ('8086:10d3')`n)`n"
        Add-XenPciAssignable 00:11.0
    }
    AfterAll { Remove-XenPciAssignable 00:11.0 }

    It 'of xend is read, with the devices that each rule is about' {
        $rules = @(Import-XenPciPolicy /root/xend-pci-quirks.sxp, /root/xend-pci-permissive.sxp)
        $rules.Rule | Should -Be @(
            'quirk 8086:100e 00000078:4:00000000', 'quirk 8086:100e 0000007c:2:00000000'
            'quirk 14e4:1645 00000078:4:00000000', 'quirk 14e4:1645 0000007c:2:00000000', 'permissive 8086:10d3')
        "$($rules[0].Device)" | Should -Match '0000:00:11\.0'
        $rules[2].Device.Count | Should -Be 0
        "$($rules[4].Device)" | Should -Match '0000:00:10\.0'
        $rules[0].Source | Should -Match 'xend-pci-quirks\.sxp:4:'
    }

    It 'is shown, and not set, with -WhatIf' {
        $before = Get-Footprint
        Import-XenPciPolicy /root/xend-pci-quirks.sxp | Set-XenPciPolicy -WhatIf
        Get-Footprint | Should -Be $before
    }

    It 'is in effect at once where pciback has the device' {
        Import-XenPciPolicy /root/xend-pci-quirks.sxp, /root/xend-pci-permissive.sxp | Where-Object Device | Set-XenPciPolicy
        Get-KernelField 00:11.0 | Should -Contain '00000078:4:00000000'
        $policy = @(Get-XenPciPolicy)
        $policy.Count | Should -Be 3
        "$($policy[0].InEffect)" | Should -Be '0000:00:11.0'
        $policy[0].Name | Should -Be 'e1000'
        $policy[2].InEffect.Count | Should -Be 0
    }

    It 'comes back when the device was given back and taken again' {
        Remove-XenPciAssignable 00:11.0
        Add-XenPciAssignable 00:11.0, 00:10.0
        Get-KernelField 00:11.0 | Should -Contain '0000007c:2:00000000'
        Get-KernelPermissive | Should -Contain '0000:00:10.0'
        Remove-XenPciAssignable 00:10.0
    }

    It 'is applied by what runs at boot, without PowerShell' -Skip:$simulated {
        $dom0Driver = '/sys/bus/pci/drivers/e1000'
        Remove-XenPciAssignable 00:11.0
        Write-Dom0Sysfs $dom0Driver/unbind 0000:00:11.0
        try {
            Write-Dom0Sysfs $driver/new_slot 0000:00:11.0
            Write-Dom0Sysfs $driver/bind 0000:00:11.0
            Invoke-Dom0 sh $folder/apply-pci-policy 0000:00:11.0
            Get-KernelField 00:11.0 | Should -Contain '00000078:4:00000000'
            Invoke-Dom0 sh -c 'for s in /etc/init.d/xen-pci-policy; do [ ! -e $s ] || $s restart; done'
            @(Get-KernelField 00:11.0).Where{ $_ -like '00000078*' }.Count | Should -Be 1
            $units = Invoke-Dom0 sh -c 'ls /etc/rc2.d /etc/systemd/system/multi-user.target.wants 2>/dev/null; true'
            $units -join ' ' | Should -Match 'xen-pci-policy'
        }
        finally {
            # Back where our own commands find it.
            Write-Dom0Sysfs $driver/unbind 0000:00:11.0
            Write-Dom0Sysfs $driver/remove_slot 0000:00:11.0
            Write-Dom0Sysfs $dom0Driver/bind 0000:00:11.0
            Add-XenPciAssignable 00:11.0
        }
    }

    It 'is applied by udev when xl binds the device' -Skip:$simulated {
        if (-not (Find-Dom0 pidof systemd-udevd udevd)) { Set-ItResult -Skipped -Because 'no udevd runs here'; return }
        Remove-XenPciAssignable 00:11.0
        Invoke-Dom0 xl pci-assignable-add 00:11.0
        Invoke-Dom0 udevadm settle
        Get-KernelField 00:11.0 | Should -Contain '00000078:4:00000000'
    }

    It 'keeps its rules with -Append, and is left alone when one is malformed or none is given' {
        Set-XenPciPolicy 'permissive 0000:00:12.0' -Append
        @(Get-XenPciPolicy).Count | Should -Be 4
        Set-XenPciPolicy 'permissive 0000:00:12.0', 'allow all' -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures.FullyQualifiedErrorId | Should -Be @('PciPolicyRuleMalformed,XenDriverDomain.Commands.SetXenPciPolicyCommand', 'PciPolicyEmpty,XenDriverDomain.Commands.SetXenPciPolicyCommand')
        @() | Set-XenPciPolicy -ErrorAction SilentlyContinue
        @(Get-XenPciPolicy).Count | Should -Be 4
    }

    It 'is gone with -Clear, with all that applied it' {
        Set-XenPciPolicy -Clear
        @(Get-XenPciPolicy).Count | Should -Be 0
        Find-Dom0 ls /etc/xen/driver-domains/apply-pci-policy /etc/udev/rules.d/80-xen-pci-policy.rules | Should -BeNullOrEmpty
        Find-Dom0 ls /etc/init.d/xen-pci-policy /etc/systemd/system/xen-pci-policy.service | Should -BeNullOrEmpty
    }
}
