using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Contract;

/// <summary>What cmdlets that change something promise.</summary>
public class ChangeTests
{
    /// <summary>Making a connection changes nothing on the host.</summary>
    private const string Connecting = "Connect-XenDom0";

    /// <summary>It changes nothing, but with -FromKernel dom0 can crash of it.</summary>
    private const string Dangerous = "Get-XenPciQuirk";

    private static IEnumerable<CmdletModel> Changing => CmdletModel.All.Where(c =>
        c.Verb is not ("Get" or "Test" or "Import" or "ConvertFrom" or "ConvertTo") && c.Name != Connecting);

    [Fact]
    public void They_support_WhatIf_and_Confirm_and_others_do_not()
    {
        Assert.Equal(
            Changing.Select(c => c.Name).Append(Dangerous).Order(StringComparer.Ordinal),
            CmdletModel.All.Where(c => c.SupportsShouldProcess).Select(c => c.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_look_that_can_crash_the_host_asks_too() => Assert.Equal("High", CmdletModel.Named(Dangerous).ConfirmImpact);

    [Fact]
    public void The_impact_is_high_where_a_running_domain_or_its_traffic_is_cut()
    {
        Assert.Empty(
            from cmdlet in Changing
            let expected = cmdlet switch
            {
                { Verb: "Stop" or "Remove" or "Disconnect" or "Restart", Noun: "XenDriverDomain" or "XenGuest" or "XenGuestVif" } => "High",
                { Name: "Disconnect-XenDom0" } => "Low",
                _ => "Medium",
            }
            where cmdlet.ConfirmImpact != expected
            select $"{cmdlet} is {cmdlet.ConfirmImpact}, expected {expected}");
    }

    [Fact]
    public void They_return_objects_only_with_PassThru()
    {
        // What Save left out of its file must be said without being asked for.
        Assert.Empty(
            from cmdlet in Changing
            where cmdlet.Verb is not ("New" or "Save")
                && cmdlet.OutputTypes.Count > 0 != cmdlet.Parameters.Any(p => p is { Name: "PassThru", IsSwitch: true })
            select cmdlet.Name);
    }

    [Fact]
    public void Those_that_wait_can_be_told_how_long_and_not_to()
    {
        string[] waiting = ["New", "Start", "Stop", "Restart"];
        Assert.Empty(
            from cmdlet in Changing
            where (waiting.Contains(cmdlet.Verb) && cmdlet.Name != "New-XenDriverDomainImage") || cmdlet.Name == "Connect-XenGuestVif"
            from name in new[] { "Timeout", "NoWait" }
            where cmdlet.Parameters.All(p => p.Name != name)
            select $"{cmdlet} lacks -{name}");
    }

    [Fact]
    public void Only_the_common_base_carries_plans_out_under_the_lock_of_the_host()
    {
        Assert.Equal(
            ["ChangeCmdlet.cs"],
            from file in Repository.Files("src/XenDriverDomain", "*.cs")
            where File.ReadAllText(file).Contains("Plan.RunAsync(", StringComparison.Ordinal)
            select Path.GetFileName(file));
    }

    [Fact]
    public void Those_that_change_a_host_have_that_base_and_the_others_write_a_file_here_or_end_a_connection()
    {
        string[] here =
        [
            "Disconnect-XenDom0", "Export-XenDomainConfig", "Export-XenDriverDomainTopology", "Save-XenDom0",
        ];
        Assert.Equal(
            here,
            from cmdlet in Changing
            where !cmdlet.Type.IsSubclassOf(typeof(Cmdlets.ChangeCmdlet))
            orderby cmdlet.Name
            select cmdlet.Name);
    }
}
