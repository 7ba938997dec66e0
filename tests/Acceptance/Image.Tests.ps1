# From a bare card to a serving domain with one command: its inside is made of what dom0 has.

BeforeDiscovery {
    $iommu = $env:XDD_IOMMU -ne 'none'
    $cards = @(
        @{ Card = '00:10.0'; Driver = 'e1000e' }
        @{ Card = '00:11.0'; Driver = 'e1000' }
        @{ Card = '00:12.0'; Driver = '8139cp' }
    )
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0
    Set-Dom0File /root/imageclient.cfg ("$((Invoke-Dom0 cat /root/client.cfg) -join "`n")`nvif = [ 'backend=netdd' ]`n")
}

AfterAll {
    Reset-Dom0
    Get-XenDriverDomainImage | Remove-XenDriverDomainImage -Confirm:$false
    Disconnect-TestDom0
}

Describe 'A driver domain with an inside made of what dom0 has' -Skip:(-not $iommu) {
    AfterEach {
        Reset-Dom0
    }

    It 'serves a guest through <Card>, which is a <Driver>' -ForEach $cards {
        $domain = Get-XenPciDevice $Card | New-XenDriverDomain netdd -Start
        $domain.Readiness | Should -Be 'Serving'
        $domain.MemoryMB | Should -Be 256
        (Get-XenDriverDomainImage | Where-Object UsedBy -Contains netdd).Driver | Should -Contain $Driver

        Start-XenGuest /root/imageclient.cfg | Out-Null
        Wait-Traffic fe1 | Should -BeTrue
    }

    It 'has two cards in its bridge' {
        $domain = Get-XenPciDevice 00:10.0, 00:11.0 | New-XenDriverDomain netdd -Start
        $domain.Readiness | Should -Be 'Serving'
        Start-XenGuest /root/imageclient.cfg | Out-Null
        Wait-Traffic fe1 | Should -BeTrue
        $nodes = "/local/domain/$($domain.Domid)/data/driver-domain"
        0, 1 | ForEach-Object { Invoke-Dom0 xenstore-read "$nodes/card/$_/bridge" } | Should -Be 'xenbr0', 'xenbr0'
    }

    It 'is told its network' {
        $domain = Get-XenPciDevice 00:10.0 |
            New-XenDriverDomain netdd -Bridge lan -Mtu 1400 -IPAddress 10.0.2.77/24 -Gateway 10.0.2.2 -Start
        $domain.Readiness | Should -Be 'Serving'
        $domain.Bridge | Should -Be 'lan'
        Invoke-Dom0 xenstore-read "/local/domain/$($domain.Domid)/data/driver-domain/bridge" | Should -Be 'lan'
    }
}

Describe 'An image' {
    It 'is made once, tested, and removed' {
        $image = New-XenDriverDomainImage 00:10.0
        $image.State | Should -Be 'Current'
        $again = New-XenDriverDomainImage 00:10.0 -InformationVariable said
        $again.Id | Should -Be $image.Id
        $again.Made | Should -Be $image.Made
        Test-XenDriverDomainImage $image.Id | Should -BeNullOrEmpty
        $image | Remove-XenDriverDomainImage -Confirm:$false
        Get-XenDriverDomainImage | Where-Object Id -EQ $image.Id | Should -BeNullOrEmpty
    }

    It 'that was damaged is said to be' {
        $image = New-XenDriverDomainImage 00:10.0
        Set-Dom0File $image.Ramdisk 'no archive'
        ($image | Test-XenDriverDomainImage).Id | Should -Be 'ImageDamaged'
        $image | Remove-XenDriverDomainImage -Confirm:$false
    }
}
