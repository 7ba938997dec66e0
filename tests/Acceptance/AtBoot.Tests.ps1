# What pciback takes at the next boot: the settings, and then a boot. It runs on a host that a boot loader boots from its own disk
# (lab up --boot grub), where making GRUB's configuration takes most of a minute; and on the simulated one, which does not boot again.

BeforeDiscovery {
    $simulated = $env:XDD_TRANSPORT -eq 'Simulated'
    $settings = $simulated -or $env:XDD_BOOT -eq 'grub'
    $reboot = $env:XDD_BOOT -eq 'grub' -and $env:XDD_TRANSPORT -eq 'Ssh'
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0
    $defaults = '/etc/default/grub'
    function Get-BootFile { (Invoke-Dom0 cat $defaults) -join "`n" }
    function Get-BootState([string] $Address) { "$((Get-XenPciDevice $Address).StateAtNextBoot)" }
}

AfterAll {
    Reset-Dom0
    Disconnect-TestDom0
}

Describe 'Add-XenPciAssignable -AtBoot' -Skip:(-not $settings) {
    It 'shows its plan with -WhatIf, and changes nothing' {
        $before = Get-BootFile
        Add-XenPciAssignable 00:10.0 -AtBoot -BootLoader Grub2 -WhatIf -WarningAction SilentlyContinue
        Get-BootFile | Should -BeExactly $before
        Find-Dom0 cat "$defaults.xdd-backup" | Should -BeNullOrEmpty
        Get-BootState 00:10.0 | Should -Be 'Host'
    }

    It 'refuses <Why>' -TestCases @(
        @{ Why = 'what dom0 lives on'; Address = '00:1f.2'; Id = 'PciDeviceVitalToDom0' }
        @{ Why = 'the card that carries the only route'; Address = '00:02.0'; Id = 'PciDeviceVitalToDom0' }
        @{ Why = 'a bridge'; Address = '00:13.0'; Id = 'PciDeviceIsBridge' }
        @{ Why = 'an address that does not exist'; Address = '0a:1f.7'; Id = 'PciDeviceNotFound' }
        @{ Why = 'a loader that is not there'; Address = '00:10.0'; Loader = 'Extlinux'; Id = 'BootLoaderNotFound' }
    ) {
        $before = Get-BootFile
        $wanted = if ($Loader) { $Loader } else { 'Grub2' }
        (Get-ErrorOf { Add-XenPciAssignable $Address -AtBoot -BootLoader $wanted }).FullyQualifiedErrorId | Should -Match "^$Id,"
        Get-BootFile | Should -BeExactly $before
    }

    It 'adds what comes through the pipeline in one change, and touches nothing else' {
        $script:before = Get-BootFile
        $devices = Get-XenPciDevice 00:10.0, 00:11.0 |
            Add-XenPciAssignable -AtBoot -BootLoader Grub2 -PassThru -WarningAction SilentlyContinue
        @($devices | ForEach-Object { "$($_.Address) $($_.State) $($_.StateAtNextBoot)" }) |
            Should -Be '0000:00:10.0 Host Assignable', '0000:00:11.0 Host Assignable'
        $hide = 'xen-pciback.hide=(0000:00:10.0)(0000:00:11.0)'
        $expected = ($before.Split("`n") | ForEach-Object {
                if ($_ -match '^GRUB_CMDLINE_LINUX="(.*)"$') { 'GRUB_CMDLINE_LINUX="{0}"' -f "$($Matches[1]) $hide".TrimStart() } else { $_ }
            }) -join "`n"
        Get-BootFile | Should -BeExactly $expected
        (Invoke-Dom0 cat "$defaults.xdd-backup") -join "`n" | Should -BeExactly $before
        @(Invoke-Dom0 cat /boot/grub/grub.cfg | Where-Object { $_ -match 'module2.*vmlinuz' -and $_.Contains($hide) }) | Should -Not -BeNullOrEmpty
        Get-SysfsDriver '00:10.0' | Should -Be 'e1000e'
    }

    It 'is seen by Get-XenPciAssignable -AtBoot, and the same again is nothing to do' {
        @(Get-XenPciAssignable -AtBoot | ForEach-Object { "$($_.Address) $($_.BootLoader) $($_.Path)" }) |
            Should -Be "0000:00:10.0 Grub2 $defaults", "0000:00:11.0 Grub2 $defaults"
        $now = Get-BootFile
        Add-XenPciAssignable 00:10.0 -AtBoot -Verbose 4>&1 | Out-String | Should -Match 'nothing to do'
        Get-BootFile | Should -BeExactly $now
    }

    It 'is taken back without a trace' -Skip:$reboot {
        Get-XenPciAssignable -AtBoot | Remove-XenPciAssignable -AtBoot -Confirm:$false
        Get-BootFile | Should -BeExactly $before
        @(Invoke-Dom0 cat /boot/grub/grub.cfg) -match 'hide=' | Should -BeNullOrEmpty
        Get-BootState 00:10.0 | Should -Be 'Host'
    }
}

# Each boot is one of the machine: the firmware starts GRUB, which reads what update-grub made of our settings.
Describe 'After a boot' -Skip:(-not $reboot) {
    It 'pciback has what GRUB told the kernel to hide' {
        Restart-TestDom0
        Invoke-Dom0 cat /proc/cmdline | Should -Match ([regex]::Escape('xen-pciback.hide=(0000:00:10.0)(0000:00:11.0)'))
        Get-SysfsDriver '00:10.0' | Should -Be 'pciback'
        Get-SysfsDriver '00:11.0' | Should -Be 'pciback'
        Get-SysfsDriver '00:15.0' | Should -Be 'e1000e'
        @(Get-XlAssignable) | Should -Be '0000:00:10.0', '0000:00:11.0'
        @(Get-XenPciAssignable | ForEach-Object { "$($_.Address) $($_.State)" }) | Should -Be '0000:00:10.0 Assignable', '0000:00:11.0 Assignable'
        $facts = Get-XenDom0
        $facts.PcibackHide | Should -Be '(0000:00:10.0)(0000:00:11.0)'
        $facts.PcibackHideError | Should -BeNullOrEmpty
    }

    It 'one malformed element has cost the whole driver, and Get-XenDom0 says which and why' {
        Set-Dom0File $defaults ((Get-BootFile).Replace('(0000:00:11.0)', '(0000:00:11.0)(0000:82.0.0)') + "`n")
        $null = Invoke-Dom0 update-grub
        (Get-ErrorOf { Add-XenPciAssignable 00:12.0 -AtBoot }).FullyQualifiedErrorId | Should -Match '^BootHideMalformed,'
        Restart-TestDom0
        Invoke-Dom0 cat /proc/cmdline | Should -Match ([regex]::Escape('(0000:82.0.0)'))
        Find-Dom0 ls /sys/bus/pci/drivers/pciback | Should -BeNullOrEmpty
        Get-SysfsDriver '00:10.0' | Should -Be 'e1000e'
        $facts = Get-XenDom0
        $facts.HasPciback | Should -BeFalse
        $facts.PcibackHideError | Should -Match '\(0000:82\.0\.0\).*one or two colons'
        (Get-XenPciAssignable -AtBoot | Where-Object -Property Error).Element | Should -Be '(0000:82.0.0)'
        (Get-ErrorOf { Add-XenPciAssignable 00:12.0 -LoadDriver }).FullyQualifiedErrorId | Should -Match '^PcibackHideMalformed,'
    }

    It 'what was taken back is with dom0 again, and module options hide as well' {
        Get-XenPciAssignable -AtBoot | Where-Object -Property Address |
            Remove-XenPciAssignable -AtBoot -Force -Confirm:$false -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match '\(0000:82\.0\.0\)'
        Get-BootFile | Should -BeExactly $before
        Add-XenPciAssignable 00:12.0 -AtBoot -WarningAction SilentlyContinue
        Invoke-Dom0 cat /etc/modprobe.d/xen-pciback.conf | Should -Contain 'options xen-pciback hide=(0000:00:12.0)'
        Restart-TestDom0
        Invoke-Dom0 cat /proc/cmdline | Should -Not -Match 'hide='
        Get-SysfsDriver '00:10.0' | Should -Be 'e1000e'
        Get-SysfsDriver '00:11.0' | Should -Be 'e1000'
        Get-SysfsDriver '00:12.0' | Should -Be 'pciback'
    }
}
