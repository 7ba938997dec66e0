# A system that somebody has installed becomes the inside of a driver domain.

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    $root = '/srv/acceptance-root'
    $image = "$root.img"

    # As much of a Debian as is looked at; nothing of a root is run.
    $files = @{
        'etc/os-release'                                                    = "PRETTY_NAME=`"Debian GNU/Linux 12 (bookworm)`"`nID=debian`n"
        'etc/network/interfaces'                                            = "source /etc/network/interfaces.d/*`n"
        'etc/network/interfaces.d/.keep'                                    = "`n"
        'etc/xen/scripts/block'                                             = "#!/bin/bash`n"
        'etc/xen/scripts/vif-bridge'                                        = "#!/bin/bash`n"
        'etc/xen/scripts/xen-hotplug-common.sh'                             = "#!/bin/bash`n"
        'lib/modules/6.1.0/kernel/drivers/block/xen-blkback/xen-blkback.ko' = "`n"
        'lib/modules/6.1.0/kernel/drivers/net/xen-netback/xen-netback.ko'   = "`n"
        'lib/modules/6.1.0/modules.builtin'                                 = "kernel/net/bridge/bridge.ko`nkernel/drivers/pci/xen-pcifront.ko`n"
        'lib/systemd/systemd'                                               = "`n"
        'lib/udev/rules.d/.keep'                                            = "`n"
        'lib/x86_64-linux-gnu/libc.so.6'                                    = "`n"
        'lib64/ld-linux-x86-64.so.2'                                        = "`n"
        'usr/bin/bash'                                                      = "`n"
        'usr/bin/xenstore-read'                                             = "`n"
        'usr/bin/xenstore-write'                                            = "`n"
        'usr/sbin/ifup'                                                     = "`n"
        'usr/sbin/ip'                                                       = "`n"
    }
    $null = Invoke-Dom0 rm -rf $root
    foreach ($folder in $files.Keys | ForEach-Object { Split-Path $_ } | Sort-Object -Unique) { Invoke-Dom0 mkdir -p "$root/$folder" }
    foreach ($file in $files.GetEnumerator()) { Set-Dom0File "$root/$($file.Key)" $file.Value }
}

AfterAll {
    $null = Get-Dom0Answer rm -rf $root
    $null = Get-Dom0Answer rm -f $image
    Disconnect-TestDom0
}

Describe 'A root that somebody has installed' {
    It 'is told what it lacks, with the package that has it, and is not changed' {
        $before = Invoke-Dom0 ls -R $root
        $finding = Test-XenDriverDomainImage -Path $root -Role Network | Where-Object Severity -EQ Error | Where-Object Remedy -Match 'xen-utils'
        $finding | Should -Not -BeNullOrEmpty
        Test-XenDriverDomainImage -Path $root -Role Network -Quiet | Should -BeFalse
        Invoke-Dom0 ls -R $root | Should -Be $before
    }

    It 'becomes the inside of a driver domain when it has Xen''s tools' {
        Set-Dom0File "$root/usr/sbin/xl" "`n"
        $made = Initialize-XenDriverDomainImage -Path $root -Role Network -PassThru -Confirm:$false
        $made.Findings | Where-Object Severity -EQ Error | Should -BeNullOrEmpty
        Test-XenDriverDomainImage -Path $root -Role Network -Quiet | Should -BeTrue
        Find-Dom0 readlink "$root/etc/systemd/system/multi-user.target.wants/xen-driver-domain.service" |
            Should -Be '/etc/systemd/system/xen-driver-domain.service'
        Invoke-Dom0 cat "$root/etc/modules-load.d/xen-driver-domain.conf" | Should -Contain 'xen-netback'
    }

    It 'is changed no more when the same is asked for again' {
        $before = Invoke-Dom0 ls -R $root
        $said = Initialize-XenDriverDomainImage -Path $root -Role Network -Confirm:$false -Verbose 4>&1 | Out-String
        $said | Should -Match 'nothing to do'
        Invoke-Dom0 ls -R $root | Should -Be $before
    }

    It 'is looked at in the image of a file system, which does not stay mounted' {
        if ($env:XDD_TRANSPORT -eq 'Simulated') { Set-Dom0File $image "tree: $root`n" }
        elseif ((Get-Dom0Answer mke2fs -q -t ext4 -d $root $image 32M).ExitCode -ne 0) { Set-ItResult -Skipped -Because 'dom0 has no mke2fs' }
        Test-XenDriverDomainImage -Path $image -Role Network -Quiet | Should -BeTrue
        Test-XenDriverDomainImage -Path $image -Role Disk -Quiet | Should -BeFalse
        Invoke-Dom0 cat /proc/self/mountinfo | Should -Not -Match 'xen-driver-domain'
        Get-XenDom0 -Footprint | Where-Object Kind -EQ Mount | Should -BeNullOrEmpty
    }
}
