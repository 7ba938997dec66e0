# What goes wrong on the way to dom0, and in the middle.

BeforeDiscovery {
    $ssh = $env:XDD_TRANSPORT -in $null, '', 'Ssh'
    $iommu = $env:XDD_IOMMU -ne 'none'
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
}

Describe 'The host' {
    AfterEach { Disconnect-TestDom0 }

    It 'is shown' {
        Connect-TestDom0
        $dom0 = Get-XenDom0
        $dom0.IsControlDomain | Should -BeTrue
        $dom0.HasXenStore | Should -BeTrue
        $dom0.XenVersion | Should -Match '^4\.17'
        $dom0.HasIommu | Should -Be ($env:XDD_IOMMU -ne 'none')
        $dom0.IsDefault | Should -BeTrue
    }
}

Describe 'Connecting over SSH' -Skip:(-not $ssh) {
    AfterEach { Disconnect-TestDom0 }

    It 'a port where nobody answers' {
        $failure = Get-ErrorOf { Connect-XenDom0 -HostName 127.0.0.1 -Port 1 -UserName root -Options (Get-TestOption) }
        $failure.FullyQualifiedErrorId | Should -Match '^ConnectionFailed,'
    }

    It 'a wrong key' {
        $key = Join-Path $TestDrive 'other'
        & ssh-keygen -q -t ed25519 -N '' -f $key
        $failure = Get-ErrorOf { Connect-XenDom0 -HostName $env:XDD_HOST -Port $env:XDD_PORT -UserName root -KeyFilePath $key -Options (Get-TestOption) }
        $failure.FullyQualifiedErrorId | Should -Match '^SshAuthenticationFailed,'
    }

    It 'a host that is not known yet' {
        $failure = Get-ErrorOf { Connect-XenDom0 -HostName $env:XDD_HOST -Port $env:XDD_PORT -UserName root -KeyFilePath $env:XDD_KEY -Options @{ StrictHostKeyChecking = 'yes'; UserKnownHostsFile = '/dev/null' } }
        $failure.FullyQualifiedErrorId | Should -Match '^SshHostKeyRejected,'
    }

    It 'a user who is not root is told so before anything is touched' {
        if (-not (Find-Dom0 id xddtest)) {
            Invoke-Dom0 useradd -m -p '*' xddtest
            Invoke-Dom0 install -d -o xddtest /home/xddtest/.ssh
            Invoke-Dom0 install -o xddtest /root/.ssh/authorized_keys /home/xddtest/.ssh
        }
        $null = Connect-XenDom0 -HostName $env:XDD_HOST -Port $env:XDD_PORT -UserName xddtest -KeyFilePath $env:XDD_KEY -Options (Get-TestOption)
        $failure = Get-ErrorOf { Add-XenPciAssignable 00:11.0 }
        $failure.FullyQualifiedErrorId | Should -Match '^NotRoot,'
        Get-SysfsDriver '00:11.0' | Should -Be 'e1000'
    }

    It 'a connection that is lost is reported, and the next command can be repeated after connecting again' {
        Connect-TestDom0
        $null = Get-XenPciDevice 00:11.0
        # It ends its own connection as well.
        $null = Get-Dom0Answer pkill -f 'sshd: root@notty'
        $failure = Get-ErrorOf { Get-XenPciDevice 00:11.0 }
        $failure.FullyQualifiedErrorId | Should -Match '^ConnectionLost,'
        Connect-TestDom0
        (Get-XenPciDevice 00:11.0).Driver | Should -Be 'e1000'
    }

    It 'a connection that is lost in the middle of a change: the same command again reaches the goal' -Skip:(-not $iommu) {
        Connect-TestDom0
        Reset-Dom0
        Add-XenPciAssignable 00:10.0
        $parameters = @{
            Name = 'lost'; PciDevice = '00:10.0'; Memory = 384MB; Kernel = '/root/vmlinuz'; Ramdisk = '/root/guest.gz'
            CommandLine = 'console=hvc0 role=dd'; Bridge = 'xenbr0'; Start = $true
        }
        Invoke-Dom0 sh -c 'setsid sh -c "until pgrep -f \"[x]l create\"; do sleep 0.1; done; pkill -f \"[s]shd: root@notty\"" >/dev/null 2>&1 &'
        $failure = Get-ErrorOf { New-XenDriverDomain @parameters }
        $failure.FullyQualifiedErrorId | Should -Match '^ConnectionLost,'
        "$failure" | Should -Match 'NOT undone: .*Destroy the domain lost'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'Connect-XenDom0'

        # xl goes on by itself.
        $until = [DateTime]::UtcNow.AddSeconds(120)
        while (-not ((Find-Dom0 xl list) -match '^lost .*\s[r-][b-]----\s') -and [DateTime]::UtcNow -lt $until) { Start-Sleep -Milliseconds 300 }
        Connect-TestDom0
        (New-XenDriverDomain @parameters).Readiness | Should -Be 'Serving'
        Reset-Dom0
    }
}
