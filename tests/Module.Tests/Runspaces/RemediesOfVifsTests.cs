namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>What a vif and its driver domain say helps is the same in both places, and does help.</summary>
public class RemediesOfVifsTests
{
    private const string New =
        "New-XenDriverDomain netdd -PciDevice 01:00.0 -Kernel /root/vmlinuz -Ramdisk /root/guest.gz "
        + "-CommandLine 'console=hvc0 role=dd' -Bridge xenbr0 -Start -WarningAction SilentlyContinue | Out-Null";

    private const string ForgetFile = "$null = $host1.Simulation.Run('rm /etc/xen/driver-domains/netdd.cfg')";

    private const string Stop =
        "Stop-XenDriverDomain netdd -Force -Confirm:$false -WarningAction SilentlyContinue | Out-Null";

    private const string Connected = "(Get-XenGuestVif web1 | ForEach-Object { \"$($_.Backend) $($_.Mac) $($_.Status)\" })";

    /// <summary>xl destroy would leave the vif to nobody: the host has no record of who backed it.</summary>
    [Fact]
    public void A_crashed_driver_domain_and_its_vif_name_the_one_command_that_brings_both_back()
    {
        using ModuleSession session = Crashed();
        string[] said = [.. session.Run(
            """
            (Get-XenDriverDomain netdd).ReadinessDetail
            (Get-XenGuestVif web1).Remedy
            (Get-XenDriverDomainTopology).Links | Where-Object { $_.FromName -eq 'netdd' -or $_.ToName -in 'netdd', 'web1' } | ForEach-Object Remedy
            """).Lines];
        Assert.True(said.Length > 3, $"{said.Length}");
        Assert.All(said, one => Assert.Contains("Restart-XenDriverDomain netdd", one, StringComparison.Ordinal));
        Assert.All(said, one => Assert.DoesNotContain("xl destroy", one, StringComparison.Ordinal));

        session.Run("Restart-XenDriverDomain netdd -Confirm:$false -WarningAction SilentlyContinue | Out-Null").AssertNoErrors();
        Assert.Equal(["netdd 00:16:3e:00:00:01 Connected"], session.Run(Connected).Lines);
    }

    /// <summary>A crash that is kept is left alone by Start-XenDriverDomain, which sends nobody to xl destroy either.</summary>
    [Fact]
    public void Who_starts_one_that_has_crashed_is_told_the_same()
    {
        using ModuleSession session = Crashed();
        string remedy = $"{session.Run("Start-XenDriverDomain netdd").Errors[0].ErrorDetails.RecommendedAction}";
        Assert.Contains("Restart-XenDriverDomain netdd", remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("xl destroy", remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void One_without_a_file_is_taken_away_and_made_anew()
    {
        using ModuleSession session = Crashed();
        string[] said = [.. session.Run(
            $"""
            {ForgetFile}
            (Get-XenDriverDomain netdd).ReadinessDetail
            (Get-XenGuestVif web1).Remedy
            """).Lines];
        Assert.All(said, one => Assert.Contains("Stop-XenDriverDomain netdd -Force", one, StringComparison.Ordinal));
        Assert.All(said, one => Assert.Contains("New-XenDriverDomain netdd … -Start", one, StringComparison.Ordinal));
        Assert.All(said, one => Assert.DoesNotContain("Restart-", one, StringComparison.Ordinal));

        session.Run(Stop).AssertNoErrors();
        session.Run(New).AssertNoErrors();
        Assert.Equal(["netdd 00:16:3e:00:00:01 Connected"], session.Run(Connected).Lines);
    }

    /// <summary>Start-XenDriverDomain and Restart-XenDriverDomain are refused when the file is gone.</summary>
    [Theory]
    [InlineData("an orphan", "netdd")]
    [InlineData("an orphan", "olddd")]
    [InlineData("a record", "netdd")]
    [InlineData("a record", "olddd")]
    public void A_vif_whose_driver_domain_has_no_file_any_more_is_not_sent_to_start_it(string left, string backend)
    {
        using ModuleSession session = Crashed();
        session.Run(Stop).AssertNoErrors();
        if (left == "a record")
        {
            // The toolstack has forgotten it, as when a restart was cut off after the detaching.
            session.Run("$null = $host1.Simulation.Run('xl network-detach web1 0')").AssertNoErrors();
        }

        Assert.Equal(
            ["Start-XenDriverDomain or Restart-XenDriverDomain netdd connects it again."],
            session.Run("(Get-XenGuestVif web1).Remedy").Lines);

        string remedy = Assert.Single(session.Run($"{ForgetFile}; (Get-XenGuestVif web1).Remedy").Lines);
        Assert.DoesNotContain("Restart-", remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(" Start-", remedy, StringComparison.Ordinal);
        Assert.Contains("New-XenDriverDomain netdd … -Start", remedy, StringComparison.Ordinal);
        Assert.Contains("Connect-XenGuestVif web1 BACKEND -Mac 00:16:3e:00:00:01", remedy, StringComparison.Ordinal);
        session.Run(backend == "netdd"
            ? New
            : """
              Start-XenDriverDomain olddd -WarningAction SilentlyContinue | Out-Null
              Connect-XenGuestVif web1 olddd -Mac 00:16:3e:00:00:01 | Out-Null
              """).AssertNoErrors();
        Assert.Equal([$"{backend} 00:16:3e:00:00:01 Connected"], session.Run(Connected).Lines);
    }

    [Fact]
    public void Who_stops_one_without_a_file_is_told_what_brings_its_clients_back()
    {
        using ModuleSession session = Crashed();
        session.Run(ForgetFile).AssertNoErrors();
        string refused = $"{session.Run("Stop-XenDriverDomain netdd -Confirm:$false").Errors[0].ErrorDetails?.RecommendedAction}";
        Assert.Contains("-Force", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("Restart-", refused, StringComparison.Ordinal);

        string warned = string.Join('\n', session.Run("Stop-XenDriverDomain netdd -Force -Confirm:$false | Out-Null").Warnings);
        Assert.Contains("made anew", warned, StringComparison.Ordinal);
        Assert.DoesNotContain("Start-XenDriverDomain netdd", warned, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "Start-XenDriverDomain olddd", "New-XenDriverDomain")]
    [InlineData(true, "New-XenDriverDomain", "Start-XenDriverDomain")]
    public void A_guest_whose_back_end_does_not_run_is_told_how_to_start_that(bool isGone, string said, string unsaid)
    {
        using ModuleSession session = Crashed();
        string forget = isGone ? "$null = $host1.Simulation.Run('rm /etc/xen/driver-domains/olddd.cfg')" : string.Empty;
        string remedy = $"{session.Run(
            $"""
            {forget}
            $null = $host1.Simulation.Run('xl destroy db1')
            Start-XenGuest /etc/xen/db1.cfg
            """).Errors[0].ErrorDetails?.RecommendedAction}";
        Assert.Contains(said, remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(unsaid, remedy, StringComparison.Ordinal);
    }

    private static ModuleSession Crashed()
    {
        ModuleSession session = new();
        session.Run("$host1 = Connect-XenDom0 -Simulated -Machine crashed").AssertNoErrors();
        return session;
    }
}
