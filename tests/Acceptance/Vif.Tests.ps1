# Guests and their network front ends, through the life and the death of the domain that backs them.

BeforeDiscovery { $iommu = $env:XDD_IOMMU -ne 'none' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0
    $parameters = @{
        PciDevice = '00:10.0'; Memory = 384MB; Kernel = '/root/vmlinuz'; Ramdisk = '/root/guest.gz'
        CommandLine = 'console=hvc0 role=dd'; Bridge = 'xenbr0'
    }
    if ($env:XDD_IOMMU -ne 'none') {
        Add-XenPciAssignable 00:10.0
        $null = New-XenDriverDomain netdd @parameters -Start
        Start-XenGuest /root/client.cfg
    }
}

AfterAll {
    Reset-Dom0
    Disconnect-TestDom0
}

Describe 'A guest and its vif' -Skip:(-not $iommu) {
    It 'Start-XenGuest started the client' {
        $guest = Get-XenGuest fe1
        $guest.Name | Should -Be 'fe1'
        (Start-XenGuest /root/client.cfg -PassThru).Domid | Should -Be $guest.Domid -Because 'it runs already'
        $other = ConvertFrom-XenDomainConfig "name = 'fe1'`nmemory = 256`nkernel = '/root/vmlinuz'`nvif = [ 'mac=00:16:3e:7e:7e:7e' ]"
        $failure = Get-ErrorOf { $other | Start-XenGuest }
        $failure.FullyQualifiedErrorId | Should -Match '^DomainAlreadyExists,'
        "$failure" | Should -Match 'has no vif'
    }

    It 'a name that two domains have is refused' {
        $name = "/local/domain/$(Invoke-Dom0 xl domid netdd)/name"
        Invoke-Dom0 xenstore-write $name fe1
        try { $failure = Get-ErrorOf { Connect-XenGuestVif -Guest fe1 -Backend 0 } }
        finally { Invoke-Dom0 xenstore-write $name netdd }
        $failure.FullyQualifiedErrorId | Should -Match '^DomainNameAmbiguous,'
        "$failure" | Should -Match "domid $((Get-XenGuest fe1).Domid)"
    }

    It 'a bridge that the driver domain lacks is reported, and the vif is taken back' {
        $failure = Get-ErrorOf { Connect-XenGuestVif -Guest fe1 -Backend netdd -Bridge nobridge }
        $failure.FullyQualifiedErrorId | Should -Match '^VifBridgeNotFound,'
        Get-XenGuestVif -Guest fe1 | Should -BeNullOrEmpty
    }

    It 'is connected with the default bridge, its MAC address, and its configuration file keeps its comments' {
        Set-Dom0File /root/edited.cfg "# a comment`nname = `"fe1`"  # the client`nvif = [ ]`n"
        $vif = Connect-XenGuestVif -Guest fe1 -Backend netdd -Mac 00:16:3e:01:02:03 -ConfigPath /root/edited.cfg -PassThru
        $vif.Bridge | Should -Be 'xenbr0'
        "$($vif.Mac)" | Should -Be '00:16:3e:01:02:03'
        $vif.Status | Should -Be 'Connected'
        Wait-Traffic | Should -BeTrue
        $text = (Invoke-Dom0 cat /root/edited.cfg) -join "`n"
        $text | Should -Match '# a comment'
        $text | Should -Match '# the client'
        $text | Should -Match 'mac=00:16:3e:01:02:03'
        $text | Should -Match 'backend=netdd'
    }

    It 'survives a restart of its driver domain' {
        $old = (Get-XenDriverDomain netdd).Domid
        Restart-XenDriverDomain netdd -Force -Confirm:$false
        (Get-XenDriverDomain netdd).Domid | Should -Not -Be $old
        $vif = Get-XenGuestVif -Guest fe1
        $vif.Status | Should -Be 'Connected'
        $vif.BackendDomid | Should -Be (Get-XenDriverDomain netdd).Domid
        Wait-Traffic | Should -BeTrue
    }

    It 'is what is asked for when it is asked for again; another one wants to be' {
        $vif = Get-XenGuestVif -Guest fe1
        $again = Connect-XenGuestVif -Guest fe1 -Backend netdd -PassThru
        "$($again.Mac)" | Should -Be "$($vif.Mac)"
        Get-XenGuestVif -Guest fe1 | Should -HaveCount 1
        $vif | Connect-XenGuestVif -Backend netdd
        Get-XenGuestVif -Guest fe1 | Should -HaveCount 1
        (Get-ErrorOf { Connect-XenGuestVif -Guest fe1 -Backend netdd -Mtu 1400 }).FullyQualifiedErrorId | Should -Match '^VifAlreadyConnected,'
        $other = Connect-XenGuestVif -Guest fe1 -Backend netdd -Additional -PassThru
        Get-XenGuestVif -Guest fe1 | Should -HaveCount 2
        Disconnect-XenGuestVif -Guest fe1 -Devid $other.Devid -Confirm:$false
    }

    It 'comes back with all that it had when its driver domain was destroyed: <_>' -ForEach 'Start', 'Restart', 'Connect' {
        Disconnect-XenGuestVif -Guest fe1 -Confirm:$false
        Connect-XenGuestVif -Guest fe1 -Backend netdd -Mac 00:16:3e:01:02:04 -Devid 2 -Rate 10MB/s@50ms -Mtu 1400
        $before = Get-XenGuestVif -Guest fe1
        Invoke-Dom0 xl destroy netdd
        (Get-XenGuestVif -Guest fe1).Status | Should -Be 'Orphaned'
        (Get-XenDriverDomain netdd).PendingClient | Should -Match '^fe1 vif 2 \(00:16:3e:01:02:04\)$'
        switch ($_) {
            'Start' { Start-XenDriverDomain netdd }
            'Restart' { Restart-XenDriverDomain netdd -Confirm:$false }
            'Connect' {
                # As long as it boots, the command fails, and the client stays recorded.
                Start-XenDriverDomain netdd -NoWait -WarningAction SilentlyContinue
                $until = [DateTime]::UtcNow.AddSeconds(120)
                do {
                    $failure = Get-ErrorOf { Get-XenGuestVif -Status Orphaned, CutOff | Connect-XenGuestVif -Backend netdd }
                } while ($failure -and [DateTime]::UtcNow -lt $until)
                $failure | Should -BeNullOrEmpty
            }
        }
        $after = Get-XenGuestVif -Guest fe1
        $after | Should -HaveCount 1
        $after.Status | Should -Be 'Connected'
        foreach ($property in 'Mac', 'Devid', 'Bridge', 'Script', 'Rate', 'Mtu') { "$($after.$property)" | Should -Be "$($before.$property)" }
        $after.BackendDomid | Should -Be (Get-XenDriverDomain netdd).Domid
        (Get-XenDriverDomain netdd).PendingClient | Should -BeNullOrEmpty
        Find-Dom0 xenstore-list /local/domain/0/xendriverdomain/clients | Should -BeNullOrEmpty
        Wait-Traffic | Should -BeTrue
    }

    It 'outlives a pwsh that is killed in the middle of a restart' -Skip:($env:XDD_TRANSPORT -in 'Local', 'Simulated') {
        $before = Get-XenGuestVif -Guest fe1
        $log = Join-Path ([System.IO.Path]::GetTempPath()) "xdd-killed-$PID.log"
        $script = "Import-Module '$PSScriptRoot/../../XenDriverDomain.psd1'; Import-Module '$PSScriptRoot/Acceptance.psm1'; Connect-TestDom0; " +
            "Restart-XenDriverDomain netdd -Force -Confirm:`$false -Verbose 4>&1 | ForEach-Object { [System.IO.File]::AppendAllText('$log', `"`$_``n`") }"
        $child = [System.Diagnostics.Process]::Start((New-PwshStart '-Command', $script))
        try {
            $until = [DateTime]::UtcNow.AddMinutes(3)
            while (-not ((Test-Path $log) -and (Get-Content $log -Raw) -match '(?m)^Wait until netdd is gone')) {
                [DateTime]::UtcNow | Should -BeLessThan $until
                $child.HasExited | Should -BeFalse
                Start-Sleep -Milliseconds 50
            }
        }
        finally {
            if (-not $child.HasExited) { $child.Kill() }
            $child.WaitForExit()
            Remove-Item $log -ErrorAction Ignore
        }

        (Get-XenGuestVif -Guest fe1).Status | Should -Be 'CutOff'
        (Get-XenDriverDomain netdd).PendingClient | Should -HaveCount 1
        Restart-XenDriverDomain netdd -Force -Confirm:$false
        $after = Get-XenGuestVif -Guest fe1
        $after.Status | Should -Be 'Connected'
        foreach ($property in 'Mac', 'Devid', 'Bridge', 'Script', 'Rate', 'Mtu') { "$($after.$property)" | Should -Be "$($before.$property)" }
        (Get-XenDriverDomain netdd).PendingClient | Should -BeNullOrEmpty
        Wait-Traffic | Should -BeTrue
    }

    It 'is flagged as an orphan when the back end dies, can be disconnected, and connects to the next one' {
        Invoke-Dom0 xl destroy netdd
        $orphan = Get-XenGuestVif -Guest fe1
        $orphan.Status | Should -Be 'Orphaned'
        $orphan.Detail | Should -Not -BeNullOrEmpty
        $orphan | Disconnect-XenGuestVif -Confirm:$false
        Get-XenGuestVif -Guest fe1 | Should -BeNullOrEmpty

        Start-XenDriverDomain netdd
        Connect-XenGuestVif -Guest fe1 -Backend netdd
        Wait-Traffic | Should -BeTrue
    }

    It 'a device that a domain uses is not taken back' {
        $failure = Get-ErrorOf { Remove-XenPciAssignable 00:10.0 }
        $failure.FullyQualifiedErrorId | Should -Match '^PciDeviceInUseByDomain,'
        "$failure" | Should -Match 'netdd'
    }

    It 'the guest stops' {
        Stop-XenGuest fe1 -Confirm:$false
        Get-XenGuest fe1* | Should -BeNullOrEmpty
    }

    It 'Remove-XenDriverDomain -Force stops a running one and deletes its file' {
        Remove-XenDriverDomain netdd -Force -Confirm:$false
        Get-XenDriverDomain | Should -BeNullOrEmpty
        (Get-XenPciDevice 00:10.0).State | Should -Be 'Assignable'
    }
}
