using XenDriverDomain.ModuleTests.Support;
using XenDriverDomain.Tour;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>What works without a Xen host, because one is simulated.</summary>
public class SimulatedHostTests
{
    [PwshFact("Pester")]
    public void The_acceptance_suite_passes()
    {
        PwshResult result = ProgramRun.Execute(Path.Combine(Repository.Root, "tests", "Acceptance", "run"), ["--transport", "Simulated"]);
        Assert.True(
            result.Output is [.., var last] && last.Contains(" 0 failed", StringComparison.Ordinal), string.Join('\n', result.Output));
    }

    [PwshFact("Pester")]
    public void The_acceptance_suite_passes_without_an_IOMMU()
    {
        PwshResult result = ProgramRun.Execute(
            Path.Combine(Repository.Root, "tests", "Acceptance", "run"),
            ["--transport", "Simulated", "--iommu", "none", "Refusals.Tests.ps1"]);
        Assert.True(
            result.Output is [.., var last] && last.Contains(" 0 failed", StringComparison.Ordinal), string.Join('\n', result.Output));
    }

    [PwshFact]
    public void The_tour_in_PowerShell_ends_where_it_began_ten_times()
    {
        PwshResult result = PwshProcess.Run("foreach ($time in 1..10) { './docs/tour.ps1'; & ./docs/tour.ps1 }");
        string[] tours = string.Join('\n', result.Lines).Split("./docs/tour.ps1\n")[1..];
        Assert.Equal(10, tours.Length);
        Assert.All(tours, tour => Assert.Single(
            tour[tour.IndexOf("And everything back", StringComparison.Ordinal)..].Split('\n'),
            line => line.StartsWith("0000:03:00.0 Host", StringComparison.Ordinal)));
    }

    [PwshFact]
    public void The_tour_takes_no_card_of_another_host_that_was_not_named()
    {
        Assert.Equal(["True", "Host"], PwshProcess.Run(
            """
            $dom0 = Connect-XenDom0 -Simulated
            try { ./docs/tour.ps1 -Dom0 $dom0 } catch { "$_" -match '-Card' }
            (Get-XenPciDevice -Address 03:00.0).State
            """).Lines);
    }

    [PwshFact]
    public void The_kernels_own_list_of_fields_is_read_by_who_says_so_and_a_host_that_dies_of_it_is_a_lost_one()
    {
        Assert.Equal(
            [
                "0", "asked", "Kernel", "0", "ConnectionLost,XenDriverDomain.Commands.GetXenPciQuirkCommand",
                "ConnectionLost,XenDriverDomain.Commands.GetXenPciDeviceCommand",
            ],
            PwshProcess.Run(
                """
                $null = Connect-XenDom0 -Simulated -Machine Lab
                Add-XenPciAssignable 00:10.0, 01:00.0 -Confirm:$false
                @(Get-XenPciQuirk).Count
                try { Get-XenPciQuirk -FromKernel } catch { if ("$_" -match 'NonInteractive|interactive') { 'asked' } else { "$_" } }
                @(Get-XenPciQuirk -FromKernel -Confirm:$false).Source | Sort-Object -Unique | ForEach-Object { "$_" }
                Remove-XenPciAssignable 01:00.0 -Confirm:$false
                @(Get-XenPciQuirk).Count
                try { Get-XenPciQuirk -FromKernel -Confirm:$false -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
                try { Get-XenPciDevice -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
                """).Lines);
    }

    [PwshFact]
    public void The_tour_names_command_lines_that_bind()
    {
        string lines = string.Join('\n', Walk.Steps.SelectMany(step => step.Cmdlets));
        Assert.NotEmpty(lines);
        Assert.Empty(PwshProcess.Run(
            $$"""
            $errors = $null
            $ast = [System.Management.Automation.Language.Parser]::ParseInput(@'
            {{lines}}
            '@, [ref] $null, [ref] $errors)
            $errors
            foreach ($call in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                if (-not (Get-Command -Name $call.GetCommandName() -Module XenDriverDomain -ErrorAction Ignore)) { "$($call.GetCommandName()) does not exist" }
                $binding = [System.Management.Automation.Language.StaticParameterBinder]::BindCommand($call, $true)
                foreach ($problem in $binding.BindingExceptions.Values) { "$call`: $($problem.BindingException.Message)" }
            }
            """).Lines);
    }

    [PwshFact]
    public void Several_simulated_hosts_are_told_apart_and_the_first_is_the_default()
    {
        Assert.Equal(
            ["simulated True", "simulated-2 False", "simulated", "1"],
            PwshProcess.Run(
                """
                Connect-XenDom0 -Simulated | ForEach-Object { "$($_.Dom0) $($_.IsDefault)" }
                $second = Connect-XenDom0 -Simulated -Machine Lab
                "$($second.Dom0) $($second.IsDefault)"
                (Get-XenPciDevice -Address 00:1f.6).Dom0
                @(Get-XenPciDevice -Address 00:1f.2 -Dom0 $second).Count
                """).Lines);
    }

    [PwshFact]
    public void A_fault_that_cannot_be_is_an_error_that_names_it()
    {
        Assert.Equal(
            ["SimulationFaultMalformed,XenDriverDomain.Commands.ConnectXenDom0Command", "True"],
            PwshProcess.Run(
                """
                try { Connect-XenDom0 -Simulated -Fault 'write:nowhere:EBUSY' -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; "$_" -match 'write:nowhere:EBUSY' }
                """).Lines);
    }

    [PwshFact]
    public void A_simulated_host_that_could_not_be_made_never_means_this_machine()
    {
        Assert.Equal(
            Enumerable.Repeat("Dom0NotConnected,XenDriverDomain.Commands.GetXenPciDeviceCommand", 2),
            PwshProcess.Run(
                """
                Connect-XenDom0 -Simulated -Fault nonsense -ErrorAction SilentlyContinue
                try { Get-XenPciDevice -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
                Connect-XenDom0 -Snapshot ./nowhere.json -ErrorAction SilentlyContinue
                try { Get-XenPciDevice -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
                """).Lines);
    }

    [PwshFact]
    public void A_fault_shows_in_the_error_and_the_host_is_as_before()
    {
        Assert.Equal(
            ["PciDriverBindFailed,XenDriverDomain.Commands.AddXenPciAssignableCommand", "Host xhci_hcd"],
            PwshProcess.Run(
                """
                $faulty = Connect-XenDom0 -Simulated -Fault 'write:/sys/bus/pci/drivers/pciback/bind:1:EBUSY'
                try { Add-XenPciAssignable -Address 07:00.0 -Dom0 $faulty -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
                Get-XenPciDevice -Address 07:00.0 | ForEach-Object { "$($_.State) $($_.Driver)" }
                """).Lines);
    }

    [PwshFact]
    public void A_change_is_rehearsed_on_a_copy_and_not_made_on_the_host()
    {
        Assert.Equal(
            ["snapshot", "Assignable", "Host igb"],
            PwshProcess.Run(
                """
                $null = Connect-XenDom0 -Simulated
                $file = New-TemporaryFile
                $null = Save-XenDom0 -Path $file
                $copy = Connect-XenDom0 -Snapshot $file
                $copy.Dom0
                (Add-XenPciAssignable -Address 03:00.0 -Dom0 $copy -PassThru -WarningAction Ignore).State
                Get-XenPciDevice -Address 03:00.0 | ForEach-Object { "$($_.State) $($_.Driver)" }
                Remove-Item -LiteralPath $file
                """).Lines);
    }

    [PwshFact]
    public void A_snapshot_that_is_not_there_is_an_error_that_names_it()
    {
        Assert.Equal(
            ["SnapshotFileNotReadable,XenDriverDomain.Commands.ConnectXenDom0Command", "True"],
            PwshProcess.Run(
                """
                try { Connect-XenDom0 -Snapshot ./nowhere.json -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; "$_" -match 'nowhere\.json' }
                """).Lines);
    }
}
