namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>An argument that cannot be what is asked for is refused with how it is written.</summary>
public class ArgumentWordsTests
{
    [Theory]
    [InlineData("New-XenDriverDomain x 01:00.0 -Memory 384Q", "'384Q' is no size", "384MB")]
    [InlineData("New-XenDriverDomain x 01:00.0 -Memory lots", "'lots' is no size", "384MB")]
    [InlineData("Add-XenPciQuirk 01:00.0 -Register zz", "'zz' is no number", "0x98")]
    [InlineData("Add-XenPciQuirk 01:00.0 -Register 0x78 -Mask none", "'none' is no number", "0x98")]
    [InlineData("Get-XenPciDevice -State Asigned", "Asigned", "Assigned")]
    [InlineData("Start-XenDriverDomain x -Timeout soon", "'soon' is no time", "seconds")]
    public void What_cannot_be_says_how_it_is_written(string command, string what, string how)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run($"$null = Connect-XenDom0 -Simulated; {command}");
        string message = Assert.Single(answer.Errors).ToString();
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains(how, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connect-XenDom0 root@xen1.invalid", "-HostName xen1.invalid -UserName root")]
    [InlineData("Stop-XenGuest web*", "Get-XenGuest 'web*' | Stop-XenGuest")]
    [InlineData("Connect-XenGuestVif web* -Backend netdd", "Get-XenGuest 'web*' | Connect-XenGuestVif")]
    [InlineData("Remove-XenDriverDomain net*", "Get-XenDriverDomain 'net*' | Remove-XenDriverDomain")]
    [InlineData("Restart-XenDriverDomain net*", "Get-XenDriverDomain 'net*' | Restart-XenDriverDomain")]
    [InlineData("Add-XenPciAssignable 01:*", "Get-XenPciDevice '01:*' | Add-XenPciAssignable")]
    [InlineData("Remove-XenPciAssignable 01:00.* -AtBoot", "Get-XenPciDevice '01:00.*' | Remove-XenPciAssignable")]
    public void What_is_meant_otherwise_is_told_as_a_command(string command, string instead)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run($"$null = Connect-XenDom0 -Simulated -Machine crashed; {command}");
        Assert.Contains(instead, Assert.Single(answer.Errors).ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("512MB", "512")]
    [InlineData("512M", "512")]
    [InlineData("'536870912'", "512")]
    [InlineData("536870912", "512")]
    public void Sizes_are_read_in_every_way_they_are_written(string size, string megabytes)
    {
        using ModuleSession session = new();
        Assert.Equal([megabytes], session.Run(
            $$"""
            $null = Connect-XenDom0 -Simulated
            Add-XenPciAssignable 01:00.0 -WarningAction SilentlyContinue
            (New-XenDriverDomain x 01:00.0 -Memory {{size}} -Kernel /root/vmlinuz).MemoryMB
            """).Lines);
    }

    [Theory]
    [InlineData("0xffffffff", "ffffffff")]
    [InlineData("'0xffffffff'", "ffffffff")]
    [InlineData("4294967295", "ffffffff")]
    [InlineData("'0xf0'", "000000f0")]
    [InlineData("16", "00000010")]
    public void Masks_are_read_in_every_way_they_are_written(string mask, string expected)
    {
        using ModuleSession session = new();
        Assert.Equal([expected], session.Run(
            $$"""
            $null = Connect-XenDom0 -Simulated
            Add-XenPciAssignable 01:00.0 -WarningAction SilentlyContinue
            (Add-XenPciQuirk 01:00.0 -Register '0x40' -Mask {{mask}} -PassThru | Where-Object Register -eq 0x40).Mask.ToString('x8')
            """).Lines);
    }

    [Theory]
    [InlineData("Start-XenGuest /root/vmlinuz", "the file is no text", "A kernel")]
    [InlineData("Start-XenGuest /etc/xen", "Is a directory", "It is a folder")]
    [InlineData(
        "$null = Connect-XenDom0 -Simulated -Machine crashed -Default; "
            + "ConvertFrom-XenDomainConfig \"name='netdd'`nkernel='/k'`nmemory=64\" | Start-XenGuest",
        "netdd has crashed and is kept", "Restart-XenDriverDomain netdd")]
    [InlineData("./samples/Enter-Example.ps1 Get-XenGuestVif 99", "there is no number 99", "")]
    public void What_cannot_be_started_or_entered_says_why(string command, string what, string remedy)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run($"$null = Connect-XenDom0 -Simulated; {command}");
        System.Management.Automation.ErrorRecord error = Assert.Single(answer.Errors);
        Assert.Contains(what, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(remedy, error.ErrorDetails?.RecommendedAction ?? string.Empty, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Stop-XenDriverDomain netdd", "Start-XenDriverDomain netdd connects again: web1")]
    [InlineData("Remove-XenDriverDomain netdd", "Nothing connects web1")]
    public void Who_is_cut_off_is_told_what_brings_him_back(string command, string expected)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run(
            $$"""
            $null = Connect-XenDom0 -Simulated -Machine crashed
            Restart-XenDriverDomain netdd -Force -Confirm:$false -WarningAction SilentlyContinue | Out-Null
            {{command}} -Force -WhatIf
            """);
        answer.AssertNoErrors();
        Assert.Contains(answer.Warnings, warning => warning.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Import-XenDomainConfig {0}")]
    [InlineData("Test-XenDomainConfig {0}")]
    public void What_is_no_text_or_a_folder_is_said_to_be(string command)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 10, 0]);
            using ModuleSession session = new();
            SessionAnswer answer = session.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, command, file));
            string told = string.Join(' ', answer.Errors.Select(e => e.ToString()).Concat(answer.Output.Select(o => $"{o?.BaseObject}")));
            Assert.Contains("the file is no text", told, StringComparison.Ordinal);

            string folder = string.Format(System.Globalization.CultureInfo.InvariantCulture, command, "/etc");
            Assert.Contains("it is a folder", Assert.Single(session.Run(folder).Errors).ToString(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
