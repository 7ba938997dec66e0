using System.Management.Automation;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>Test- and Initialize-XenDriverDomainImage as a script sees them.</summary>
public sealed class DriverDomainImageTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_root_is_tested_prepared_and_tested_again()
    {
        Connect();
        Assert.Equal(["False"], _session.Run("Test-XenDriverDomainImage /mnt/root Network -Quiet").Lines);
        Assert.Equal(
            ["RootDevdNotEnabled", "RootBridgeMissing", "RootLogFolderMissing", "RootModuleMissing"],
            _session.Run("(Test-XenDriverDomainImage /mnt/root Network).Id").Lines);
        SessionAnswer answer = _session.Run(
            "$root = '/mnt/root' | Initialize-XenDriverDomainImage -Role Network -Bridge br0 -PassThru -Confirm:$false; "
            + "\"$($root.Path) $($root.Role) $($root.Bridge) $($root.Init) $($root.LibC) $($root.Findings.Id)\"");
        answer.AssertNoErrors();
        Assert.Equal(["/mnt/root Network br0 Systemd Glibc RootModuleMissing"], answer.Lines);
        Assert.Contains(answer.Warnings, text => text.Contains("no kernel modules", StringComparison.Ordinal));
        Assert.Equal(["True"], _session.Run("$root | Test-XenDriverDomainImage -Role Network -Bridge br0 -Quiet").Lines);
        Assert.Empty(_session.Run("Initialize-XenDriverDomainImage /mnt/root Network -Bridge br0 -Confirm:$false").Output);
    }

    [Fact]
    public void WhatIf_leaves_root_and_image_as_they_are()
    {
        SimulatedDom0 host = Connect();
        _session.Run("'/mnt/root', '/srv/dd.img' | Initialize-XenDriverDomainImage -Role Both -CopyFromDom0 -WhatIf").AssertNoErrors();
        Assert.False(host.Machine.Files.Exists("/mnt/root/etc/systemd/system/xen-driver-domain.service"));
        Assert.False(host.Machine.Files.Exists("/srv/tree/etc/systemd"));
        Assert.Empty(host.Machine.Files.Mounts);
    }

    [Fact]
    public void One_root_that_is_refused_keeps_no_other_from_being_prepared()
    {
        SimulatedDom0 host = Connect();
        SessionAnswer answer = _session.Run(
            "'/mnt/none', '/srv/dd.img', '/mnt/root' | Initialize-XenDriverDomainImage -Role Network -Confirm:$false");
        Assert.Equal([ErrorIds.RootNotFound, ErrorIds.RootXlMissing], answer.ErrorIds);
        Assert.Equal(
            [ErrorCategory.ObjectNotFound, ErrorCategory.NotInstalled], answer.Errors.Select(error => error.CategoryInfo.Category));
        Assert.Equal("/srv/dd.img", answer.Errors[1].TargetObject);
        Assert.Contains("-CopyFromDom0", answer.Errors[1].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.True(host.Machine.Files.Exists("/mnt/root/etc/systemd/system/xen-driver-domain.service"));
        _session.Run("Initialize-XenDriverDomainImage /srv/dd.img Network -CopyFromDom0 -Confirm:$false").AssertNoErrors();
        Assert.True(host.Machine.Files.Exists("/srv/tree/usr/sbin/xl"));
        Assert.Empty(host.Machine.Files.Mounts);
    }

    private SimulatedDom0 Connect()
    {
        var host = (SimulatedDom0)((PSObject)Assert.Single(
            _session.Run("(Connect-XenDom0 -Simulated -Machine lab).Simulation").Output)!).BaseObject;
        AnyErrorTests.PutRoots(host);
        return host;
    }
}
