# One changes the host at a time, the others are told who; and whatever becomes of him, a card has its driver, or a record of it.

BeforeDiscovery {
    $iommu = $env:XDD_IOMMU -ne 'none'
    $remote = $iommu -and $env:XDD_TRANSPORT -notin 'Local', 'Simulated'
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
    Import-Module "$PSScriptRoot/Acceptance.psm1"
    Connect-TestDom0
    Reset-Dom0

    # The card's driver and the record of it, as dom0 itself shows them.
    function Get-CardRecord { Find-Dom0 xenstore-read /libxl/pci/0000-00-12-0/driver_path }
}

AfterAll {
    Reset-Dom0
    Disconnect-TestDom0
}

Describe 'The lock of a host' -Skip:(-not $iommu) {
    It 'keeps a change out while another session has it, and names the owner' {
        $other = Get-OtherDom0
        $hold = Lock-OtherDom0 $other 'Restart netdd (Restart-XenDriverDomain)'
        try {
            # A plan is shown all the same.
            Add-XenPciAssignable 00:12.0 -WhatIf
            $problem = Get-ErrorOf { Add-XenPciAssignable 00:12.0 }
            $problem.FullyQualifiedErrorId | Should -BeLike 'Dom0Locked,*'
            "$($problem.CategoryInfo.Category)" | Should -Be 'ResourceBusy'
            "$problem" | Should -BeLike "*process $PID*Restart-XenDriverDomain*"
            Get-SysfsDriver '00:12.0' | Should -Be '8139cp'
        }
        finally {
            $hold.Dispose()
            Wait-Task $other.DisposeAsync()
        }
        Add-XenPciAssignable 00:12.0
        Remove-XenPciAssignable 00:12.0
        Get-SysfsDriver '00:12.0' | Should -Be '8139cp'
    }

    It 'goes with the session that had it' {
        $other = Get-OtherDom0
        $null = Lock-OtherDom0 $other 'nothing'
        Wait-Task $other.DisposeAsync()
        Add-XenPciAssignable 00:12.0
        Remove-XenPciAssignable 00:12.0
    }

    It 'leaves a file that says nothing of one who has let go' {
        Add-XenPciAssignable 00:12.0
        Remove-XenPciAssignable 00:12.0

        # What was let go of need not have been heard of yet.
        $until = [DateTime]::UtcNow.AddSeconds(20)
        while ((Find-Dom0 cat /run/xen-driver-domain/lock) -and [DateTime]::UtcNow -lt $until) { Start-Sleep -Milliseconds 100 }
        Find-Dom0 cat /run/xen-driver-domain/lock | Should -BeNullOrEmpty
    }
}

Describe 'Two sessions at once' -Skip:(-not $remote) {
    It 'Remove during Add waits for its end, and gives the card back' {
        $other = Start-OtherPwsh 'Add-XenPciAssignable 00:12.0 -Verbose'
        try {
            Wait-LockFile
            $told = Remove-XenPciAssignable 00:12.0 -Verbose 4>&1
            $other.Process.WaitForExit()
            $other.Process.ExitCode | Should -Be 0 -Because "$($other.Output.Result) $($other.Complaint.Result)"
        }
        finally { Stop-OtherPwsh $other }
        "$told" | Should -BeLike '*Add-XenPciAssignable*'
        Get-SysfsDriver '00:12.0' | Should -Be '8139cp'
        Get-CardRecord | Should -BeNullOrEmpty
        (Get-XenPciDevice 00:12.0).State | Should -Be 'Host'
    }

    It 'pwsh killed in the middle of Add lets go, and the card is not lost' {
        $other = Start-OtherPwsh 'Add-XenPciAssignable 00:12.0'
        try {
            Wait-LockFile
            $other.Process.Kill()
            $other.Process.WaitForExit()
        }
        finally { Stop-OtherPwsh $other }
        $driver = Get-SysfsDriver '00:12.0'
        "$driver $(Get-CardRecord)" | Should -Match '8139cp'
        Add-XenPciAssignable 00:12.0
        (Get-XenPciDevice 00:12.0).OriginalDriver | Should -Be '8139cp'
        Remove-XenPciAssignable 00:12.0
        Get-SysfsDriver '00:12.0' | Should -Be '8139cp'
    }

    It 'a guest that was started does not keep the lock' {
        Add-XenPciAssignable 00:10.0
        $null = New-XenDriverDomain netdd -PciDevice 00:10.0 -Memory 384MB -Kernel /root/vmlinuz -Ramdisk /root/guest.gz -CommandLine 'console=hvc0 role=dd' -Bridge xenbr0 -Start
        $other = Start-OtherPwsh 'Add-XenPciAssignable 00:12.0'
        try {
            $other.Process.WaitForExit()
            $other.Process.ExitCode | Should -Be 0 -Because "$($other.Output.Result) $($other.Complaint.Result)"
        }
        finally { Stop-OtherPwsh $other }
        Get-XlAssignable | Should -Contain '0000:00:12.0'
    }
}
