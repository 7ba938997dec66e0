using XenDriverDomain.Session;
using XenDriverDomain.Tests.Access;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>What the cmdlets themselves refuse: what is not there, not readable, or there already.</summary>
public class NotThereTests
{
    [Theory]
    [InlineData("Get-XenDriverDomain -Name nosuch", ModuleErrorIds.DriverDomainNotFound)]
    [InlineData("Get-XenGuest -Name nosuch", ModuleErrorIds.GuestNotFound)]
    [InlineData("Import-XenDomainConfig -LiteralPath ./src", ModuleErrorIds.InputFileNotReadable)]
    [InlineData("Import-XenDomainConfig -LiteralPath /dev/zero", ModuleErrorIds.InputFileNotReadable)]
    [InlineData("Import-XenDomainConfig -LiteralPath ./nosuch.cfg", ModuleErrorIds.InputFileNotFound)]
    public void It_is_one_error_with_an_id_of_its_own_and_the_script_goes_on(string script, string id)
    {
        using ModuleSession session = new();
        session.Run("Connect-XenDom0 -Simulated").AssertNoErrors();
        SessionAnswer answer = session.Run(script + "; 'on'");
        Assert.Equal([id], answer.ErrorIds);
        Assert.Equal("on", Assert.Single(answer.Output)!.ToString());
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task A_host_that_is_connected_already_is_refused_unless_it_shall_be_the_default()
    {
        using TestSshServer server = await TestSshServer.StartAsync();
        using ModuleSession session = new();
        string connect = $"Connect-XenDom0 -HostName 127.0.0.1 -Port {server.Port} -UserName {Environment.UserName} -KeyFilePath "
            + $"{server.DirectoryPath}/user -Options @{{ "
            + $"UserKnownHostsFile = '{server.DirectoryPath}/known'; GlobalKnownHostsFile = '/dev/null' }}";
        session.Run(connect).AssertNoErrors();

        Assert.Equal([ModuleErrorIds.Dom0AlreadyConnected], session.Run(connect).ErrorIds);
        session.Run(connect + " -Default").AssertNoErrors();
    }
}
