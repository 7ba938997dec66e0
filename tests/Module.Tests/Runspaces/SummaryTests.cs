using System.Management.Automation;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>After bulk work one object says what became of all, and the pipeline gets none that it did not ask for.</summary>
public class SummaryTests
{
    [Fact]
    public void Several_changes_are_summed_up_in_one_object_of_information()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            """
            $null = Connect-XenDom0 -Simulated
            $WarningPreference = 'SilentlyContinue'
            Add-XenPciAssignable 06:01.0
            Add-XenPciAssignable 06:01.0, 06:02.0, 01:00.0, 00:1f.6 -InformationVariable told -ErrorAction SilentlyContinue
            $told
            """);
        InformationRecord record = Assert.IsType<InformationRecord>(Assert.Single(answer.Output)!.BaseObject);
        ChangeSummary summary = Assert.IsType<ChangeSummary>(record.MessageData);
        Assert.Equal(
            ("Add-XenPciAssignable", 2, 1, 1), (summary.Command, summary.Changed, summary.Unchanged, summary.Failed));
        Assert.Contains("XenDriverDomain.Summary", record.Tags);
        Assert.Contains("2 changed, 1 so already", summary.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 failed", summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Work_that_waits_for_the_end_of_the_pipeline_is_summed_up_as_well()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            """
            $both = (Connect-XenDom0 -Simulated), (Connect-XenDom0 -Simulated)
            Set-XenPciPolicy -Rule 'permissive 8086:1521' -Dom0 $both -InformationVariable told
            "$($told.MessageData)"
            """);
        answer.AssertNoErrors();
        string told = Assert.Single(answer.Lines);
        Assert.StartsWith("Set-XenPciPolicy: 2 changed, 0 so already, 0 failed, in ", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_change_needs_none()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            """
            $null = Connect-XenDom0 -Simulated
            Add-XenPciAssignable 01:00.0 -InformationVariable told -WarningAction SilentlyContinue
            $told
            """);
        answer.AssertNoErrors();
        Assert.Empty(answer.Output);
    }
}
