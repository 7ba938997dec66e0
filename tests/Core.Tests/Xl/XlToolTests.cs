using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Tests.Xl;

public class XlToolTests
{
    private const string Info = "xen_major              : 4\nxen_minor              : 14\n";

    [Fact]
    public async Task An_xl_in_the_path_is_found_with_one_command_and_remembered()
    {
        ScriptedCommands commands = new ScriptedCommands().Answer("xl info", 0, Info);
        await using Dom0 dom0 = ScriptedHost.Create(commands);
        XlTool xl = new(dom0);

        XlInstallation installation = await xl.FindAsync(default);
        await xl.FindAsync(default);

        Assert.Equal(new XlInstallation("xl", new Version(4, 14)), installation);
        Assert.Equal("/libxl/pciback", installation.PciRecordsPath.ToString());
        Assert.Single(commands.Requests);
    }

    [Fact]
    public async Task Of_several_versions_outside_the_path_the_newest_is_taken()
    {
        ScriptedCommands commands = new ScriptedCommands()
            .Answer("/usr/lib/xen-4.9/bin/xl info", 0, Info).Answer("/usr/lib/xen-4.17/bin/xl info", 0, Info)
            .Answer("/usr/lib/xen-4.17/bin/xl list", 0, "list");
        await using Dom0 dom0 = ScriptedHost.Create(commands, new PlacesOnly(
            "/usr/lib/xen-4.9/bin/xl", "/usr/lib/xen-4.17/bin/xl", "/opt/other/bin/xl"));
        XlTool xl = new(dom0);

        Assert.Equal("/usr/lib/xen-4.17/bin/xl", (await xl.FindAsync(default)).Path);
        Assert.Equal("list", (await xl.RunAsync(["list"], null, default)).Output);
        Assert.Equal("/usr/lib/xen-4.17/bin/xl", commands.Requests[^1].Program);
    }

    [Fact]
    public async Task A_host_without_xl_is_told_so()
    {
        await using Dom0 dom0 = ScriptedHost.Create(new ScriptedCommands());
        XenDriverDomainException error =
            await Assert.ThrowsAsync<XenDriverDomainException>(() => new XlTool(dom0).FindAsync(default).AsTask());
        Assert.Equal(ErrorIds.XlNotFound, error.ErrorId);
        Assert.Equal(ErrorKind.NotInstalled, error.Kind);
    }

    [Theory]
    [InlineData(
        "xencall: error: Could not obtain handle on privileged command interface: No such file or directory\n"
            + "libxl: error: libxl.c:102:libxl_ctx_alloc: cannot open libxc handle: No such file or directory\ncannot init xl context\n",
        ErrorKind.InvalidState, "Boot the host with Xen")]
    [InlineData(
        "xencall: error: Could not obtain handle on privileged command interface: Permission denied\n"
            + "libxl: error: libxl.c:102:libxl_ctx_alloc: cannot open libxc handle: Permission denied\ncannot init xl context\n",
        ErrorKind.PermissionDenied, "root")]
    [InlineData(
        "libxl: error: libxl.c:116:libxl_ctx_alloc: cannot connect to xenstore: No such file or directory\ncannot init xl context\n",
        ErrorKind.NotInstalled, "xenstored")]
    [InlineData("ERROR:  Can't find hypervisor information in sysfs!\n", ErrorKind.InvalidState, "Boot the host with Xen")]
    [InlineData("cannot init xl context\n", ErrorKind.InvalidState, "xl list")]
    public async Task An_xl_that_cannot_begin_says_why_and_what_to_do(string complaint, ErrorKind kind, string remedy)
    {
        await using Dom0 dom0 = ScriptedHost.Create(new ScriptedCommands().Answer("xl create /x", 1, error: complaint));
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => new XlTool(dom0).RunAsync(["create", "/x"], null, default).AsTask());
        Assert.Equal(ErrorIds.XlNotUsable, error.ErrorId);
        Assert.Equal(kind, error.Kind);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_xl_info_that_fails_for_another_reason_is_an_error_with_what_xl_says()
    {
        await using Dom0 dom0 = ScriptedHost.Create(new ScriptedCommands().Answer(
            "xl info", 1, error: "libxl: error: libxl.c:361:libxl_get_physinfo: getting physinfo\n"));
        XenDriverDomainException error =
            await Assert.ThrowsAsync<XenDriverDomainException>(() => new XlTool(dom0).FindAsync(default).AsTask());
        Assert.Equal((ErrorIds.XlCommandFailed, ErrorKind.Device), (error.ErrorId, error.Kind));
        Assert.Contains("exit code 1: getting physinfo", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_command_is_a_result_with_its_complaint()
    {
        await using Dom0 dom0 = ScriptedHost.Create(new ScriptedCommands().Answer(
            "xl create /etc/xen/dd.cfg", 3, error: "Parsing config from /etc/xen/dd.cfg\n"
                + "libxl: error: libxl_pci.c:1677:libxl__device_pci_add: Domain 3:PCI device 0:0:10.0 is not assignable\n"));
        XlResult result = await new XlTool(dom0).RunAsync(["create", "/etc/xen/dd.cfg"], null, default);
        Assert.Equal(3, result.ExitCode);
        Assert.Equal("PCI device 0:0:10.0 is not assignable", result.Complaint);
    }

    [Fact]
    public async Task The_time_limit_is_above_libxls_own_or_what_the_caller_wants()
    {
        ScriptedCommands commands = new ScriptedCommands().Answer("xl list", 0);
        await using Dom0 dom0 = ScriptedHost.Create(commands);
        await new XlTool(dom0).RunAsync(["list"], null, default);
        await new XlTool(dom0).RunAsync(["list"], TimeSpan.FromSeconds(300), default);
        Assert.True(commands.Requests[0].Timeout >= TimeSpan.FromSeconds(120));
        Assert.Equal(TimeSpan.FromSeconds(300), commands.Requests[1].Timeout);
    }
}
