# xl and we understand each other's work, in both directions.

BeforeDiscovery {
    $iommu = $env:XDD_IOMMU -ne 'none'
    # The simulated dom0 has programs, and no shell.
    $shell = $env:XDD_TRANSPORT -ne 'Simulated'
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

Describe 'xl and this module' -Skip:(-not $iommu) {
    It 'what xl made assignable, Remove-XenPciAssignable gives back' {
        Invoke-Dom0 xl pci-assignable-add 00:12.0
        $device = Get-XenPciAssignable 00:12.0
        $device.State | Should -Be 'Assignable'
        $device.OriginalDriver | Should -Be '8139cp'
        Remove-XenPciAssignable 00:12.0
        Get-SysfsDriver '00:12.0' | Should -Be '8139cp'
        Get-XlAssignable | Should -Not -Contain '0000:00:12.0'
        Find-Dom0 xenstore-list /libxl/pci/0000-00-12-0 | Should -BeNullOrEmpty
    }

    It 'what Add-XenPciAssignable took, xl gives back' {
        Add-XenPciAssignable 00:12.0
        Get-XlAssignable | Should -Contain '0000:00:12.0'
        Invoke-Dom0 xl pci-assignable-remove -r 00:12.0
        Get-SysfsDriver '00:12.0' | Should -Be '8139cp'
        (Get-XenPciDevice 00:12.0).State | Should -Be 'Host'
        Get-XenPciAssignable | Should -BeNullOrEmpty
    }

    It 'adding twice changes nothing the second time' {
        Add-XenPciAssignable 00:12.0
        $again = Add-XenPciAssignable 00:12.0 -PassThru
        $again.State | Should -Be 'Assignable'
        $again.OriginalDriver | Should -Be '8139cp'
        Remove-XenPciAssignable 00:12.0
    }

    It 'a warning that is turned into an error stops it, and nothing is left half done' {
        { Add-XenPciAssignable 00:12.0 -WarningAction Stop } | Should -Throw
        Get-SysfsDriver '00:12.0' | Should -Be '8139cp'
        (Get-XenPciDevice 00:12.0).State | Should -Be 'Host'
    }

    It '-NoRebind leaves it without a driver, and keeps the record' {
        Add-XenPciAssignable 00:12.0
        Remove-XenPciAssignable 00:12.0 -NoRebind
        Get-SysfsDriver '00:12.0' | Should -BeNullOrEmpty
        $device = Get-XenPciDevice 00:12.0
        $device.State | Should -Be 'Unbound'
        $device.OriginalDriver | Should -Be '8139cp'
        Add-XenPciAssignable 00:12.0
        Remove-XenPciAssignable 00:12.0
        Get-SysfsDriver '00:12.0' | Should -Be '8139cp'
    }

    It 'both functions of a slot, by the pipeline' {
        Get-XenPciDevice 0000:00:15.* | Add-XenPciAssignable -WarningAction SilentlyContinue
        Get-XlAssignable | Should -Contain '0000:00:15.0'
        Get-XlAssignable | Should -Contain '0000:00:15.1'
        Get-XenPciAssignable | Remove-XenPciAssignable
        Get-SysfsDriver '00:15.0' | Should -Be 'e1000e'
        Get-SysfsDriver '00:15.1' | Should -Be 'e1000e'
    }

    It 'a change that was killed half-way is finished by the same command' {
        Invoke-Dom0 xenstore-write /libxl/pci/0000-00-12-0/driver_path /sys/bus/pci/drivers/8139cp
        Write-Dom0Sysfs /sys/bus/pci/devices/0000:00:12.0/driver/unbind 0000:00:12.0
        Write-Dom0Sysfs /sys/bus/pci/drivers/pciback/new_slot 0000:00:12.0
        (Get-XenPciDevice 00:12.0).State | Should -Be 'Listed'
        Add-XenPciAssignable 00:12.0
        (Get-XenPciDevice 00:12.0).State | Should -Be 'Assignable'
        Remove-XenPciAssignable 00:12.0
        Get-SysfsDriver '00:12.0' | Should -Be '8139cp'
    }
}

Describe 'What -WhatIf -Verbose prints' -Skip:(-not $iommu -or -not $shell) {
    BeforeAll {
        function Get-PlannedShell {
            param([scriptblock] $Change)
            $said = & $Change 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] -and $_.Message -match '^What it does' }
            $said.Message.Substring($said.Message.IndexOf("`n") + 1)
        }
    }

    It 'does in a shell on dom0 what the cmdlet does' {
        $script = Get-PlannedShell { Add-XenPciAssignable 00:12.0 -WhatIf -Verbose }
        Get-SysfsDriver '00:12.0' | Should -Be '8139cp'
        Invoke-Dom0 sh -e -c $script | Out-Null
        $device = Get-XenPciAssignable 00:12.0
        $device.State | Should -Be 'Assignable'
        $device.OriginalDriver | Should -Be '8139cp'
        Get-XlAssignable | Should -Contain '0000:00:12.0'

        $script = Get-PlannedShell { Remove-XenPciAssignable 00:12.0 -WhatIf -Verbose }
        Invoke-Dom0 sh -e -c $script | Out-Null
        (Get-XenPciDevice 00:12.0).State | Should -Be 'Host'
        Get-SysfsDriver '00:12.0' | Should -Be '8139cp'
        Get-XlAssignable | Should -Not -Contain '0000:00:12.0'
        Find-Dom0 xenstore-list /libxl/pci/0000-00-12-0 | Should -BeNullOrEmpty
    }

    It 'takes it back by the undo that stands beside each step' {
        $script = Get-PlannedShell { Add-XenPciAssignable 00:12.0 -WhatIf -Verbose }
        Invoke-Dom0 sh -e -c $script | Out-Null
        $steps = $script -split "`n`n"
        [array]::Reverse($steps)
        $undo = foreach ($step in $steps) { $step.Split("`n") | Where-Object { $_.StartsWith('#     ') } | ForEach-Object { $_.Substring(6) } }
        Invoke-Dom0 sh -c ($undo -join "`n") | Out-Null
        Get-SysfsDriver '00:12.0' | Should -Be '8139cp'
        (Get-XenPciDevice 00:12.0).State | Should -Be 'Host'
        Find-Dom0 xenstore-list /libxl/pci/0000-00-12-0 | Should -BeNullOrEmpty
    }
}
