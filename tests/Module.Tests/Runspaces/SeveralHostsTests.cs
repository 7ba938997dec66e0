namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>Where a session has several hosts, whatever is told says of which.</summary>
public class SeveralHostsTests
{
    private const string Connect = """
        $a = Connect-XenDom0 -Simulated
        $b = Connect-XenDom0 -Simulated
        $both = $a, $b

        """;

    [Theory]
    [InlineData("Get-XenPciDevice 99:00.0 -Dom0 $both")]
    [InlineData("Get-XenGuest nosuch -Dom0 $both")]
    [InlineData("Get-XenDriverDomain nosuch -Dom0 $both")]
    [InlineData("Get-XenGuestVif nosuch -Dom0 $both")]
    [InlineData("Get-XenPciDevice -Class Netwrok -Dom0 $both")]
    [InlineData("Start-XenDriverDomain nosuch -Dom0 $both")]
    [InlineData("Add-XenPciAssignable 00:1f.6 -Dom0 $both")]
    [InlineData("Start-XenGuest /nowhere.cfg -Dom0 $both")]
    public void Every_error_names_its_host(string command)
    {
        using ModuleSession session = new();
        IReadOnlyList<string> errors = [.. session.Run(Connect + command).Errors.Select(e => e.ToString())];
        Assert.Contains(errors, e => Names(e, "simulated"));
        Assert.Contains(errors, e => Names(e, "simulated-2"));
        Assert.All(errors, e => Assert.True(Names(e, "simulated") || Names(e, "simulated-2"), e));
    }

    [Fact]
    public void Every_warning_and_verbose_line_names_its_host()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(Connect + "Add-XenPciAssignable 01:00.0, 06:01.0 -Dom0 $both -Verbose");
        Assert.Contains(answer.Warnings, w => Names(w, "simulated-2"));
        Assert.All(answer.Warnings, w => Assert.True(Names(w, "simulated") || Names(w, "simulated-2"), w));
        Assert.All(answer.Verbose, v => Assert.True(Names(v, "simulated") || Names(v, "simulated-2"), v));
    }

    /// <summary>"netdd has crashed" is not said of a host that is called so.</summary>
    [Fact]
    public void A_host_that_is_called_as_a_word_of_the_message_is_named_all_the_same()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            """
            $null = Connect-XenDom0 -Simulated
            $null = Connect-XenDom0 -Simulated -Machine crashed
            Restart-XenDriverDomain netdd -Dom0 crashed -Force -Confirm:$false
            """);
        answer.AssertNoErrors();
        Assert.NotEmpty(answer.Warnings);
        Assert.All(answer.Warnings, w => Assert.StartsWith("crashed: ", w, StringComparison.Ordinal));
    }

    [Fact]
    public void With_one_host_nothing_is_put_before_a_message()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run("$null = Connect-XenDom0 -Simulated; Get-XenGuest nosuch");
        Assert.StartsWith("No guest 'nosuch'", Assert.Single(answer.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_several_hosts_are_told_apart()
    {
        using ModuleSession session = new();
        string shown = string.Join('\n', session.Run(Connect + "Get-XenPciDevice 01:00.0 -Dom0 $both | Out-String -Width 80").Lines);
        Assert.Contains("Dom0: simulated\n", shown, StringComparison.Ordinal);
        Assert.Contains("Dom0: simulated-2\n", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-XenDom0 simulated-2 | ForEach-Object Dom0", "simulated-2")]
    [InlineData("Get-XenDom0 sim* | ForEach-Object Dom0", "simulated", "simulated-2")]
    [InlineData("Get-XenPciDevice 01:00.0 -Dom0 *-2 | ForEach-Object Dom0", "simulated-2")]
    [InlineData("Disconnect-XenDom0 $b; Get-XenDom0 | ForEach-Object Dom0", "simulated")]
    [InlineData("Disconnect-XenDom0 sim*; try { Get-XenDom0 -ErrorAction Stop } catch { ($_.FullyQualifiedErrorId -split ',')[0] }",
        "Dom0NotConnected")]
    public void Hosts_are_named_by_position_and_by_pattern(string command, params string[] expected)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(Connect + command);
        answer.AssertNoErrors();
        Assert.Equal(expected, answer.Lines);
    }

    [Theory]
    [InlineData("Get-XenDom0 | New-XenDriverDomain netdd 01:00.0 -Kernel /root/vmlinuz")]
    [InlineData("Get-XenPciDevice 01:00.0 -Dom0 * | New-XenDriverDomain netdd -Kernel /root/vmlinuz")]
    public void A_driver_domain_is_made_on_each_host_that_is_piped(string command)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            $"{Connect} $WarningPreference = 'SilentlyContinue'; Add-XenPciAssignable 01:00.0 -Dom0 $both; "
            + command + " | ForEach-Object { \"$($_.Dom0) $($_.Name) $($_.PciDevice)\" }");
        Assert.Equal(["simulated netdd 0000:01:00.0", "simulated-2 netdd 0000:01:00.0"], answer.Lines);
    }

    [Fact]
    public void A_host_that_many_objects_come_from_is_shown_once()
    {
        using ModuleSession session = new();
        Assert.Equal(
            ["simulated", "simulated-2"], session.Run(Connect + "Get-XenPciDevice -Dom0 * | Get-XenDom0 | ForEach-Object Dom0").Lines);
    }

    [Fact]
    public void A_pattern_that_no_host_has_is_an_error()
    {
        using ModuleSession session = new();
        string id = Assert.Single(session.Run(Connect + "Get-XenPciDevice -Dom0 xen*").Errors).FullyQualifiedErrorId;
        Assert.StartsWith("Dom0NotConnected", id, StringComparison.Ordinal);
    }

    private static bool Names(string message, string host) =>
        System.Text.RegularExpressions.Regex.IsMatch(message, $@"(?<![\w-]){host}(?![\w-])");
}
