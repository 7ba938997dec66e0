using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using XenDriverDomain.Checks;
using XenDriverDomain.Session;
using XenDriverDomain.Tests.Access;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>Which host is meant when none is named: no command goes to a host that nobody chose.</summary>
public class DefaultHostTests
{
    /// <summary>
    /// What may come first in a session without choosing a host. Changes are only shown, so none is made should they be let through.
    /// </summary>
    public static TheoryData<string> Before => new()
    {
        "Get-XenDom0",
        "Get-XenPciDevice",
        "Get-XenPciDevice -Dom0 local",
        "Get-XenDom0 | Get-XenGuest",
        "Add-XenPciAssignable -Address 00:10.0 -WhatIf",
        "Set-XenPciPolicy -Rule 'permissive 8086:10d3' -Dom0 local -WhatIf",
        "Disconnect-XenDom0",
        "Disconnect-XenDom0 -Dom0 local",
        Tab("Get-XenPciDevice -Address 0"),
        Tab("Get-XenPciDevice -Dom0 local -Address 0"),
        Tab("Get-XenGuest -Dom0 "),
        Tab("Connect-XenDom0 -HostName x"),
        // A script, and a module of scripts, with an import of their own.
        ". ([scriptblock]::Create('Import-Module ./XenDriverDomain.psd1; $null = Get-XenDom0'))",
        "Import-Module (New-Module -Name Own -ScriptBlock { Import-Module ./XenDriverDomain.psd1; $null = Get-XenPciDevice })",
    };

    /// <summary>What fails to connect, in each way that a script can go on after.</summary>
    public static TheoryData<string> Failing => new()
    {
        "Connect-XenDom0 -Simulated -Fault nonsense",
        "Connect-XenDom0 -Snapshot ./nowhere.json",
        "Connect-XenDom0 -HostName 127.0.0.1 -Port 1 -Options @{ BatchMode = 'yes' }",
        "try { Connect-XenDom0 -Snapshot ./nowhere.json -ErrorAction Stop } catch { }",
        "try { Connect-XenDom0 -HostName $nothing } catch { }",
        "Connect-XenDom0 -HostName xen1 -Port 99999",
        "Connect-XenDom0 xen1 -User root -Nonsense",
        "@() | Connect-XenDom0 -UserName root",
        "'xen1' | Connect-XenDom0 -KeyFilePath ./no-such-key | ForEach-Object { $_ }",
    };

    /// <summary>What ends all that a session has subscribed to ends no connection, which is kept as such.</summary>
    [Fact]
    public void Connections_are_not_among_the_sessions_subscriptions()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            """
            $null = Connect-XenDom0 -Simulated
            @(Get-EventSubscriber).Count
            Get-EventSubscriber | Unregister-Event
            (Get-XenDom0).Dom0
            """);
        answer.AssertNoErrors();
        Assert.Equal(["0", "simulated"], answer.Lines);
    }

    [Theory]
    [MemberData(nameof(Before))]
    public void The_first_host_that_is_connected_is_the_default_whatever_ran_before(string before)
    {
        using ModuleSession session = new();
        session.Run(before);
        HostFacts connected = Facts(session.Run("Connect-XenDom0 -Simulated"));
        Assert.True(connected.IsDefault);
        Assert.Equal("simulated", Assert.Single(session.Run("Get-XenPciDevice | Select-Object -ExpandProperty Dom0 -Unique").Lines));
        Assert.Equal(["simulated True"], Shown(session, "Get-XenDom0"));
    }

    [Theory]
    [MemberData(nameof(Before))]
    public void After_a_connection_that_failed_no_host_is_meant_whatever_ran_before(string before)
    {
        using ModuleSession session = new();
        session.Run(before);
        session.Run("Connect-XenDom0 -Simulated -Fault nonsense");
        AssertNotConnected(session);
    }

    [Theory]
    [MemberData(nameof(Before))]
    public void What_runs_after_a_connection_that_failed_does_not_choose_a_host(string after)
    {
        using ModuleSession session = new();
        session.Run("Connect-XenDom0 -Simulated -Fault nonsense");
        session.Run(after);
        AssertNotConnected(session);
    }

    [Theory]
    [MemberData(nameof(Failing))]
    public void However_a_connection_fails_no_host_is_meant_until_one_is_made(string failing)
    {
        using ModuleSession session = new();
        session.Run(failing);
        AssertNotConnected(session);
        session.Run("Get-XenDom0 -Dom0 local").AssertNoErrors();
        AssertNotConnected(session);
        Assert.True(Facts(session.Run("Connect-XenDom0 -Simulated")).IsDefault);
        session.Run("Get-XenPciDevice").AssertNoErrors();
    }

    [Theory]
    [MemberData(nameof(Failing))]
    public void A_later_connection_that_fails_leaves_no_default_either_and_the_error_names_the_others(string failing)
    {
        using ModuleSession session = new();
        session.Run("Connect-XenDom0 -Simulated").AssertNoErrors();
        session.Run(failing);
        ErrorRecord error = AssertNotConnected(session);
        Assert.EndsWith("connected are simulated.", error.Exception.Message, StringComparison.Ordinal);
        session.Run("Get-XenPciDevice -Dom0 simulated").AssertNoErrors();
        Assert.False(Facts(session.Run("Get-XenDom0")).IsDefault);
    }

    [Fact]
    [Needs("ssh")]
    public async Task After_a_connection_that_was_given_up_no_host_is_meant()
    {
        // It takes connections, and says nothing.
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using ModuleSession session = new();
        await session.StopAsync(
            $"Connect-XenDom0 -HostName 127.0.0.1 -Port {((IPEndPoint)silent.LocalEndpoint).Port}", silent.AcceptSocketAsync());
        AssertNotConnected(session);
    }

    [Theory]
    [InlineData("no-iommu", "nonsense")]
    [InlineData("nonsense", "no-iommu")]
    public void Of_hosts_that_are_connected_together_none_is_the_default_when_one_fails(string first, string second)
    {
        using ModuleSession session = new();
        session.Run($"'{first}', '{second}' | ForEach-Object {{ [pscustomobject]@{{ Fault = $_ }} }} | Connect-XenDom0 -Simulated");
        AssertNotConnected(session);
        Assert.Equal(["simulated False"], Shown(session, "Get-XenDom0"));
    }

    [Theory]
    [InlineData("Connect-XenDom0 -Simulated | Select-Object -First 1")]
    [InlineData("try { Connect-XenDom0 -Simulated | ForEach-Object { throw 'downstream' } } catch { }")]
    public void A_connection_that_was_made_is_none_that_failed_whatever_became_of_its_facts(string connecting)
    {
        using ModuleSession session = new();
        session.Run(connecting);
        Assert.Equal(["simulated True"], Shown(session, "Get-XenDom0"));
    }

    [Fact]
    public void What_fails_before_it_is_tried_in_a_prompt_is_no_connection_that_failed()
    {
        using ModuleSession session = new();
        session.Complete("Connect-XenDom0 -HostName x -P");
        session.Run("$null = Get-Command -Name Connect-XenDom0 -ArgumentList x; $null = Get-Help -Name Connect-XenDom0").AssertNoErrors();
        Assert.Equal(["local True"], Shown(session, "Get-XenDom0"));
    }

    [Fact]
    public void This_machine_is_looked_at_as_long_as_no_other_was_asked_for()
    {
        using ModuleSession session = new();
        for (int time = 0; time < 2; time++)
        {
            Assert.Equal(["local True"], Shown(session, "Get-XenDom0"));
        }
    }

    [Fact]
    public void This_machine_when_it_is_named_beside_a_connection_is_neither_listed_nor_the_default()
    {
        using ModuleSession session = new();
        session.Run("Connect-XenDom0 -Simulated").AssertNoErrors();
        Assert.Equal(["local False"], Shown(session, "Get-XenDom0 -Dom0 local"));
        Assert.Equal(["simulated True"], Shown(session, "Get-XenDom0"));
    }

    [Fact]
    public void When_the_default_is_disconnected_no_other_takes_its_place_and_the_error_names_them()
    {
        using ModuleSession session = new();
        session.Run("1..3 | ForEach-Object { Connect-XenDom0 -Simulated }; Disconnect-XenDom0 -Dom0 simulated").AssertNoErrors();
        ErrorRecord error = AssertNotConnected(session);
        Assert.EndsWith("connected are simulated-2, simulated-3.", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal([ModuleErrorIds.Dom0NotConnected], session.Run("Disconnect-XenDom0").ErrorIds);
        Assert.Equal(["simulated-2 False", "simulated-3 False"], Shown(session, "Get-XenDom0"));
        Assert.True(Facts(session.Run("Connect-XenDom0 -Simulated")).IsDefault);
    }

    [Fact]
    public void When_another_one_is_disconnected_the_default_stays()
    {
        using ModuleSession session = new();
        session.Run("1..2 | ForEach-Object { Connect-XenDom0 -Simulated }; Disconnect-XenDom0 -Dom0 simulated-2").AssertNoErrors();
        Assert.Equal(["simulated True"], Shown(session, "Get-XenDom0"));
    }

    [Theory]
    [InlineData("Disconnect-XenDom0")]
    [InlineData("Get-XenDom0 | Disconnect-XenDom0")]
    [InlineData("Import-Module ./XenDriverDomain.psd1 -Force")]
    [InlineData("Remove-Module XenDriverDomain; Import-Module ./XenDriverDomain.psd1")]
    [InlineData("foreach ($time in 1..2) { Remove-Module XenDriverDomain; Import-Module ./XenDriverDomain.psd1 }")]
    public void When_the_last_host_is_disconnected_this_machine_does_not_take_its_place(string ending)
    {
        using ModuleSession session = new();
        session.Run($"$null = Connect-XenDom0 -Simulated; {ending}").AssertNoErrors();
        ErrorRecord error = AssertNotConnected(session);
        Assert.Contains("-Dom0 local", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        session.Run("Get-XenPciDevice -Dom0 local; Disconnect-XenDom0").AssertNoErrors();
        AssertNotConnected(session);
        Assert.True(Facts(session.Run("Connect-XenDom0 -Simulated")).IsDefault);
    }

    [Fact]
    public void A_failure_is_remembered_when_the_module_is_imported_anew()
    {
        using ModuleSession session = new();
        session.Run("Connect-XenDom0 -Simulated -Fault nonsense");
        session.Run("Import-Module ./XenDriverDomain.psd1 -Force").AssertNoErrors();
        AssertNotConnected(session);
    }

    [Fact]
    public void A_script_that_imports_the_module_for_itself_has_the_hosts_of_the_session()
    {
        using ModuleSession session = new();
        Assert.Equal(["simulated", "simulated"], session.Run(
            """
            $null = Connect-XenDom0 -Simulated
            $own = New-Module -Name Own -ScriptBlock {
                Import-Module ./XenDriverDomain.psd1
                function Get-Mine { (Get-XenDom0).Dom0 }
            }
            Get-Mine
            & ([scriptblock]::Create('Import-Module ./XenDriverDomain.psd1; (Get-XenDom0).Dom0'))
            """).Lines);
    }

    [Fact]
    public void A_host_that_a_script_connects_for_itself_is_that_of_the_session()
    {
        using ModuleSession session = new();
        Assert.Equal(["simulated"], session.Run(
            """
            $null = New-Module -Name Own -ScriptBlock { Import-Module ./XenDriverDomain.psd1; $null = Connect-XenDom0 -Simulated }
            (Get-XenPciDevice | Select-Object -First 1).Dom0
            """).Lines);
    }

    [Fact]
    public void The_end_of_a_script_that_imported_the_module_for_itself_ends_no_connection_of_the_session()
    {
        using ModuleSession session = new();
        Assert.Equal(["simulated"], session.Run(
            """
            $null = Connect-XenDom0 -Simulated
            Import-Module (New-Module -Name Own -ScriptBlock { Import-Module ./XenDriverDomain.psd1; $null = Get-XenDom0 })
            Remove-Module Own
            (Get-XenDom0).Dom0
            """).Lines);
    }

    [Fact]
    public void Runspaces_choose_for_themselves()
    {
        using ModuleSession one = new();
        using ModuleSession other = new();
        Assert.Equal(["local"], other.Run("(Get-XenDom0).Dom0").Lines);
        one.Run("Connect-XenDom0 -Simulated").AssertNoErrors();
        Assert.Equal(["local"], other.Run("(Get-XenDom0).Dom0").Lines);
        other.Run("Connect-XenDom0 -Simulated -Fault nonsense");
        AssertNotConnected(other);
        one.Run("Get-XenPciDevice").AssertNoErrors();
        one.Run("Disconnect-XenDom0").AssertNoErrors();
        Assert.True(Facts(other.Run("Connect-XenDom0 -Simulated")).IsDefault);
        AssertNotConnected(one);
    }

    [Fact]
    public void Tab_offers_the_hosts_that_can_be_named()
    {
        using ModuleSession session = new();
        Assert.Equal(["local"], session.Complete("Get-XenGuest -Dom0 "));
        session.Run("Connect-XenDom0 -Simulated").AssertNoErrors();
        Assert.Equal(["simulated", "local"], session.Complete("Get-XenGuest -Dom0 "));

        // This machine is no connection that could be ended.
        Assert.Equal(["simulated"], session.Complete("Disconnect-XenDom0 "));
        SessionAnswer ended = session.Run("Disconnect-XenDom0 local -Verbose");
        ended.AssertNoErrors();
        Assert.Contains(ended.Verbose, line => line.Contains("no connection", StringComparison.Ordinal));
    }

    [Fact]
    public void Tab_offers_nothing_of_a_host_that_is_not_meant()
    {
        using ModuleSession session = new();
        session.Run("Connect-XenDom0 -Simulated").AssertNoErrors();
        Assert.Contains("0000:03:00.0", session.Complete("Get-XenPciDevice -Address 03:00"));
        session.Run("Connect-XenDom0 -Simulated -Fault nonsense");
        Assert.DoesNotContain("0000:03:00.0", session.Complete("Get-XenPciDevice -Address 03:00"));
        Assert.Contains("0000:03:00.0", session.Complete("Get-XenPciDevice -Dom0 simulated -Address 03:00"));
    }

    private static string Tab(string line) => $"$null = TabExpansion2 -inputScript '{line}' -cursorColumn {line.Length}";

    /// <summary>The hosts that a command writes, and whether each is the default.</summary>
    private static IReadOnlyList<string> Shown(ModuleSession session, string command) =>
        session.Run($"{command} | ForEach-Object {{ \"$($_.Dom0) $($_.IsDefault)\" }}").Lines;

    private static HostFacts Facts(SessionAnswer answer)
    {
        answer.AssertNoErrors();
        return Assert.IsType<HostFacts>(Assert.Single(answer.Output)!.BaseObject);
    }

    /// <summary>A getter, a setter and the rest do nothing, and say so.</summary>
    private static ErrorRecord AssertNotConnected(ModuleSession session)
    {
        Assert.Equal([ModuleErrorIds.Dom0NotConnected], session.Run("Add-XenPciAssignable -Address 00:10.0 -WhatIf").ErrorIds);
        SessionAnswer answer = session.Run("Get-XenPciDevice");
        Assert.Empty(answer.Output);
        ErrorRecord error = Assert.Single(answer.Errors);
        Assert.StartsWith(ModuleErrorIds.Dom0NotConnected + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        return error;
    }
}
