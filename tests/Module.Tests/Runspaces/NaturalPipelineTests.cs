namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>What people pipe: an object binds where they expect it, or is refused by name, and never as its text.</summary>
public class NaturalPipelineTests
{
    private const string Connect = """
        $null = Connect-XenDom0 -Simulated -Machine crashed
        $null = Connect-XenDom0 -Simulated -Machine server

        """;

    [Theory]
    [InlineData("Get-XenDom0 | Get-XenPciDevice | ForEach-Object Dom0 | Select-Object -Unique", "crashed", "server")]
    [InlineData("(Get-XenDom0 -Dom0 server | Get-XenPciDevice).Count -eq (Get-XenPciDevice -Dom0 server).Count", "True")]
    [InlineData("Get-XenDom0 crashed | Get-XenDriverDomain | ForEach-Object Name", "netdd", "olddd")]
    [InlineData("Get-XenDriverDomain -Dom0 crashed | Get-XenPciDevice | ForEach-Object { \"$($_.Dom0) $($_.Address)\" }",
        "crashed 0000:01:00.0", "crashed 0000:02:00.0")]
    [InlineData("Get-XenDriverDomain netdd -Dom0 crashed | Get-XenGuestVif | ForEach-Object Guest", "web1")]
    [InlineData("Get-XenGuest web1 -Dom0 crashed | Get-XenGuestVif | ForEach-Object Backend", "netdd")]
    [InlineData("Get-XenGuestVif -Dom0 crashed | Get-XenGuest | ForEach-Object Name", "web1", "db1")]
    [InlineData("Get-XenPciDevice 01:00.0 -Dom0 crashed | Get-XenPciDevice | ForEach-Object { \"$($_.Address)\" }", "0000:01:00.0")]
    [InlineData("(Get-XenPciDevice 01:00.0 -Dom0 crashed).Address | Get-XenPciDevice -Dom0 crashed | ForEach-Object { \"$($_.Address)\" }",
        "0000:01:00.0")]
    [InlineData("Get-XenPciDevice -Address (Get-XenDriverDomain netdd -Dom0 crashed) -Dom0 crashed | ForEach-Object { \"$($_.Address)\" }",
        "0000:01:00.0")]
    public void An_object_binds_where_it_is_expected(string pipeline, params string[] expected)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(Connect + pipeline);
        answer.AssertNoErrors();
        Assert.Equal(expected, answer.Lines);
    }

    [Theory]
    [InlineData("Get-XenGuest web1 -Dom0 crashed | Get-XenPciDevice", "Guest", "Address")]
    [InlineData("Get-XenGuestVif -Guest web1 -Dom0 crashed | Get-XenPciDevice", "GuestVif", "Address")]
    [InlineData("Get-XenPciDevice 01:00.0 -Dom0 crashed | Get-XenGuest", "PciDevice", "Name")]
    [InlineData("Get-XenPciDevice -Address (Get-XenGuest web1 -Dom0 crashed) -Dom0 crashed", "Guest", "Address")]
    [InlineData("Get-XenPciDevice -Address (Get-XenDom0 crashed)", "HostFacts", "-Dom0")]
    public void An_object_that_names_no_such_thing_is_refused_by_name(string pipeline, string type, string wanted)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(Connect + pipeline);
        string message = Assert.Single(answer.Errors).ToString();
        Assert.Contains(type, message, StringComparison.Ordinal);
        Assert.Contains(wanted, message, StringComparison.Ordinal);
        Assert.DoesNotContain("{", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\ufffe', message);
        Assert.Empty(answer.Output);
    }

    /// <summary>Once for each object, with what does work; the objects that are right are worked on.</summary>
    [Theory]
    [InlineData("Get-XenGuestVif | Restart-XenDriverDomain -WhatIf", 2,
        "Get-XenGuestVif | Where-Object Backend | ForEach-Object Backend | Restart-XenDriverDomain -WhatIf")]
    [InlineData("Get-XenGuestVif web1 | Restart-XenDriverDomain -WhatIf", 1,
        "Get-XenGuestVif web1 | ForEach-Object Backend | Restart-XenDriverDomain -WhatIf")]
    [InlineData("Get-XenPciDevice 01:00.0 | Stop-XenDriverDomain -WhatIf", 1,
        "Get-XenPciDevice 01:00.0 | ForEach-Object Domain | Stop-XenDriverDomain -Force -WhatIf")]
    [InlineData("Get-XenPciDevice 01:00.0 | Get-XenGuest", 1, "Get-XenPciDevice 01:00.0 | ForEach-Object Domain | Get-XenGuest")]
    [InlineData("Get-XenGuest netdd | Get-XenPciDevice", 1,
        "Get-XenGuest netdd | ForEach-Object Name | Get-XenDriverDomain | Get-XenPciDevice")]
    [InlineData("Get-XenGuestVif web1 | Get-XenPciDevice", 1,
        "Get-XenGuestVif web1 | ForEach-Object Backend | Get-XenDriverDomain | Get-XenPciDevice")]
    [InlineData("Get-XenGuest | Start-XenGuest -WhatIf", 3, null)]
    [InlineData("Get-XenPciDevice 01:00.0 | Set-XenPciPolicy -WhatIf", 1, null)]
    [InlineData("Get-XenGuest | ConvertFrom-XenDomainConfig", 3, null)]
    [InlineData("Get-XenGuest | Import-XenDomainConfig", 3, null)]
    [InlineData("Get-XenGuest | Test-XenKernelConfig", 3, null)]
    [InlineData("Get-XenGuest web1 | New-XenDriverDomain new -WhatIf", 1, null)]
    [InlineData("@(Get-XenPciDevice 02:00.0; Get-XenGuest web1) | New-XenDriverDomain new -Kernel /root/vmlinuz -WhatIf", 1, null)]
    [InlineData("@('permissive 8086:1533'; Get-XenGuest web1) | Set-XenPciPolicy -WhatIf", 2, null)]
    [InlineData("Import-XenDomainConfig ./samples/web1.cfg | Connect-XenDom0", 1, null)]
    [InlineData("@(Get-XenGuest web1; 'nonsense') | New-XenDriverDomain new -Kernel /root/vmlinuz -WhatIf", 2, null)]
    public void A_wrong_object_is_told_with_what_to_pipe_instead(string pipeline, int errors, string? works)
    {
        using ModuleSession session = new();
        session.Run("$null = Connect-XenDom0 -Simulated -Machine crashed").AssertNoErrors();
        SessionAnswer answer = session.Run(pipeline);
        Assert.Equal(errors, answer.Errors.Count);
        Assert.Equal(Session.ModuleErrorIds.WrongInputObject, answer.ErrorIds[0]);
        Assert.All(answer.Errors, e => Assert.NotEmpty(e.ErrorDetails.RecommendedAction));
        Assert.All(answer.Errors, e => Assert.DoesNotContain('\ufffe', $"{e} {e.TargetObject} {e.ErrorDetails.RecommendedAction}"));
        Assert.Empty(answer.Output);
        if (works is not null)
        {
            string advice = answer.Errors[0].ErrorDetails.RecommendedAction;
            Assert.Contains(works[works.IndexOf('|', StringComparison.Ordinal)..].Split(" -")[0], advice, StringComparison.Ordinal);
            session.Run(works).AssertNoErrors();
        }
    }

    [Fact]
    public void An_object_that_is_right_is_worked_on_beside_one_that_is_wrong()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            Connect + "@(Get-XenGuestVif web1 -Dom0 crashed; Get-XenDriverDomain olddd -Dom0 crashed; Get-XenGuest db1 -Dom0 crashed) | "
            + "Get-XenDriverDomain | ForEach-Object Name");
        Assert.Equal(["olddd"], answer.Output.Select(o => $"{o}"));
        Assert.Equal(
            [Session.ModuleErrorIds.WrongInputObject, Session.ModuleErrorIds.DriverDomainNotFound], answer.ErrorIds);
    }

    /// <summary>Whether in a table, in a filter or in a file: who has a card is the same words.</summary>
    [Fact]
    public void Who_has_a_card_is_a_property_that_can_be_filtered()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(Connect +
            """
            (Get-XenPciDevice -Dom0 crashed | Where-Object User -eq 'domain netdd').Address.Text
            (Get-XenPciDevice -Dom0 server | Where-Object User -match '^sda').Address.Text
            Get-XenPciDevice 01:00.0 -Dom0 crashed | ConvertTo-Csv | ConvertFrom-Csv | ForEach-Object User
            """);
        Assert.Equal(["0000:01:00.0", "0000:05:00.0", "domain netdd"], answer.Lines);
    }

    [Fact]
    public void A_host_alone_is_not_enough_to_change_something()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(Connect + "Get-XenDom0 crashed | Remove-XenDriverDomain");
        Assert.Contains("Name", Assert.Single(answer.Errors).ToString(), StringComparison.Ordinal);
        Assert.Equal(["netdd", "olddd"], session.Run("Get-XenDriverDomain -Dom0 crashed | ForEach-Object Name").Lines);
    }

    /// <summary>A host that is connected is that connection, and no machine that happens to be called as it is.</summary>
    [Theory]
    [InlineData("Get-XenDom0 | Connect-XenDom0", "crashed True", "server False")]
    [InlineData("Get-XenDom0 server | Connect-XenDom0 -Default", "server True")]
    [InlineData("Connect-XenDom0 (Get-XenDom0 server)", "server False")]
    [InlineData("Connect-XenDom0 server -Default", "server True")]
    [InlineData("Get-XenDom0 server | ConvertTo-Json | ConvertFrom-Json | Connect-XenDom0 -Default", "server True")]
    public void A_connected_host_is_connected_to_again_as_what_it_is(string pipeline, params string[] expected)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run($"{Connect}{pipeline} | ForEach-Object {{ \"$($_.Dom0) $($_.IsDefault)\" }}");
        answer.AssertNoErrors();
        Assert.Equal(expected, answer.Lines);
        Assert.Equal(["crashed", "server"], session.Run("(Get-XenDom0).Dom0").Lines);
        Assert.Equal(
            ["0", "0"], session.Run("Get-XenDom0 | Connect-XenDom0 | ForEach-Object { $_.Simulation.Run('xl list').ExitCode }").Lines);
    }

    [Fact]
    public void A_host_whose_connection_has_ended_is_no_name_to_be_looked_up()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            Connect + "$host1 = Get-XenDom0 crashed; Disconnect-XenDom0 crashed; $host1 | Connect-XenDom0");
        Assert.Equal([Session.ModuleErrorIds.Dom0NotConnected], answer.ErrorIds);
        Assert.Contains("-Simulated", answer.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        answer = session.Run("Get-XenDom0 -Dom0 local | Connect-XenDom0");
        Assert.Equal([Session.ModuleErrorIds.Dom0NotConnected], answer.ErrorIds);
        Assert.Contains("this machine", answer.Errors[0].ToString(), StringComparison.Ordinal);
    }

    /// <summary>In whatever order they come: a back end is refused as long as it has clients, so they go first.</summary>
    [Theory]
    [InlineData("Get-XenGuest | Stop-XenGuest", "app web core", "")]
    [InlineData("Get-XenGuest | Stop-XenGuest -NoWait", "app web core", "")]
    [InlineData("Stop-XenGuest core, web, app", "web app core", "")]
    [InlineData("Get-XenGuest core, app | Stop-XenGuest", "app", "core")]
    [InlineData("Get-XenDriverDomain | Stop-XenDriverDomain", "", "core")]
    [InlineData("$null = Stop-XenGuest app, web -Confirm:$false; Get-XenDriverDomain | Stop-XenDriverDomain", "core", "")]
    public void Clients_are_stopped_before_their_back_end(string pipeline, string stopped, string refused)
    {
        using ModuleSession session = new();
        session.Run(
            """
            $null = Connect-XenDom0 -Simulated -Machine @{
                Cards  = @{ Address = '01:00.0'; Model = 'I210' }
                Guests = @{ Name = 'core'; Cards = '01:00.0' }, @{ Name = 'app'; Vifs = @{ Backend = 'core' } },
                    @{ Name = 'web'; Vifs = @{ Backend = 'core' } }
            }
            """).AssertNoErrors();
        if (!pipeline.StartsWith('$'))
        {
            // A trial says the same, and changes nothing.
            SessionAnswer trial = session.Run($"{pipeline} -WhatIf");
            Assert.Equal(refused, string.Join(' ', trial.Errors.Select(e => $"{e.TargetObject}")));
        }

        SessionAnswer answer = session.Run($"{pipeline} -Confirm:$false -PassThru | ForEach-Object Name");

        Assert.Equal(stopped, string.Join(' ', answer.Output.Select(o => $"{o}")));
        Assert.Equal(refused, string.Join(' ', answer.Errors.Select(e => $"{e.TargetObject}")));
        Assert.All(answer.Errors, e => Assert.StartsWith("DriverDomainHasClients,", e.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.DoesNotContain(answer.Warnings, w => w.Contains("cuts off", StringComparison.Ordinal));
    }

    /// <summary>What a getter writes, through a file or another format and back, binds as the object itself does.</summary>
    [Theory]
    [InlineData("Get-XenPciDevice 01:00.0", "Get-XenPciDevice | ForEach-Object { \"$($_.Dom0) $($_.Address)\" }", "crashed 0000:01:00.0")]
    [InlineData("Get-XenDriverDomain netdd", "Get-XenDriverDomain | ForEach-Object { \"$($_.Dom0) $($_.Name)\" }", "crashed netdd")]
    [InlineData("Get-XenDriverDomain netdd", "Get-XenPciDevice | ForEach-Object { \"$($_.Dom0) $($_.Address)\" }", "crashed 0000:01:00.0")]
    [InlineData("Get-XenGuest db1", "Get-XenGuestVif | ForEach-Object { \"$($_.Guest) $($_.Mac)\" }", "db1 00:16:3e:00:00:02")]
    [InlineData("Get-XenGuestVif db1", "Get-XenGuestVif | ForEach-Object { \"$($_.Guest) $($_.Mac)\" }", "db1 00:16:3e:00:00:02")]
    [InlineData("Get-XenGuestVif db1", "ForEach-Object { \"$(if ($_.Mac.Text) { $_.Mac.Text } else { $_.Mac })\" }", "00:16:3e:00:00:02")]
    [InlineData("Get-XenDom0", "Get-XenGuest | ForEach-Object { \"$($_.Dom0) $($_.Name)\" }",
        "crashed netdd", "crashed web1", "crashed db1")]
    public void What_was_written_to_JSON_CSV_or_CLIXML_binds_again(string get, string take, params string[] expected)
    {
        using ModuleSession session = new();
        session.Run("$null = Connect-XenDom0 -Simulated -Machine crashed").AssertNoErrors();
        foreach (string through in (string[])
            [
                "ConvertTo-Json -WarningAction SilentlyContinue | ConvertFrom-Json",
                "ConvertTo-Csv | ConvertFrom-Csv",
                "ForEach-Object { $xml = 'System.Management.Automation.PSSerializer' -as [type]; $xml::Deserialize($xml::Serialize($_)) }",
            ])
        {
            SessionAnswer answer = session.Run($"{get} | {through} | {take}");
            answer.AssertNoErrors();
            Assert.Equal([through, .. expected], [through, .. answer.Lines]);
        }
    }

    /// <summary>As about_XenDriverDomain says it is done with objects from a file.</summary>
    [Fact]
    public void States_from_CLIXML_are_compared_as_text()
    {
        using ModuleSession session = new();
        Assert.Equal(["True", "0"], session.Run(
            """
            $null = Connect-XenDom0 -Simulated
            $xml = 'System.Management.Automation.PSSerializer' -as [type]
            $copies = Get-XenPciDevice | ForEach-Object { $xml::Deserialize($xml::Serialize($_)) }
            @($copies | Where-Object State -like Host).Count -eq @(Get-XenPciDevice -State Host).Count
            @($copies | Where-Object State -like Assigned).Count
            """).Lines);
    }

    [Fact]
    public void An_orphan_from_JSON_keeps_its_address_when_it_is_connected_again()
    {
        using ModuleSession session = new();
        session.Run(
            """
            $null = Connect-XenDom0 -Simulated -Machine crashed
            $null = Restart-XenDriverDomain netdd -Force -Confirm:$false -WarningAction SilentlyContinue
            """).AssertNoErrors();
        SessionAnswer answer = session.Run(
            """
            Get-XenGuestVif db1 | ConvertTo-Json | ConvertFrom-Json | Connect-XenGuestVif -Backend netdd -WhatIf -Verbose
            """);
        answer.AssertNoErrors();
        Assert.Contains("00:16:3e:00:00:02", string.Join('\n', answer.Verbose), StringComparison.Ordinal);
    }
}
