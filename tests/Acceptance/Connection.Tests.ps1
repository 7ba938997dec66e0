# What goes wrong on the way to dom0, and in the middle.

BeforeDiscovery {
    $ssh = $env:XDD_TRANSPORT -in $null, '', 'Ssh'
    $iommu = $env:XDD_IOMMU -ne 'none'
    $local = $env:XDD_TRANSPORT -eq 'Local'
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"

    # Runs a script in a session that has done nothing yet, and hands out what it writes; errors as their ids.
    function Invoke-Apart([string] $Script) {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript({
                    param($here, $script)
                    Import-Module "$here/../../XenDriverDomain.psd1", "$here/Acceptance.psm1"
                    foreach ($one in . ([scriptblock]::Create($script)) 2>&1) {
                        if ($one -is [System.Management.Automation.ErrorRecord]) { $one.FullyQualifiedErrorId.Split(',')[0] } else { "$one" }
                    }
                    Remove-Module XenDriverDomain
                }).AddArgument($PSScriptRoot).AddArgument($Script)
            $shell.Invoke()
        }
        finally { $shell.Dispose() }
    }
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

Describe 'Which host is meant' {
    It 'on dom0 itself is dom0, and nobody has to connect' -Skip:(-not $local) {
        Invoke-Apart '
            (Get-XenDom0).ForEach{ "$($_.Dom0) $($_.IsDefault)" }
            Add-XenPciAssignable 00:11.0 -LoadDriver -WhatIf
            Get-XenPciDevice 00:11.0 | Add-XenPciAssignable -LoadDriver -WhatIf
            (Get-XenPciDevice 00:11.0).Dom0
        ' | Should -Be 'local True', 'local'
    }

    It 'on dom0 itself is dom0 also when xenfs is not mounted' -Skip:(-not $local) {
        # Lazily: xenstored has a file of it open.
        Invoke-Dom0 umount -l /proc/xen
        try { Invoke-Apart 'Add-XenPciAssignable 00:11.0 -LoadDriver -WhatIf; (Get-XenPciDevice 00:11.0).Dom0' | Should -Be 'local' }
        finally { Invoke-Dom0 mount -t xenfs xenfs /proc/xen }
    }

    It 'is the first one that is connected, whatever ran before' -Skip:$local {
        Invoke-Apart '
            $null = Get-XenDom0
            $null = Get-XenPciDevice
            $null = TabExpansion2 -inputScript "Get-XenPciDevice -Address 0" -cursorColumn 27
            Connect-TestDom0
            (Get-XenDom0).IsDefault
            (Get-XenPciDevice 00:11.0).Dom0 -ne "local"
        ' | Should -Be 'True', 'True'
    }

    It 'is none after a connection that failed' {
        Invoke-Apart '
            $null = Get-XenDom0
            Connect-XenDom0 -Snapshot ./nowhere.json
            Get-XenPciDevice
            Add-XenPciAssignable 00:11.0 -WhatIf
            (Get-XenDom0 -Dom0 local).Dom0
            Get-XenPciDevice
        ' | Should -Be 'SnapshotFileNotReadable', 'Dom0NotConnected', 'Dom0NotConnected', 'local', 'Dom0NotConnected'
    }

    It 'is chosen by connecting to it again' -Skip:(-not $ssh) {
        Invoke-Apart '
            Connect-TestDom0
            Connect-XenDom0 -Snapshot ./nowhere.json
            Get-XenPciDevice 00:11.0
            Connect-TestDom0
            (Get-XenPciDevice 00:11.0).Driver
            @(Get-XenDom0).Count
        ' | Should -Be 'SnapshotFileNotReadable', 'Dom0NotConnected', 'e1000', '1'
    }

    It 'is none after the last one is disconnected' -Skip:$local {
        Invoke-Apart 'Connect-TestDom0; Disconnect-XenDom0; Get-XenPciDevice; Disconnect-XenDom0; Get-XenDom0' |
            Should -Be 'Dom0NotConnected', 'Dom0NotConnected'
    }

    It 'is never a machine that is no dom0 when something is to be changed' -Skip:$local {
        Invoke-Apart '
            Set-XenPciPolicy "permissive 8086:10d3" -WhatIf
            Add-XenPciAssignable 00:11.0 -AtBoot -WhatIf
            Get-XenPciDevice | Select-Object -First 1 | Add-XenPciAssignable -AtBoot -WhatIf
        ' | Select-Object -Unique | Should -Be 'Dom0NotChosen'
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

Describe 'What a connection leaves' -Skip:(-not $ssh) {
    BeforeAll {
        # A folder of this user's alone, so that nobody else's connections are counted. What runs on dom0 for a connection has a session.
        $script:place = "/tmp/xa-$PID"
        $null = New-Item -ItemType Directory -Path $place
        & chmod 700 $place
        $script:runtime = $env:XDG_RUNTIME_DIR
        $env:XDG_RUNTIME_DIR = $place

        function Get-Left { [IO.Directory]::GetFileSystemEntries($place, 'xdd-*') }
        function Get-LocalSsh { @(& pgrep -f "$place/xdd-") }

        # Another pwsh, which connects, says so, and goes on with a command.
        function Start-User([string] $Command) {
            $script = "Import-Module '$PSScriptRoot/../../XenDriverDomain.psd1'; Import-Module '$PSScriptRoot/Acceptance.psm1'; Connect-TestDom0; " +
                "`$null = Get-XenPciDevice; `$null = Get-XenGuest; [Console]::WriteLine(`$PID); $Command"
            $start = [Diagnostics.ProcessStartInfo]::new('pwsh', [string[]]('-NoProfile', '-NonInteractive', '-Command', $script))
            $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
            $user = [Diagnostics.Process]::Start($start)
            $line = $user.StandardOutput.ReadLine()
            $line | Should -Match '^\d+$'
            $user | Add-Member -NotePropertyName Real -NotePropertyValue ([int]$line) -PassThru
        }

        function Wait-Until([scriptblock] $Condition) {
            $until = [DateTime]::UtcNow.AddSeconds(60)
            while (-not (& $Condition) -and [DateTime]::UtcNow -lt $until) { Start-Sleep -Milliseconds 200 }
            & $Condition
        }

        # The looks of the suite itself have one, which may come and go.
        function Get-DomSession { @(Find-Dom0 pgrep -f 'sshd: root@notty').Count }
        $null = Get-DomSession
        $script:before = Get-DomSession
    }
    AfterAll {
        $env:XDG_RUNTIME_DIR = $runtime
        Remove-Item -LiteralPath $place -Recurse -Force
    }
    AfterEach { Disconnect-TestDom0 }

    It 'nothing, when pwsh ends without disconnecting: <_>' -ForEach 'exit', 'Remove-Module XenDriverDomain; $null = [Console]::ReadLine()', '[Environment]::Exit(0)' {
        $user = Start-User $_
        if ($_ -match 'ReadLine') {
            Wait-Until { -not (Get-Left) } | Should -BeTrue
            $user.StandardInput.WriteLine()
        }
        $user.WaitForExit()
        Get-Left | Should -BeNullOrEmpty
        Wait-Until { -not (Get-LocalSsh) } | Should -BeTrue
        Wait-Until { (Get-DomSession) -le $before } | Should -BeTrue
    }

    It 'nothing, when a runspace is closed' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$PSScriptRoot/../../XenDriverDomain.psd1'; Import-Module '$PSScriptRoot/Acceptance.psm1'; Connect-TestDom0; Get-XenPciDevice 00:11.0").Invoke()
        $shell.HadErrors | Should -BeFalse
        Get-Left | Should -Not -BeNullOrEmpty
        $shell.Runspace.Dispose()
        $shell.Dispose()
        Get-Left | Should -BeNullOrEmpty
        Wait-Until { -not (Get-LocalSsh) } | Should -BeTrue
    }

    It 'nothing that runs, when pwsh is killed; its folder goes with the next connection' {
        $user = Start-User '$null = [Console]::ReadLine()'
        Get-Left | Should -Not -BeNullOrEmpty
        (Get-DomSession) | Should -BeGreaterThan $before
        Stop-Process -Id $user.Real -Force
        $user.WaitForExit()
        Wait-Until { -not (Get-LocalSsh) } | Should -BeTrue
        Wait-Until { (Get-DomSession) -le $before } | Should -BeTrue
        $left = Get-Left
        Connect-TestDom0
        Get-Left | Should -Not -Contain $left
        @(Get-Left).Count | Should -Be 1
    }
}
