using XenDriverDomain.Errors;
using XenDriverDomain.Images;
using XenDriverDomain.Roots;

namespace XenDriverDomain.Tests.Roots;

/// <summary>What roots lack, and what their users are told of it.</summary>
public class RootChecksTests
{
    [Fact]
    public async Task A_debian_with_its_packages_lacks_what_is_seen_to()
    {
        IReadOnlyList<RootFinding> findings = await new RootHost("debian-12").JudgeAsync();
        Assert.Equal(
            [
                ErrorIds.RootModuleNotLoaded, ErrorIds.RootDevdNotEnabled, ErrorIds.RootBridgeMissing, ErrorIds.RootLogFolderMissing,
                ErrorIds.RootDom0ServiceEnabled, ErrorIds.RootDom0ServiceEnabled,
            ],
            findings.Select(finding => finding.Id));
        Assert.All(
            findings, finding => Assert.Contains("Initialize-XenDriverDomainImage does so.", finding.Remedy, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("alpine", ErrorIds.RootXlMissing, "apk add xen")]
    [InlineData("alpine", ErrorIds.RootXenStoreToolsMissing, "apk add xen")]
    [InlineData("alpine", ErrorIds.RootScriptsMissing, "apk add xen")]
    [InlineData("alpine", ErrorIds.RootBashMissing, "apk add bash")]
    [InlineData("opensuse", ErrorIds.RootXlMissing, "zypper install xen-tools")]
    [InlineData("opensuse", ErrorIds.RootScriptsMissing, "zypper install xen-tools")]
    public async Task What_is_missing_has_a_package(string recording, string id, string install) => Assert.Contains(
        install, (await new RootHost(recording).JudgeAsync()).Single(finding => finding.Id == id).Remedy, StringComparison.Ordinal);

    [Theory]
    [InlineData("usr/sbin/xl", ErrorIds.RootXlMissing, "xen-utils-4.17")]
    [InlineData("usr/bin/xenstore-write", ErrorIds.RootXenStoreToolsMissing, "xenstore-utils")]
    [InlineData("etc/xen/scripts/vif-bridge", ErrorIds.RootScriptsMissing, "xen-utils-common")]
    [InlineData("usr/bin/bash", ErrorIds.RootBashMissing, "bash")]
    [InlineData("usr/bin/ip", ErrorIds.RootIpMissing, "iproute2")]
    [InlineData("usr/sbin/init", ErrorIds.RootInitUnknown, "systemd-sysv")]
    public async Task Each_part_of_a_debian_has_its_package(string path, string id, string package)
    {
        RootHost host = new("debian-12");
        host.Files.Remove($"{RootHost.Root}/{path}");
        if (id == ErrorIds.RootInitUnknown)
        {
            host.Files.Remove($"{RootHost.Root}/usr/lib/systemd/systemd");
        }

        RootFinding finding = (await host.JudgeAsync()).Single(finding => finding.Id == id);
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Contains($"apt-get install {package},", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_version_of_Xen_is_an_error_only_where_xl_goes_by_it()
    {
        RootFinding debian =
            (await new RootHost("debian-12").JudgeAsync(xen: "4.20")).Single(one => one.Id == ErrorIds.RootXenVersionDiffers);
        Assert.Equal(FindingSeverity.Error, debian.Severity);
        Assert.Contains("xen-utils-4.20", debian.Remedy, StringComparison.Ordinal);
        RootFinding fedora = (await new RootHost("fedora").JudgeAsync()).Single(one => one.Id == ErrorIds.RootXenVersionDiffers);
        Assert.Equal(FindingSeverity.Warning, fedora.Severity);
        Assert.Equal("4.19", fedora.Evidence);
        Assert.DoesNotContain(await new RootHost("fedora").JudgeAsync(xen: null), one => one.Id == ErrorIds.RootXenVersionDiffers);
    }

    [Theory]
    [InlineData("kernel/drivers/net/xen-netback/xen-netback.ko", "xen-netback", FindingSeverity.Error)]
    [InlineData("kernel/net/bridge/bridge.ko", "bridge", FindingSeverity.Error)]
    [InlineData("kernel/drivers/pci/xen-pcifront.ko", "xen-pcifront", FindingSeverity.Warning)]
    public async Task A_kernel_without_a_driver_is_named(string file, string module, object severity)
    {
        RootHost host = new("debian-12");
        host.Files.Remove($"{RootHost.Root}/usr/lib/modules/6.1.0-49-amd64/{file}");
        RootFinding finding = (await host.JudgeAsync()).Single(finding => finding.Id == ErrorIds.RootModuleMissing);
        Assert.Equal(module, finding.Part);
        Assert.Equal(severity, finding.Severity);
        Assert.Contains("6.1.0-49-amd64", finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_built_in_needs_no_loading()
    {
        IReadOnlyList<RootFinding> findings = await new RootHost("sysvinit").JudgeAsync(DriverDomainRole.Both);
        Assert.DoesNotContain(findings, finding => finding.Id is ErrorIds.RootModuleMissing or ErrorIds.RootModuleNotLoaded);
    }

    [Fact]
    public async Task Scripts_elsewhere_than_in_dom0_are_told()
    {
        RootFinding finding = (await new RootHost("sysvinit").JudgeAsync()).Single(one => one.Id == ErrorIds.RootScriptsMissing);
        Assert.Contains("/usr/local/etc/xen/scripts", finding.Cause, StringComparison.Ordinal);
        Assert.True(finding.IsSeenTo);
    }

    [Fact]
    public async Task A_disk_domain_needs_its_own_things()
    {
        IReadOnlyList<RootFinding> findings = await new RootHost("opensuse").JudgeAsync(DriverDomainRole.Disk);
        Assert.Equal("xen-blkback", findings.Single(finding => finding.Id == ErrorIds.RootModuleMissing).Part);
        Assert.DoesNotContain(findings, finding => finding.Id == ErrorIds.RootBridgeMissing);
        Assert.Contains("block", findings.Single(finding => finding.Id == ErrorIds.RootScriptsMissing).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_without_kernel_modules_or_console_is_told_so()
    {
        RootHost host = new("alpine");
        host.Files.Remove(RootHost.Root + "/lib/modules");
        IReadOnlyList<RootFinding> findings = await host.JudgeAsync();
        Assert.Equal("/lib/modules", findings.Single(finding => finding.Id == ErrorIds.RootModuleMissing).Part);
        Assert.Equal(FindingSeverity.Information, findings.Single(finding => finding.Id == ErrorIds.RootConsoleMissing).Severity);
    }
}
