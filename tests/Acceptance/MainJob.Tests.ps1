# The main job, as the README's first session has it: a network card of dom0's serves a guest through a driver domain.

BeforeDiscovery {
    $iommu = $env:XDD_IOMMU -ne 'none'
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0
    Invoke-Dom0 xl create -q /root/client.cfg
}

AfterAll {
    Reset-Dom0
    Disconnect-TestDom0
}

Describe 'The main job' -Skip:(-not $iommu) {
    It 'lists the network cards with what dom0 uses them for' {
        $cards = Get-XenPciDevice -Class Network
        $cards.Count | Should -BeGreaterOrEqual 5
        $card = $cards | Where-Object Address -EQ '0000:00:10.0'
        $card.Driver | Should -Be 'e1000e'
        $card.State | Should -Be 'Host'
        @($cards | Where-Object { $_.UsedBy.IsVital }).Count | Should -Be 1 -Because 'one card carries the connection'
    }

    It 'makes the card assignable, and xl agrees' {
        Get-XenPciDevice 00:10.0 | Add-XenPciAssignable
        (Get-XenPciDevice 00:10.0).State | Should -Be 'Assignable'
        Get-SysfsDriver '00:10.0' | Should -Be 'pciback'
        Get-XlAssignable | Should -Contain '0000:00:10.0'
        Invoke-Dom0 xenstore-read /libxl/pci/0000-00-10-0/driver_path | Should -Be '/sys/bus/pci/drivers/e1000e'
    }

    It 'creates and starts the driver domain, and it serves' {
        $domain = New-XenDriverDomain netdd -PciDevice 00:10.0 -Memory 384MB -Kernel /root/vmlinuz -Ramdisk /root/guest.gz -CommandLine 'console=hvc0 role=dd' -Bridge xenbr0 -Start
        $domain.Readiness | Should -Be 'Serving'
        "$($domain.PciDevice)" | Should -Be '0000:00:10.0'
        (Get-XenPciDevice 00:10.0).Domain | Should -Be 'netdd'
    }

    It 'leaves nothing of the probe behind' {
        # The driver domain does its part of the removal by itself, in its own time.
        $until = [DateTime]::UtcNow.AddSeconds(20)
        do {
            $left = Find-Dom0 xenstore-ls -f "/local/domain/$(Invoke-Dom0 xl domid netdd)/backend" | Where-Object { $_ -match '/vif/' }
        } while ($left -and [DateTime]::UtcNow -lt $until)
        $left | Should -BeNullOrEmpty
    }

    It 'connects the guest, and its packets leave through the card' {
        Connect-XenGuestVif -Guest fe1 -Backend netdd -Bridge xenbr0
        $vif = Get-XenGuestVif -Guest fe1
        $vif.Status | Should -Be 'Connected'
        $vif.Backend | Should -Be 'netdd'
        $vif.FrontendState | Should -Be 'Connected'
        $vif.BackendState | Should -Be 'Connected'
        Wait-Traffic | Should -BeTrue
    }

    It 'shows the driver domain with its device and its client' {
        $domain = Get-XenDriverDomain netdd
        "$($domain.Client)" | Should -Match 'fe1'
        ($domain | Format-List | Out-String) | Should -Match '0000:00:10\.0'
    }

    It 'draws the way from the card to the guest, all of it healthy' {
        $topology = Get-XenDriverDomainTopology netdd
        "$($topology.Nodes.Kind)" | Should -Be 'Device DriverDomain Bridge Guest'
        $topology.Links.Count | Should -Be 3
        $topology.Links.State | Sort-Object -Unique | Should -Be 'Healthy'
        $file = Join-Path ([IO.Path]::GetTempPath()) "topology-$PID.svg"
        $topology | Export-XenDriverDomainTopology -Path $file
        [xml] $picture = Get-Content -LiteralPath $file -Raw
        $picture.DocumentElement.LocalName | Should -Be 'svg'
        Remove-Item -LiteralPath $file
    }

    It 'refuses to stop it while a guest depends on it' {
        $failure = Get-ErrorOf { Stop-XenDriverDomain netdd -Confirm:$false }
        $failure.FullyQualifiedErrorId | Should -Match '^DriverDomainHasClients,'
        "$failure" | Should -Match 'fe1'
    }

    It 'takes everything back' {
        Disconnect-XenGuestVif -Guest fe1 -Backend netdd -Confirm:$false
        Get-XenGuestVif -Guest fe1 | Should -BeNullOrEmpty
        Stop-XenDriverDomain netdd -Confirm:$false
        Remove-XenDriverDomain netdd -Confirm:$false
        Remove-XenPciAssignable 00:10.0
        (Get-XenPciDevice 00:10.0).Driver | Should -Be 'e1000e'
        Get-SysfsDriver '00:10.0' | Should -Be 'e1000e'
        Get-XlAssignable | Should -BeNullOrEmpty
        Get-XenDriverDomain | Should -BeNullOrEmpty
    }

    It 'leaves nothing of ours in xenstore' {
        $nodes = Invoke-Dom0 xenstore-ls -f
        $nodes.Count | Should -BeGreaterThan 50
        $nodes -match 'netdd|00-10-0|xendriverdomain|backend/vif|device/vif/[0-9]' | Should -BeNullOrEmpty
    }
}
