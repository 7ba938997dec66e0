using System.Management.Automation;
using XenDriverDomain.Checks;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Session;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>That cmdlets run inside this process as they do in pwsh.</summary>
public class ModuleSessionTests
{
    [Fact]
    public void The_module_that_is_imported_is_the_one_that_the_tests_are_built_against()
    {
        using ModuleSession session = new();
        PSObject type = Assert.Single(session.Run("(Get-Command -Name Get-XenDom0).ImplementingType").Output)!;
        Assert.Same(typeof(AsyncCmdlet).Assembly, ((Type)type.BaseObject).Assembly);
    }

    [Fact]
    public void Objects_come_out_as_they_are()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run("Connect-XenDom0 -Simulated");
        answer.AssertNoErrors();
        Assert.Equal("simulated", Assert.IsType<HostFacts>(Assert.Single(answer.Output)!.BaseObject).Dom0);
    }

    [Fact]
    public void Errors_and_warnings_come_out_apart_and_the_script_goes_on()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run("Get-XenPciDevice -Dom0 nosuch; Write-Warning 'mind'; 'on'");
        Assert.Equal([ModuleErrorIds.Dom0NotConnected], answer.ErrorIds);
        Assert.Equal(["mind"], answer.Warnings);
        Assert.Equal("on", Assert.Single(answer.Output)!.ToString());
    }

    [Fact]
    public void An_error_that_ends_the_script_is_in_the_answer()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run("$ErrorActionPreference = 'Stop'; 'before'; Get-XenPciDevice -Dom0 nosuch; 'after'");
        Assert.Equal([ModuleErrorIds.Dom0NotConnected], answer.ErrorIds);
        Assert.Equal("before", Assert.Single(answer.Output)!.ToString());
    }

    [Fact]
    public void Tab_completes()
    {
        using ModuleSession session = new();
        session.Run("Connect-XenDom0 -Simulated").AssertNoErrors();
        Assert.Equal(["simulated"], session.Complete("Get-XenGuest -Dom0 s"));
    }

    [Fact]
    public void What_one_session_connects_another_does_not_see()
    {
        using ModuleSession one = new();
        using ModuleSession other = new();
        one.Run("Connect-XenDom0 -Simulated").AssertNoErrors();
        Assert.Equal([ModuleErrorIds.Dom0NotConnected], other.Run("Get-XenPciDevice -Dom0 simulated").ErrorIds);
    }
}
