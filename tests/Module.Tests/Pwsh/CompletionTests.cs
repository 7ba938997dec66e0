namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>What Tab offers, on simulated hosts.</summary>
public class CompletionTests
{
    /// <summary>Offers "LINE => what is inserted", with the tooltip in brackets, for each line up to its end.</summary>
    private const string Tab =
        """
        function Tab([string] $Line) {
            foreach ($match in (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches) { "$($match.CompletionText) [$($match.ToolTip)]" }
        }

        """;

    [PwshFact]
    public void Paths_are_those_of_the_host_and_numbers_those_of_the_guest()
    {
        Assert.Equal(
            [
                "/root/client.cfg [/root/client.cfg on simulated]",
                "/root/vmlinuz [/root/vmlinuz on simulated]",
                "/etc/xen/scripts/vif-bridge [/etc/xen/scripts/vif-bridge on simulated]",
                "0 [vif of fe1, backed by netdd]",
                "xenbr0 [bridge]",
                "netdd [backs 1 vifs]",
                "fe1 [domid 2, 320 MiB]",
                "simulated [connected host]",
            ],
            PwshProcess.Run(Tab +
                """
                $null = Connect-XenDom0 -Simulated -Machine Lab
                Add-XenPciAssignable -Address 00:10.0
                $null = New-XenDriverDomain -Name netdd -PciDevice 00:10.0 -Kernel /root/vmlinuz -Ramdisk /root/guest.gz -CommandLine 'role=dd' -Bridge xenbr0 -Start
                Start-XenGuest -Path /root/client.cfg
                Connect-XenGuestVif -Guest fe1 -Backend netdd
                Tab 'Start-XenGuest -Path /root/cl'
                Tab 'New-XenDriverDomain -Kernel /root/v'
                Tab 'Connect-XenGuestVif -Script vif-br'
                Tab 'Disconnect-XenGuestVif -Guest fe1 -Devid '
                Tab 'Connect-XenGuestVif -Bridge x'
                Tab 'Get-XenGuestVif -Backend n'
                Tab 'Stop-XenGuest f'
                Tab 'Get-XenGuest -Dom0 s'
                """).Lines);
    }

    [PwshFact]
    public void Variables_are_those_that_the_file_asks_for()
    {
        Assert.Equal(
            [
                "@{ beid =  [Domid of the back end]", "@{ mac =  [a variable of FILE]", "-",
                "@{ beid =  [Domid of the back end]", "-", "@{ beid =  [Domid of the back end]", "@{ mac =  [a variable of FILE]", "-",
                "@{ vmid =  [Number]", "-", "-", "-", "@{ vmid =  [on the host]",
            ],
            PwshProcess.Run(Tab +
                """
                $file = [System.IO.Path]::GetTempFileName()
                Set-Content -LiteralPath $file -Value "xm_vars.var('beid', use='Domid of\n  the back end')", "xm_vars.var('mac', None)",
                    "xm_vars.var('no good', 'x')", "name = beid"
                function Shown([string] $Line) { @(Tab $Line) -replace [regex]::Escape($file), 'FILE'; '-' }
                Shown "Import-XenDomainConfig -Path '$file' -Variable "
                Shown "Import-XenDomainConfig -Path '$file' -Variable bei"
                Set-Location -LiteralPath (Split-Path -Path $file)
                Shown "Test-XenDomainConfig -LiteralPath ./$(Split-Path -Leaf -Path $file) -Variable "
                Shown "ConvertFrom-XenDomainConfig -InputObject 'xm_vars.var(`"vmid`", `"Number`")' -Variable "
                Shown "Import-XenDomainConfig -Path ./no-such-file -Variable "
                Shown 'Import-XenDomainConfig -Path /dev/zero -Variable '
                Remove-Item -LiteralPath $file
                $host1 = (Connect-XenDom0 -Simulated).Simulation
                $host1.WriteFile('/etc/xen/old.conf', "xm_vars.var('vmid', 'on the host')`n")
                Tab 'Start-XenGuest -Path /etc/xen/old.conf -Variable '
                Tab 'Start-XenGuest -Path /etc/xen/none.conf -Variable '
                """).Lines);
    }

    [PwshFact]
    public void A_host_that_does_not_answer_in_time_offers_nothing_and_the_prompt_comes_back()
    {
        Assert.Equal(["0", "True"], PwshProcess.Run(Tab +
            """
            $null = Connect-XenDom0 -Simulated -Fault 'xl:list:hang'
            @(Tab 'Get-XenGuest -Name ').Where{ $_ -match 'domid' }.Count
            $true
            """).Lines);
    }

    [PwshFact]
    public void All_that_a_large_host_has_is_offered()
    {
        Assert.Equal(["200", "99", "100"], PwshProcess.Run(Tab +
            """
            $file = [System.IO.Path]::GetTempFileName()
            ./tests/bench/New-LargeSnapshot.ps1 -Path $file -Functions 200 -Domains 100
            $null = Connect-XenDom0 -Snapshot $file
            Remove-Item -LiteralPath $file
            # A completer that has run out of patience offers nothing, and a person presses Tab again. How long it takes is measured
            # by tests/bench/completion.ps1, with more of everything.
            function Count([string] $Line) {
                foreach ($try in 1..20) { if ($count = @(Tab $Line).Count) { return $count } }
            }
            Count 'Get-XenPciDevice -Address 0000:'
            Count 'Get-XenGuest -Name fe'
            Count 'Get-XenDriverDomainTopology -Name '
            """).Lines);
    }
}
