# What pciback takes at the next boot, and the policy for it: the settings, and then boots. It runs on a host that a boot loader boots from
# its own disk (lab up --boot grub), where making GRUB's configuration takes most of a minute; the boot with a policy there is Debian's
# sysvinit's. With --init systemd, which takes long in emulation, it is that boot only; on the simulated host it is only the settings.

BeforeDiscovery {
    $simulated = $env:XDD_TRANSPORT -eq 'Simulated'
    $init = $env:XDD_INIT
    $settings = $simulated -or ($env:XDD_BOOT -eq 'grub' -and $init -ne 'systemd')
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

    $driver = '/sys/bus/pci/drivers/pciback'
    $guest = '/etc/xen/auto/early.cfg'
    $rule = '/etc/udev/rules.d/80-xen-pci-policy.rules'

    function Get-KernelPermissive { @(Find-Dom0 cat "$driver/permissive") }

    # Where the kernel's log first tells of something; an error when it does not.
    function Find-KernelLog([string] $Pattern) {
        $lines = @(Invoke-Dom0 dmesg)
        $index = (0..($lines.Count - 1)).Where({ $lines[$_] -match $Pattern }, 'First')
        if (-not $index) { throw "nothing in the kernel's log matches $Pattern" }
        $index[0]
    }
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
Describe 'After a boot' -Skip:(-not $reboot -or $init -eq 'systemd') {
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

    It 'what is taken back is no longer told to the kernel' {
        Get-XenPciAssignable -AtBoot | Where-Object -Property Address |
            Remove-XenPciAssignable -AtBoot -Force -Confirm:$false -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match '\(0000:82\.0\.0\)'
        Get-BootFile | Should -BeExactly $before
    }
}

# pciback's options are those of its module now. Debian's init runs what applies the policy: no cmdlet of ours is there before.
Describe 'A policy, after a boot' -Skip:(-not $reboot) {
    BeforeAll {
        Add-XenPciAssignable 00:12.0 -AtBoot -WarningAction SilentlyContinue
        Set-XenPciPolicy 'permissive 10ec:8139', 'quirk 0000:00:12.0 0000007c:2:00000000', 'permissive 0000:00:11.0'
        # xendomains starts what lies there.
        Invoke-Dom0 mkdir -p /etc/xen/auto
        Set-Dom0File $guest ((Invoke-Dom0 cat /root/netdd.cfg).Replace('netdd', 'early').Replace('00:10.0', '00:12.0') -join "`n")
        # Without udev's rule it is for the init system alone.
        Invoke-Dom0 mv $rule /root
        if ((Invoke-Dom0 cat /proc/1/comm) -ne 'systemd') { Set-Dom0File /etc/lab-init "sysvinit`n" }
        Restart-TestDom0
    }

    It 'module options have had pciback take the card, and no other one' {
        Invoke-Dom0 cat /etc/modprobe.d/xen-pciback.conf | Should -Contain 'options xen-pciback hide=(0000:00:12.0)'
        Invoke-Dom0 cat /proc/cmdline | Should -Not -Match 'hide='
        Get-SysfsDriver '00:12.0' | Should -Be 'pciback'
        Get-SysfsDriver '03:02.0' | Should -Be '8139cp'
        Get-SysfsDriver '00:10.0' | Should -Be 'e1000e'
        Get-SysfsDriver '00:11.0' | Should -Be 'e1000'
    }

    It 'is in effect for the card that pciback took' {
        Get-KernelPermissive | Should -Be '0000:00:12.0'
        Invoke-Dom0 cat "$driver/quirks" | Should -Contain "`t`t0000007c:2:00000000"
        @(Get-XenPciPolicy | ForEach-Object { "$($_.InEffect)" }) | Should -Be '0000:00:12.0', '0000:00:12.0', ''
    }

    It 'was so before the guest that starts with the host got the card' {
        Invoke-Dom0 xl domid early | Should -Match '^\d+$'
        Find-KernelLog '0000:00:12\.0.*permissive mode' | Should -BeLessThan (Find-KernelLog '0000:00:12\.0: .*assign to virtual slot')
    }

    It 'was applied by the run level' -Skip:($init -eq 'systemd') {
        $links = @(Invoke-Dom0 ls /etc/rc2.d)
        $position = { param($name) $links.IndexOf(($links -match "^S\d\d$name$")[0]) }
        & $position xen-pci-policy | Should -BeLessThan (& $position xendomains)
    }

    It 'was applied by a unit that systemd runs before xendomains' -Skip:($init -ne 'systemd') {
        Invoke-Dom0 systemctl is-enabled xen-pci-policy.service | Should -Be 'enabled'
        Invoke-Dom0 systemctl is-active xen-pci-policy.service | Should -Be 'active'
        Invoke-Dom0 systemctl show -P ExecMainStatus xen-pci-policy.service | Should -Be '0'
        (Invoke-Dom0 systemctl show -P After xendomains.service).Split(' ') | Should -Contain 'xen-pci-policy.service'
        Invoke-Dom0 systemd-analyze verify /etc/systemd/system/xen-pci-policy.service
    }
}

# udev runs the same script when a card changes hands, whoever it was.
Describe 'A policy, while the host runs' -Skip:(-not $reboot) {
    BeforeAll {
        Invoke-Dom0 mv "/root/$(Split-Path $rule -Leaf)" $rule
        $card = '/sys/bus/pci/devices/0000:00:11.0'
    }
    AfterAll {
        Invoke-Dom0 rm -f $guest /etc/lab-init
        Set-XenPciPolicy -Clear
        Remove-XenPciAssignable 00:12.0 -AtBoot -Confirm:$false -WarningAction SilentlyContinue
    }

    It 'is applied by udev when <Who> binds a card' -TestCases @(
        @{
            Who     = 'xl'
            Bind    = { Invoke-Dom0 xl pci-assignable-add 00:11.0 }
            Release = { Invoke-Dom0 xl pci-assignable-remove -r 00:11.0 }
        }
        @{
            Who     = 'a program that knows nothing of Xen'
            Bind    = {
                Write-Dom0Sysfs $card/driver_override pciback
                Write-Dom0Sysfs $card/driver/unbind 0000:00:11.0
                Write-Dom0Sysfs /sys/bus/pci/drivers_probe 0000:00:11.0
            }
            Release = {
                Write-Dom0Sysfs $card/driver_override ''
                Write-Dom0Sysfs $card/driver/unbind 0000:00:11.0
                Write-Dom0Sysfs /sys/bus/pci/drivers_probe 0000:00:11.0
            }
        }
    ) {
        & $Bind
        try {
            Invoke-Dom0 udevadm settle
            Get-SysfsDriver '00:11.0' | Should -Be 'pciback'
            Get-KernelPermissive | Should -Be '0000:00:11.0', '0000:00:12.0'
        }
        finally { & $Release }
    }
}
