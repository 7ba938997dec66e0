namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>A name that nothing has is a slip, and said to be one; a pattern that nothing matches is silence.</summary>
public class UnknownNamesTests
{
    [Theory]
    [InlineData("Get-XenPciDevice -Class Netwrok", "PciClassUnknown", "Network")]
    [InlineData("Get-XenPciDevice -Class Ethernet", "PciClassUnknown", "Ethernet controller")]
    [InlineData("Get-XenPciDevice -Vendor Intel", "PciVendorUnknown", "Intel Corporation")]
    [InlineData("Get-XenPciDevice -Vendor Itnel*, Relatek", "PciVendorUnknown", "Relatek")]
    [InlineData("Get-XenGuestVif nosuch", "GuestNotFound", "nosuch")]
    [InlineData("Get-XenGuestVif 77", "GuestNotFound", "77")]
    [InlineData("Get-XenGuestVif -Backend netd", "BackendNotFound", "netdd")]
    [InlineData("Get-XenGuest nosuch", "GuestNotFound", "nosuch")]
    [InlineData("Get-XenGuest wbe1", "GuestNotFound", "Near is web1.")]
    [InlineData("Get-XenDriverDomain netd", "DriverDomainNotFound", "Near is netdd.")]
    [InlineData("Connect-XenGuestVif web1 -Backend wbe1 -WhatIf", "DomainNotFound", "Near is web1.")]
    [InlineData("Get-XenGuest -Dom0 carshed", "Dom0NotConnected", "Near is crashed.")]
    [InlineData("Get-XenGuestVif -Backend netd", "BackendNotFound", "Near is netdd. With")]
    [InlineData("Get-XenGuestVif -Backend dd", "BackendNotFound", "Near are netdd, olddd. With")]
    [InlineData("Get-XenGuest nosuch", "GuestNotFound", "No guest 'nosuch' runs on crashed.")]
    [InlineData("Get-XenGuestVif nosuch", "GuestNotFound", "No guest 'nosuch' runs on crashed.")]
    [InlineData("Get-XenGuestVif -Backend nosuch", "BackendNotFound", "'nosuch' on crashed, ")]
    [InlineData("Get-XenDriverDomain nosuch", "DriverDomainNotFound", "'nosuch' on crashed, ")]
    [InlineData("Get-XenDriverDomainTopology nosuch", "DomainNotFound", "'nosuch' on crashed.")]
    [InlineData("Get-XenPciDevice -Vendor nosuch", "PciVendorUnknown", "No device on crashed is")]
    [InlineData("Get-XenPciDevice -Class nosuch", "PciClassUnknown", "No device on crashed is")]
    [InlineData("Connect-XenDom0 -Simulated -Machine sever", "MachineNotFound", "server")]
    public void A_name_that_nothing_has_is_an_error_with_what_is_near(string command, string id, string near)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run($"$null = Connect-XenDom0 -Simulated -Machine crashed; {command}");
        Assert.Empty(answer.Output);
        System.Management.Automation.ErrorRecord error = Assert.Single(answer.Errors);
        Assert.StartsWith(id, error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(near, $"{error} {error.ErrorDetails.RecommendedAction}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-XenPciDevice -Class Netwrok*")]
    [InlineData("Get-XenPciDevice -Class Audio")]
    [InlineData("Get-XenPciDevice -Class 0d")]
    [InlineData("Get-XenPciDevice -Vendor 10ec")]
    [InlineData("Get-XenGuestVif nosuch*")]
    [InlineData("Get-XenGuestVif -Backend no*")]
    [InlineData("Get-XenGuestVif netdd")]
    [InlineData("Get-XenGuestVif -Backend web1")]
    [InlineData("Get-XenGuestVif -Backend Domain-0")]
    public void What_may_be_and_is_not_is_silence(string command)
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run($"$null = Connect-XenDom0 -Simulated -Machine crashed; {command}");
        answer.AssertNoErrors();
        Assert.Empty(answer.Output);
    }

    [Fact]
    public void A_pattern_of_a_class_is_one_of_the_groups_as_well()
    {
        using ModuleSession session = new();
        Assert.Equal(["True", "True"], session.Run(
            """
            $null = Connect-XenDom0 -Simulated
            (Get-XenPciDevice -Class net*).Count -eq (Get-XenPciDevice -Class Network).Count
            (Get-XenPciDevice -Class Ethernet*).Count -gt 5
            """).Lines);
    }
}
