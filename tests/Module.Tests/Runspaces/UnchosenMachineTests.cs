using System.Management.Automation;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Session;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>
/// A session that is connected to nothing, on a machine that is no dom0, such as whatever runs these tests: nothing is changed there
/// unless somebody named it. All changes are only shown (-WhatIf), so that none is made should one be let through.
/// </summary>
public class UnchosenMachineTests
{
    private static readonly Dictionary<string, string[]> s_changes = new()
    {
        ["Add-XenPciAssignable"] = ["-Address 00:10.0", "-Address 00:10.0 -AtBoot", "-Address nonsense"],
        ["Remove-XenPciAssignable"] = ["-Address 00:10.0", "-Address 00:10.0 -AtBoot"],
        ["Add-XenPciQuirk"] = ["-Address 00:10.0 -Register 0x40"],
        ["Set-XenPciPolicy"] = ["-Rule 'permissive 8086:10d3'", "-Rule 'permissive 00:10.0' -Append", "-Clear"],
        ["Initialize-XenDriverDomainImage"] = ["-Path /mnt/root -Role Network", "-Path nonsense -Role Both -CopyFromDom0"],
        ["New-XenDriverDomain"] = ["-Name netdd -PciDevice 00:10.0 -Kernel /root/vmlinuz", "-Name netdd -PciDevice 00:10.0"],
        ["New-XenDriverDomainImage"] = ["-PciDevice 00:10.0", "-DriverDomain netdd"],
        ["Remove-XenDriverDomainImage"] = ["-Id 6.1.0-57-amd64-a4db93796de9"],
        ["Start-XenDriverDomain"] = ["-Name netdd"],
        ["Stop-XenDriverDomain"] = ["-Name netdd"],
        ["Restart-XenDriverDomain"] = ["-Name netdd"],
        ["Remove-XenDriverDomain"] = ["-Name netdd"],
        ["Start-XenGuest"] = ["-Path /root/client.cfg"],
        ["Stop-XenGuest"] = ["-Name fe1"],
        ["Connect-XenGuestVif"] = ["-Guest fe1 -Backend netdd"],
        ["Disconnect-XenGuestVif"] = ["-Guest fe1"],
    };

    public static TheoryData<string> Lines => [.. s_changes.SelectMany(c => c.Value.Select(line => $"{c.Key} {line}"))];

    [Fact]
    public void All_that_change_a_host_are_tried()
    {
        Assert.Equal(
            typeof(ChangeCmdlet).Assembly.GetExportedTypes()
                .Where(t => t.IsSubclassOf(typeof(ChangeCmdlet)) && !t.IsAbstract)
                .Select(t => (CmdletAttribute)Attribute.GetCustomAttribute(t, typeof(CmdletAttribute))!)
                .Select(a => $"{a.VerbName}-{a.NounName}")
                .Order(StringComparer.Ordinal),
            s_changes.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_change_is_refused_first_of_all_and_the_error_says_what_to_do(string line)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run($"{line} -WhatIf");
        ErrorRecord error = Assert.Single(answer.Errors);
        Assert.StartsWith(ModuleErrorIds.Dom0NotChosen + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
        Assert.Contains(line.Split(' ')[0], error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Connect-XenDom0", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("-Dom0 local", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Add-XenPciAssignable -AtBoot", "Address = '0000:00:10.0'")]
    [InlineData("Stop-XenDriverDomain", "Name = 'netdd'")]
    public void What_is_piped_from_this_machine_names_it_no_more_than_its_getter_did(string change, string property)
    {
        using ModuleSession session = new();
        string piped = $"[pscustomobject]@{{ {property}; Dom0 = 'local' }} | {change} -WhatIf";
        Assert.Equal([ModuleErrorIds.Dom0NotChosen], session.Run(piped).ErrorIds);
        Assert.DoesNotContain(ModuleErrorIds.Dom0NotChosen, session.Run($"{piped} -Dom0 local").ErrorIds);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_machine_that_is_named_is_looked_at(string line)
    {
        using ModuleSession session = new();
        Assert.DoesNotContain(ModuleErrorIds.Dom0NotChosen, session.Run($"{line} -Dom0 local -WhatIf").ErrorIds);
        Assert.DoesNotContain(
            ModuleErrorIds.Dom0NotChosen,
            session.Run($"$PSDefaultParameterValues['*-Xen*:Dom0'] = 'local'; {line} -WhatIf").ErrorIds);
    }

    [Fact]
    public void A_policy_for_the_time_before_the_first_boot_is_planned_on_a_machine_that_is_named()
    {
        using ModuleSession session = new();
        session.Run("Set-XenPciPolicy -Rule 'permissive 8086:10d3' -Dom0 local -WhatIf").AssertNoErrors();
    }

    [Fact]
    public void A_connected_host_is_changed_without_being_named()
    {
        using ModuleSession session = new();
        Assert.Equal(["Assignable"], session.Run(
            """
            $null = Get-XenDom0
            $null = Connect-XenDom0 -Simulated
            (Add-XenPciAssignable -Address 07:00.0 -PassThru).State
            """).Lines);
    }
}
