using System.Management.Automation;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>Whatever takes over a second is seen to be at work: at which step, and for how long.</summary>
public class ProgressTests
{
    [Fact]
    public void A_change_shows_its_step_and_the_seconds_and_takes_both_away_at_its_end()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            """
            $WarningPreference = 'SilentlyContinue'
            $null = Connect-XenDom0 -Simulated -RealTime
            Add-XenPciAssignable 06:01.0, 06:02.0
            $null = New-XenDriverDomain netdd -PciDevice 06:01.0, 06:02.0 -Kernel /boot/vmlinuz-dd -Ramdisk /boot/initrd-dd `
                -CommandLine 'console=hvc0 role=dd' -Bridge xenbr0 -Start
            """);
        answer.AssertNoErrors();
        ProgressRecord[] start = [.. answer.Progress.Where(p => p.Activity.Contains("netdd", StringComparison.Ordinal))];
        Assert.Contains(start, p => p.StatusDescription.StartsWith("1 of 3: Write the configuration", StringComparison.Ordinal));
        Assert.Contains(start, p => p.StatusDescription.StartsWith("3 of 3: Wait until netdd serves", StringComparison.Ordinal)
            && p.StatusDescription.EndsWith("(1 s)", StringComparison.Ordinal));
        Assert.Equal(ProgressRecordType.Completed, start[^1].RecordType);
    }
}
