namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>What -WhatIf -Verbose shows beside the plan, and that it is no more than shown.</summary>
public class WhatIfTests
{
    [Fact]
    public void The_very_writes_and_commands_are_shown_with_their_undo_and_nothing_is_done()
    {
        using ModuleSession session = new();
        session.Run("Connect-XenDom0 -Simulated -Machine lab").AssertNoErrors();

        SessionAnswer answer = session.Run("Add-XenPciAssignable 00:10.0 -WhatIf -Verbose; (Get-XenPciDevice 00:10.0).State.ToString()");

        answer.AssertNoErrors();
        string shown = Assert.Single(answer.Verbose, text => text.StartsWith("What it does", StringComparison.Ordinal));
        Assert.Contains("\nprintf '0000:00:10.0' > /sys/bus/pci/drivers/e1000e/unbind\n", shown, StringComparison.Ordinal);
        Assert.Contains("\n#     if ! [ -e /sys/bus/pci/drivers/e1000e/0000:00:10.0 ]; then\n", shown, StringComparison.Ordinal);
        Assert.Contains("\nxl pci-assignable-add 0000:00:10.0\n", shown, StringComparison.Ordinal);
        Assert.Equal("Host", Assert.Single(answer.Output)!.ToString());
    }

    // PowerShell itself asks at every verbose line under -Debug, where -Verbose does not say otherwise.
    [Fact]
    public void Debug_tells_each_act_and_asks_nothing()
    {
        using ModuleSession session = new();
        session.Run("Connect-XenDom0 -Simulated -Machine lab").AssertNoErrors();

        SessionAnswer answer = session.Run("Add-XenPciAssignable 00:10.0 -Debug 5>&1; (Get-XenPciDevice 00:10.0).State.ToString()");

        answer.AssertNoErrors();
        string[] told = [.. answer.Output.Select(line => line!.ToString()!)];
        Assert.Equal("Assignable", told[^1]);
        Assert.Contains("Unbind 0000:00:10.0 from e1000e", told);
        Assert.Contains(
            told, line => line.EndsWith("printf '0000:00:10.0' > /sys/bus/pci/drivers/e1000e/unbind", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_that_is_carried_out_or_only_shown_tells_no_more_than_its_steps()
    {
        using ModuleSession session = new();
        session.Run("Connect-XenDom0 -Simulated -Machine lab").AssertNoErrors();

        SessionAnswer answer = session.Run("Add-XenPciAssignable 00:10.0 -WhatIf; Add-XenPciAssignable 00:10.0 -Verbose");

        answer.AssertNoErrors();
        Assert.Contains("Unbind 0000:00:10.0 from e1000e", answer.Verbose);
        Assert.DoesNotContain(answer.Verbose, text => text.Contains("printf", StringComparison.Ordinal));
    }
}
