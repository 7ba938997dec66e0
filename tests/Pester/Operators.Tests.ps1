# The operators of XenDriverDomain.Pester.psm1 on simulated hosts, with whatever Pester is imported.

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/../../XenDriverDomain.Pester.psm1"

    # The words of a Should that must fail.
    function Get-Failure([scriptblock] $Script) {
        try { & $Script } catch { return $_.Exception.Message }
        throw "nothing failed: $Script"
    }

    $file = Join-Path ([IO.Path]::GetTempPath()) "operators-$PID.psd1"
    Set-Content -LiteralPath $file -Value @'
@{
    Cards  = @(
        @{ Address = '00:1f.6'; Model = 'I219'; Interface = 'eno1'; IP = '192.168.1.2/24'; Gateway = '192.168.1.1' },
        @{ Address = '01:00.0'; Model = 'I210' },
        @{ Address = '02:00.0'; Model = 'I210' },
        @{ Address = '03:00.0'; Model = 'I210'; Assignable = $true },
        @{ Address = '04:00.0'; Model = 'I210' }
    )
    Guests = @(
        @{ Name = 'netdd'; Cards = '01:00.0' },
        @{ Name = 'idledd'; Cards = '04:00.0' },
        @{ Name = 'baddd'; Cards = '02:00.0'; Broken = 'Devd' },
        @{ Name = 'web1'; Vifs = @{ Backend = 'netdd' } },
        @{ Name = 'web2'; Vifs = @{ Backend = 'baddd' } },
        @{ Name = 'alone' }
    )
}
'@
    $simulation = (Connect-XenDom0 -Simulated -Machine $file).Simulation
    Remove-Item -LiteralPath $file
}

AfterAll {
    Disconnect-XenDom0
}

Describe 'BeAssignable' {
    It 'takes addresses and objects, from the pipeline and not' {
        '03:00.0' | Should -BeAssignable
        Get-XenPciDevice 03:00.0 | Should -BeAssignable
        Should -ActualValue (Get-XenPciDevice 03:00.0) -BeAssignable
        '00:1f.6', '01:00.0' | Should -Not -BeAssignable
    }

    It 'says what refuses, and the remedy' {
        $words = Get-Failure { '00:1f.6' | Should -BeAssignable -Because 'the script took it' }
        $words | Should -BeLike 'Expected 0000:00:1f.6 to be assignable, because the script took it, but its state is Host (driver e1000e). dom0 lives on 0000:00:1f.6*'
        $words | Should -BeLike '*Move dom0 to another device first*'
    }

    It 'says who has it' {
        Get-Failure { '01:00.0' | Should -BeAssignable } | Should -BeLike '*its state is Assigned (to netdd)*Stop that domain*'
    }

    It 'fails with -Not for one that is' {
        Get-Failure { '03:00.0' | Should -Not -BeAssignable } | Should -BeLike 'Expected 0000:03:00.0 not to be assignable, but pciback has it*Remove-XenPciAssignable*'
    }

    It 'fails for one that is not there, with -Not as well' {
        Get-Failure { '09:00.0' | Should -BeAssignable } | Should -BeLike '*09:00.0*'
        Get-Failure { '09:00.0' | Should -Not -BeAssignable } | Should -BeLike '*09:00.0*'
        Get-Failure { $null | Should -Not -BeAssignable } | Should -BeLike '*given nothing*'
    }
}

Describe 'BeServing' {
    It 'is so of one whose client is connected' {
        'netdd' | Should -BeServing
        Get-XenDriverDomain netdd | Should -BeServing
    }

    It 'asks one that has no client' {
        (Get-XenDriverDomain idledd).Readiness | Should -Be 'Unknown'
        'idledd' | Should -BeServing
    }

    It 'says what one lacks that does not serve' {
        'baddd' | Should -Not -BeServing
        Get-Failure { 'baddd' | Should -BeServing } | Should -BeLike 'Expected the driver domain baddd to be serving, but *devd*'
        Get-Failure { 'netdd' | Should -Not -BeServing } | Should -BeLike '*not to be serving, but it is Serving*'
    }

    It 'fails for one that is not there' {
        Get-Failure { 'nobody' | Should -Not -BeServing } | Should -BeLike '*nobody*'
    }
}

Describe 'BeConnected' {
    It 'takes names, guests and vifs' {
        'web1' | Should -BeConnected
        Get-XenGuest web1 | Should -BeConnected
        Get-XenGuestVif -Guest web1 | Should -BeConnected
        'web2', 'alone' | Should -Not -BeConnected
    }

    It 'says why not, and what to do' {
        $vif = Get-XenGuestVif -Guest web2
        Get-Failure { 'web2' | Should -BeConnected } | Should -BeLike "Expected the guest web2 to be connected, but vif 0 to baddd is $($vif.Status). $($vif.Detail) $($vif.Remedy)"
        Get-Failure { 'alone' | Should -BeConnected } | Should -BeLike '*no network interface. Connect-XenGuestVif*'
        Get-Failure { 'web1' | Should -Not -BeConnected } | Should -BeLike '*not to be connected, but all is well*'
    }

    It 'fails for a guest that is not there' {
        Get-Failure { 'nobody' | Should -Not -BeConnected } | Should -BeLike '*nobody*'
    }
}

Describe 'HaveTraffic' {
    It 'sees that echo replies come, until the cable is out' {
        'web1' | Should -HaveTraffic
        Get-XenGuestVif -Guest web1 | Should -HaveTraffic
        'web2', 'alone' | Should -Not -HaveTraffic -TimeoutSec 3

        $simulation.LinkDown('01:00.0')
        'web1' | Should -Not -HaveTraffic -TimeoutSec 3
        Get-Failure { 'web1' | Should -HaveTraffic -TimeoutSec 3 } | Should -BeLike 'Expected the guest web1 to have traffic, but its count stood at * for 3 s. vif 0 to netdd is Connected*'
        $simulation.LinkUp('01:00.0')
        Get-Failure { 'web1' | Should -Not -HaveTraffic } | Should -BeLike '*not to have traffic, but its count grows*'
    }

    It 'takes another count' {
        $script:packets = 0
        'web2' | Should -HaveTraffic -Counter { ++$script:packets; $script:packets }
        'web2' | Should -Not -HaveTraffic -Counter { 7 } -TimeoutSec 1
    }
}

Describe 'Several hosts' {
    It 'means the host that is named, and the one that an object comes from' {
        $other = Connect-XenDom0 -Simulated -Machine server
        '01:00.0' | Should -Not -BeAssignable -Dom0 $other
        '03:00.0' | Should -Not -BeAssignable -Dom0 $other
        '03:00.0' | Should -BeAssignable
        Get-XenPciDevice 03:00.0 -Dom0 $other | Should -Not -BeAssignable
        Disconnect-XenDom0 -Dom0 $other
    }
}
