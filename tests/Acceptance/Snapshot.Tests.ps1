# A host is recorded in a file without secrets, and its copy looks and behaves as the host does.

BeforeDiscovery { $iommu = $env:XDD_IOMMU -ne 'none' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0
    $script:real = (Get-XenDom0).Dom0
    $script:file = Join-Path ([IO.Path]::GetTempPath()) "xdd-snapshot-$PID.json"

    # What is listed of a host, a line for each object, without the host's id, and with one word for running and waiting: domains do
    # both in turn.
    function Get-Listing([string] $Dom0) {
        foreach ($list in
            @(Get-XenPciDevice -Dom0 $Dom0), @(Get-XenDriverDomain -Dom0 $Dom0), @(Get-XenGuest -Dom0 $Dom0), @(Get-XenGuestVif -Dom0 $Dom0)) {
            $list | Select-Object -Property * -ExcludeProperty Dom0 | ForEach-Object {
                if ("$($_.State)" -eq 'Running') { $_.State = [XenDriverDomain.Domains.DomainState]::Blocked }
                $_ | ConvertTo-Json -Compress -Depth 5 -WarningAction Ignore
            }
        }
    }

    # What is different between the two, to be read when a test fails.
    function Compare-Listing {
        Compare-Object @(Get-Listing $script:real) @(Get-Listing $script:copy) | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" }
    }

    # Records the host and connects to the copy.
    function Connect-Copy {
        $script:report = Save-XenDom0 -Dom0 $script:real -LiteralPath $script:file
        $connected = Connect-XenDom0 -Snapshot $script:file
        $script:copy = $connected.Dom0
        $script:rehearsal = $connected.Simulation
    }

    function Disconnect-Copy {
        if ($script:copy) { Disconnect-XenDom0 -Dom0 $script:copy -Confirm:$false }
        $script:copy = $script:rehearsal = $null
    }
}

AfterAll {
    Disconnect-Copy
    Remove-Item -LiteralPath $script:file -ErrorAction Ignore
    Reset-Dom0
    Disconnect-TestDom0
}

Describe 'A snapshot of a host at rest' {
    BeforeAll { Connect-Copy }
    AfterAll { Disconnect-Copy }

    It 'reports what it has' {
        $report.Dom0 | Should -Be $real
        $report.Path | Should -Be $file
        $report.Length | Should -Be (Get-Item -LiteralPath $file).Length
        $report.PciDeviceCount | Should -Be @(Get-XenPciDevice -Dom0 $real).Count
        $report.DomainCount | Should -Be 1
        $report.XenStoreNodeCount | Should -BeGreaterThan 10
    }

    It 'is a file that two people can compare' {
        $bytes = [IO.File]::ReadAllBytes($file)
        $bytes[0] | Should -Be ([byte][char]'{')
        # Pester and Compare-Object look at a megabyte for minutes in dom0.
        [Array]::IndexOf($bytes, [byte]13) | Should -Be -1
        $null = Save-XenDom0 -Dom0 $real -LiteralPath "$file.again"
        $first, $second = $file, "$file.again" | ForEach-Object { , [IO.File]::ReadAllLines($_) }
        Remove-Item -LiteralPath "$file.again"
        $second.Count | Should -Be $first.Count
        $different = for ($i = 0; $i -lt $first.Count; $i++) { if ($first[$i] -cne $second[$i]) { $first[$i], $second[$i] } }
        $different -notmatch 'recordedAt' | Should -BeNullOrEmpty
    }

    It 'gives a copy that is listed as the host is' {
        @(Get-Listing $copy).Count | Should -BeGreaterThan 10
        Compare-Listing | Should -BeNullOrEmpty
    }

    It 'gives a copy with the facts of the host' {
        $facts = 'HostName', 'XenVersion', 'KernelVersion', 'IsControlDomain', 'HasIommu', 'HasPciback', 'HasXenStore', 'FreeMemoryMB', 'TotalMemoryMB'
        $there = Get-XenDom0 -Dom0 $real
        $here = Get-XenDom0 -Dom0 $copy
        foreach ($fact in $facts) { $here.$fact | Should -Be $there.$fact -Because $fact }
    }

    It 'rehearses taking a card and giving it back, and the host does not notice' -Skip:(-not $iommu) {
        Add-XenPciAssignable 00:12.0 -Dom0 $copy
        (Get-XenPciDevice 00:12.0 -Dom0 $copy).State | Should -Be 'Assignable'
        Get-SysfsDriver '00:12.0' | Should -Be '8139cp'
        Remove-XenPciAssignable 00:12.0 -Dom0 $copy
        (Get-XenPciDevice 00:12.0 -Dom0 $copy).Driver | Should -Be '8139cp'
    }

    It 'refuses on the copy what is refused on the host' {
        $there = Get-ErrorOf { Add-XenPciAssignable 00:02.0 -Dom0 $real }
        $here = Get-ErrorOf { Add-XenPciAssignable 00:02.0 -Dom0 $copy }
        $here.FullyQualifiedErrorId | Should -Be $there.FullyQualifiedErrorId
    }

    It 'does not overwrite when told not to' {
        (Get-ErrorOf { Save-XenDom0 -Dom0 $real -LiteralPath $file -NoClobber }).FullyQualifiedErrorId | Should -Match '^OutputFileExists,'
    }
}

Describe 'A snapshot of a host that hides a function at boot' {
    BeforeAll {
        $script:defaults = '/etc/default/grub'
        $script:before = (Invoke-Dom0 cat $defaults) -join "`n"
        $script:hiding = $before -replace '(?m)^(GRUB_CMDLINE_LINUX="[^"\n]*)"', '$1 luks.key=hunter2 xen-pciback.hide=(0000:00:12.0)"'
        Set-Dom0File $defaults "$hiding`n"
        Connect-Copy

        function Get-Json([scriptblock] $Command) { & $Command | Select-Object -Property * -ExcludeProperty Dom0 | ForEach-Object { $_ | ConvertTo-Json -Compress } }
    }
    AfterAll {
        Disconnect-Copy
        Set-Dom0File $defaults "$before`n"
    }

    It 'has no secret of the command line, and says so' {
        Select-String -LiteralPath $file -Pattern 'hunter2' -SimpleMatch | Should -BeNullOrEmpty
        $report.LeftOut.What | Should -Contain 'command line words in boot files'
    }

    It 'gives a copy that will boot as the host will' {
        @(Get-XenPciAssignable -AtBoot -Dom0 $real | ForEach-Object { "$($_.Address) $($_.BootLoader)" }) | Should -Be '0000:00:12.0 Grub2'
        Get-Json { Get-XenPciAssignable -AtBoot -Dom0 $copy } | Should -Be (Get-Json { Get-XenPciAssignable -AtBoot -Dom0 $real })
        (Get-XenPciDevice 00:12.0 -Dom0 $copy).StateAtNextBoot | Should -Be 'Assignable'
        Compare-Listing | Should -BeNullOrEmpty
    }

    It 'rehearses hiding another one, with the file that the host would get' {
        $device = Add-XenPciAssignable 00:10.0 -AtBoot -Dom0 $copy -PassThru -WarningAction Ignore
        $device.StateAtNextBoot | Should -Be 'Assignable'
        $expected = $hiding.Replace(' luks.key=hunter2', '').Replace('(0000:00:12.0)', '(0000:00:12.0)(0000:00:10.0)')
        $rehearsal.Run("cat $defaults").StandardOutput.TrimEnd() | Should -BeExactly $expected.TrimEnd()
        $rehearsal.Run('cat /boot/grub/grub.cfg').StandardOutput | Should -Match 'module2.*vmlinuz.*\(0000:00:12\.0\)\(0000:00:10\.0\)'
        (Invoke-Dom0 cat $defaults) -join "`n" | Should -BeExactly $hiding
    }

    It 'finds the kernel of the copy to be what the host''s is' {
        $findings = @(Get-Json { Test-XenKernelConfig -Role Dom0, PvDriverDomain, HvmDriverDomain, NetworkBackend, DiskBackend, Guest -ErrorAction Stop -Dom0 $real })
        @(Get-Json { Test-XenKernelConfig -Role Dom0, PvDriverDomain, HvmDriverDomain, NetworkBackend, DiskBackend, Guest -ErrorAction Stop -Dom0 $copy }) | Should -Be $findings
    }
}

Describe 'A snapshot of a host at work' -Skip:(-not $iommu) {
    BeforeAll {
        Invoke-Dom0 xl create -q /root/client.cfg
        Add-XenPciAssignable 00:10.0 -Dom0 $real
        $null = New-XenDriverDomain netdd -PciDevice 00:10.0 -Memory 384MB -Kernel /root/vmlinuz -Ramdisk /root/guest.gz -CommandLine 'console=hvc0 role=dd psk=hunter2 rootpw=hunter2 pwd=hunter2' -Bridge xenbr0 -Start -Dom0 $real
        $null = Connect-XenGuestVif -Guest fe1 -Backend netdd -Bridge xenbr0 -Dom0 $real
        $guest = "$(Invoke-Dom0 xl domid fe1)"
        foreach ($node in "/local/domain/0/backend/vfb/$guest/0/vncpasswd", "/local/domain/$guest/data/secret-note", '/libxl/vnc-pass') {
            Invoke-Dom0 xenstore-write $node hunter2
        }
        $script:full = '/etc/xen/driver-domains/full.cfg'
        Set-Dom0File $full ((
            'name = "full"', 'type = "pv"', 'memory = 256', 'kernel = "/root/vmlinuz"', "pci = [ '00:11.0' ]", 'extra = "role=dd wpa=hunter2" # hunter2',
            "disk = [ 'format=raw,vdev=xvda,access=rw,target=rbd:pool/image:id=admin:key=hunter2' ]", "bootloader_args = '--answer=hunter2 -q'",
            '#extra = "psk=hunter2"') -join "`n")
        Connect-Copy
    }
    AfterAll {
        Disconnect-Copy
        Find-Dom0 rm $full
        foreach ($node in '/local/domain/0/backend/vfb', '/libxl/vnc-pass') { Find-Dom0 xenstore-rm $node }
    }

    It 'has no password and nothing of what guests keep for themselves' {
        Select-String -LiteralPath $file -Pattern 'hunter2' -SimpleMatch | Should -BeNullOrEmpty
        Select-String -LiteralPath $file -Pattern 'data/traffic' -SimpleMatch | Should -BeNullOrEmpty
        $report.LeftOut.What | Should -Contain 'passwords in xenstore'
        $report.LeftOut.What | Should -Contain 'words of configuration files'
        $report.LeftOut.What | Should -Contain 'words of guests'' kernel command lines'
        $report.DomainCount | Should -Be 3
    }

    It 'has the words that a rehearsal needs' {
        $kept = (Get-Content -LiteralPath $file -Raw | ConvertFrom-Json -AsHashtable).files[$full]
        $kept | Should -Contain 'extra = "role=dd" # left-out'
        $kept | Should -Contain "disk = [ 'format=raw,vdev=xvda,access=rw,target=rbd:pool/image' ]"
    }

    It 'gives a copy that is listed as the host is' {
        @(Get-Listing $copy).Count | Should -BeGreaterThan 10
        Compare-Listing | Should -BeNullOrEmpty
    }

    It 'rehearses a policy for the card, and the host does not get it' {
        $set = @(Set-XenPciPolicy -Rule 'quirk 0000:00:10.0 78:4:0' -Dom0 $copy -PassThru -Confirm:$false)
        "$($set.InEffect)" | Should -Be '0000:00:10.0'
        "$((Get-XenPciPolicy -Dom0 $copy).Rule)" | Should -Be 'quirk 0000:00:10.0 00000078:4:00000000'
        Get-XenPciPolicy -Dom0 $real | Should -BeNullOrEmpty
    }

    It 'rehearses the restart of the driver domain with its client' {
        (Restart-XenDriverDomain netdd -Dom0 $copy -Force -PassThru -Confirm:$false -WarningAction Ignore).Readiness | Should -Be 'Serving'
        (Get-XenGuestVif -Guest fe1 -Dom0 $copy).Status | Should -Be 'Connected'
    }

    It 'rehearses taking everything back' {
        Disconnect-XenGuestVif -Guest fe1 -Backend netdd -Dom0 $copy -Confirm:$false
        Stop-XenDriverDomain netdd -Dom0 $copy -Confirm:$false
        Remove-XenPciAssignable 00:10.0 -Dom0 $copy
        (Get-XenPciDevice 00:10.0 -Dom0 $copy).Driver | Should -Be 'e1000e'
        Get-SysfsDriver '00:10.0' | Should -Be 'pciback' -Because 'the host itself is as it was'
    }
}
