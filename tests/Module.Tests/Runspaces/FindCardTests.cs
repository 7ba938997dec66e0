using XenDriverDomain.Errors;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>Finding a card by what dom0 calls it.</summary>
public sealed class FindCardTests
{
    [Theory]
    [InlineData("-Interface enp3s0", "0000:03:00.0")]
    [InlineData("-Interface xenbr0", "0000:00:1f.6")]
    [InlineData("-Interface enp3s0, xenbr0, enp3s0", "0000:00:1f.6 0000:03:00.0")]
    [InlineData("-Interface enp1*", "0000:01:00.0 0000:01:00.1")]
    [InlineData("-Interface zz*", "")]
    [InlineData("-Interface vif*, lo*", "")]
    [InlineData("-Disk sda", "0000:00:17.0")]
    [InlineData("-Disk /dev/sda1", "0000:00:17.0")]
    [InlineData("-Disk vg0-root", "0000:02:00.0")]
    [InlineData("-Disk /dev/disk/by-path/pci-0000:02:00.0-nvme-1-part3", "0000:02:00.0")]
    [InlineData("-Disk '/dev/disk/by-path/*ata*'", "0000:00:17.0")]
    [InlineData("-Disk sd*, nvme*", "0000:00:17.0 0000:02:00.0")]
    [InlineData("-Disk sda -Class Network", "")]
    [InlineData("-Disk sda -Interface enp3s0", "")]
    [InlineData("-Interface * -Vendor *Qualcomm*", "0000:08:00.0")]
    [InlineData("-Interface en* -Address 01:00.1", "0000:01:00.1")]
    public void Cards_are_found_by_the_names_that_dom0_has(string parameters, string found)
    {
        using ModuleSession session = new();
        session.Run("$null = Connect-XenDom0 -Simulated -Machine default").AssertNoErrors();
        Assert.Equal(found, string.Join(' ', session.Run($"Get-XenPciDevice {parameters} | ForEach-Object -MemberName Address").Lines));
    }

    [Fact]
    public void A_name_that_no_card_has_is_an_error_and_the_next_one_is_found()
    {
        using ModuleSession session = new();
        session.Run("$null = Connect-XenDom0 -Simulated -Machine default").AssertNoErrors();
        SessionAnswer answer = session.Run("(Get-XenPciDevice -Interface enp4s0, lo, enp3s0 -Class Network).Address");
        Assert.Equal([ErrorIds.InterfaceNotFound, ErrorIds.InterfaceHasNoPciDevice], answer.ErrorIds);
        Assert.Equal("enp4s0", answer.Errors[0].TargetObject);
        Assert.Contains("enp3s0", answer.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("0000:03:00.0", Assert.Single(answer.Output)!.ToString());
        Assert.Equal(
            [ErrorIds.DiskNotFound], session.Run("Get-XenPciDevice -Disk /dev/disk/by-path/pci-0000:02:00.0-nvme-2").ErrorIds);
    }

    [Fact]
    public void Each_host_that_is_asked_answers_for_itself()
    {
        using ModuleSession session = new();
        session.Run("$a = Connect-XenDom0 -Simulated -Machine default; $b = Connect-XenDom0 -Simulated -Machine lab").AssertNoErrors();
        SessionAnswer answer = session.Run("Get-XenPciDevice -Dom0 $a, $b -Interface enp3s0, eth0 | ForEach-Object { \"$($_.Dom0) $_\" }");
        Assert.Equal([ErrorIds.InterfaceNotFound, ErrorIds.InterfaceNotFound], answer.ErrorIds);
        Assert.Equal(2, answer.Output.Select(line => line!.ToString()!.Split(' ')[0]).Distinct().Count());
    }

    [Fact]
    public void A_card_that_was_taken_from_dom0_has_no_interface_there_any_more()
    {
        using ModuleSession session = new();
        session.Run("$null = Connect-XenDom0 -Simulated -Machine default; $null = Add-XenPciAssignable 03:00.0 -Force").AssertNoErrors();
        SessionAnswer answer = session.Run("Get-XenPciDevice -Interface enp3s0");
        Assert.Equal([ErrorIds.InterfaceNotFound], answer.ErrorIds);
        Assert.Contains("pciback", answer.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Tab_offers_what_a_card_is_behind()
    {
        using ModuleSession session = new();
        session.Run("$null = Connect-XenDom0 -Simulated -Machine default").AssertNoErrors();
        IReadOnlyList<string> interfaces = session.Complete("Get-XenPciDevice -Interface ");
        Assert.Equal(("eno1", "xenbr0"), (interfaces[0], interfaces[^1]));
        Assert.Contains("wlp8s0", interfaces);
        Assert.DoesNotContain("lo", interfaces);
        Assert.Equal(["sda", "sda1"], session.Complete("Get-XenPciDevice -Disk sd"));
        Assert.Equal(
            ["/dev/nvme0n1", "/dev/nvme0n1p1", "/dev/nvme0n1p2", "/dev/nvme0n1p3"],
            session.Complete("Get-XenPciDevice -Disk /dev/nv"));
        Assert.Equal(
            ["/dev/disk/by-path/pci-0000:00:17.0-ata-1", "/dev/disk/by-path/pci-0000:00:17.0-ata-1-part1"],
            session.Complete("Get-XenPciDevice -Disk /dev/disk/by-path/pci-0000:00"));
    }
}
