using System.Management.Automation;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>Asking for what is so already is no error, and a verbose line tells it; a name that is not there is one.</summary>
public class RepeatedCommandTests
{
    private const string Host = """
        $null = Connect-XenDom0 -Simulated -Machine crashed
        $ConfirmPreference = 'None'
        $null = Restart-XenDriverDomain netdd -Force

        """;

    [Theory]
    [InlineData("Start-XenDriverDomain netdd")]
    [InlineData("Stop-XenDriverDomain olddd")]
    [InlineData("Stop-XenDriverDomain netdd -Force; Stop-XenDriverDomain netdd")]
    [InlineData("Add-XenPciAssignable 02:00.0; Add-XenPciAssignable 02:00.0")]
    [InlineData("Remove-XenPciAssignable 02:00.0; Remove-XenPciAssignable 02:00.0")]
    [InlineData("Add-XenPciAssignable 02:00.0 -AtBoot; Add-XenPciAssignable 02:00.0 -AtBoot")]
    [InlineData("Remove-XenPciAssignable 02:00.0 -AtBoot")]
    [InlineData("Connect-XenGuestVif web1 netdd; Connect-XenGuestVif web1 netdd")]
    [InlineData("$h = Connect-XenDom0 -Simulated; Disconnect-XenDom0 $h; Disconnect-XenDom0; Disconnect-XenDom0")]
    [InlineData("Set-XenPciPolicy -Rule 'permissive 8086:1533'; Set-XenPciPolicy -Rule 'permissive 8086:1533'")]
    [InlineData("Set-XenPciPolicy -Clear; Set-XenPciPolicy -Clear")]
    public void What_is_so_already_is_no_error(string commands)
    {
        using ModuleSession session = new();
        session.Run(Host + commands).AssertNoErrors();
    }

    [Theory]
    [InlineData("Start-XenDriverDomain nosuch")]
    [InlineData("Stop-XenDriverDomain nosuch")]
    [InlineData("Remove-XenDriverDomain nosuch")]
    [InlineData("Restart-XenDriverDomain nosuch")]
    [InlineData("Stop-XenGuest nosuch")]
    [InlineData("Stop-XenGuest db1 -Force; Stop-XenGuest db1")]
    [InlineData("Disconnect-XenGuestVif nosuch -Devid 0")]
    public void What_is_not_there_is_one_and_nobody_is_told_to_start_it_first(string commands)
    {
        using ModuleSession session = new();
        System.Management.Automation.ErrorRecord error = Assert.Single(session.Run(Host + commands).Errors);
        Assert.Equal(System.Management.Automation.ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.DoesNotContain("Start it first", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ordinary_guest_is_not_stopped_as_a_driver_domain()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(Host + "Get-XenGuest db1 | Stop-XenDriverDomain");
        Assert.Contains("Stop-XenGuest", Assert.Single(answer.Errors).ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(["db1"], session.Run("(Get-XenGuest db1).Name").Lines);
    }

    [Fact]
    public void Removing_at_boot_what_is_not_hidden_is_an_empty_plan_and_makes_no_file()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            """
            $h = Connect-XenDom0 -Simulated
            Remove-XenPciAssignable 99:1f.7 -AtBoot -Verbose
            $h.Simulation.Run('ls /etc/modprobe.d').Output
            """);
        answer.AssertNoErrors();
        Assert.Contains(answer.Verbose, line => line.Contains("nothing to do", StringComparison.Ordinal));
        Assert.DoesNotContain("xen-pciback.conf", string.Join('\n', answer.Lines), StringComparison.Ordinal);
    }

    /// <summary>The files are as they were, letter by letter; beside them are the copies, which Get-XenDom0 -Footprint lists.</summary>
    [Theory]
    [InlineData("06:01.0", "")]
    [InlineData("06:01.0, 06:02.0", "")]
    [InlineData("06:01.0", "-BootLoader Grub2")]
    public void What_was_hidden_at_boot_and_no_longer_is_leaves_the_files_as_they_were(string cards, string loader)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            $$"""
            $WarningPreference = 'SilentlyContinue'
            $h = (Connect-XenDom0 -Simulated).Simulation
            $folders = '/etc/modprobe.d', '/etc/initramfs-tools', '/etc/default', '/etc/default/grub.d', '/boot/grub'
            $files = {
                foreach ($folder in $folders) {
                    foreach ($name in $h.Run("ls -a $folder").StandardOutput.Split("`n") -notmatch '^$|^\.+$|xdd-backup$') {
                        "$folder/$name $($h.Run("cat $folder/$name").StandardOutput)"
                    }
                }
            }
            $null = $h.Run('update-grub')
            $before = & $files
            Add-XenPciAssignable {{cards}} -AtBoot {{loader}}
            (& $files).Count -ge $before.Count -and "$(& $files)" -ne "$before"
            Remove-XenPciAssignable {{cards}} -AtBoot {{loader}}
            Compare-Object $before (& $files) | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" }
            """);
        answer.AssertNoErrors();
        Assert.Equal(["True"], answer.Lines);
    }

    [Fact]
    public void What_was_shown_as_hidden_at_boot_is_removed_there_when_it_is_piped()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            """
            $null = Connect-XenDom0 -Simulated
            Add-XenPciAssignable 06:01.0, 06:02.0 -AtBoot -WarningAction SilentlyContinue
            (Get-XenPciAssignable -AtBoot).Count
            Get-XenPciAssignable -AtBoot | Remove-XenPciAssignable
            @(Get-XenPciAssignable -AtBoot).Count
            (Get-XenPciDevice 06:01.0).State
            """);
        answer.AssertNoErrors();
        Assert.Equal(["2", "0", "Host"], answer.Lines);
    }

    [Fact]
    public void Functions_that_come_one_by_one_through_the_pipeline_are_not_held_against_each_other()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            "$null = Connect-XenDom0 -Simulated; '01:00.0', '01:00.1' | Add-XenPciAssignable -PassThru | ForEach-Object State");
        answer.AssertNoErrors();
        Assert.Equal(["Assignable", "Assignable"], answer.Lines);
        Assert.DoesNotContain(answer.Warnings, w => w.Contains("01:00.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("384M", 384)]
    [InlineData("384MB", 384)]
    [InlineData("1g", 1024)]
    [InlineData("512MiB", 512)]
    public void Memory_is_taken_with_the_units_of_xls_users(string memory, int expected)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            $"""
            $null = Connect-XenDom0 -Simulated -WarningAction SilentlyContinue
            $WarningPreference = 'SilentlyContinue'
            Add-XenPciAssignable 03:00.0
            (New-XenDriverDomain x -PciDevice 03:00.0 -Memory {memory} -Kernel /root/vmlinuz -Ramdisk /root/guest.gz).MemoryMB
            """);
        answer.AssertNoErrors();
        Assert.Equal([$"{expected}"], answer.Lines);
    }

    [Theory]
    [InlineData("'beid=4'")]
    [InlineData("@{ beid = 4 }")]
    public void Variables_are_taken_as_on_xms_command_line(string variables)
    {
        using ModuleSession session = new();
        string folder = Directory.CreateTempSubdirectory("xdd-variables-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "a.xm"), "name = 'a'\nmemory = 64\nvif = [ 'backend=%s' % beid ]\n");
            SessionAnswer answer = session.Run($"(Import-XenDomainConfig '{folder}/a.xm' -Variable {variables}).Vif.Backend");
            answer.AssertNoErrors();
            Assert.Equal(["4"], answer.Lines);
            string slip = Assert.Single(session.Run($"Import-XenDomainConfig '{folder}/a.xm' -Variable beid").Errors).ToString();
            Assert.Contains("NAME=VALUE", slip, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_guest_is_stopped_by_the_domid_it_was_seen_with_and_no_other_that_has_it_now()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(Host + """
            $seen = Get-XenGuest web1
            $other = $seen | Select-Object * ; $other.Uuid = [guid]::NewGuid()
            $other | Stop-XenGuest -Force
            $seen | Stop-XenGuest -Force
            (Get-XenGuest).Name
            """);
        Assert.StartsWith("GuestNotFound", Assert.Single(answer.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain("web1", answer.Output.Select(name => $"{name}"));
    }

    /// <summary>Between the look and the stop it may have been started again, and is not meant unasked.</summary>
    [Fact]
    public void A_guest_that_was_started_again_since_it_was_seen_is_not_said_to_be_gone()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(Host + """
            $seen = Get-XenGuest web1
            $null = $seen | Stop-XenGuest -Force
            $null = Start-XenGuest /etc/xen/web1.cfg
            $seen | Stop-XenGuest
            (Get-XenGuest web1).Domid -gt $seen.Domid
            """);
        ErrorRecord refused = Assert.Single(answer.Errors);
        Assert.Contains("that was seen with domid", refused.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains("One of that name runs with domid", refused.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("True", $"{Assert.Single(answer.Output)}");
    }

    [Fact]
    public void Only_the_cards_in_the_bridge_feed_the_vifs_that_dom0_backs()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            """
            $null = Connect-XenDom0 -Simulated
            $null = Start-XenGuest /root/client.cfg
            Connect-XenGuestVif fe1 -Backend Domain-0 -Bridge xenbr0
            (Get-XenDriverDomainTopology).Links | Where-Object ToName -EQ Domain-0 | ForEach-Object FromName
            """);
        answer.AssertNoErrors();
        Assert.Equal(["0000:00:1f.6"], answer.Lines);
    }
}
