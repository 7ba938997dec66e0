using XenDriverDomain.Checks;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Checks;

public class HostChecksTests
{
    private static readonly HostSituation s_dom0 = new() { UserId = 0, IsControlDomain = true, HasPciback = true };

    [Fact]
    public void Root_in_dom0_has_all_rights() => Assert.Empty(HostChecks.CheckRights("xen1", s_dom0));

    [Fact]
    public void What_the_kernel_does_not_tell_is_no_refusal() =>
        Assert.Empty(HostChecks.CheckRights("xen1", s_dom0 with { IsControlDomain = null, UserId = null }));

    [Fact]
    public void A_guest_or_a_machine_without_Xen_is_refused()
    {
        Finding finding = Assert.Single(HostChecks.CheckRights("xen1", s_dom0 with { IsControlDomain = false }));

        Assert.Equal(
            (ErrorIds.NotControlDomain, FindingSeverity.Error, "/proc/xen/capabilities"), (finding.Id, finding.Severity, finding.Evidence));
        Assert.StartsWith("xen1 is not the control domain", finding.Cause, StringComparison.Ordinal);
        Assert.Contains("Connect-XenDom0", finding.Remedy, StringComparison.Ordinal);
        Assert.False(finding.YieldsToForce);
    }

    [Fact]
    public void A_user_who_is_not_root_is_refused_with_his_id()
    {
        Finding finding = Assert.Single(HostChecks.CheckRights("xen1", s_dom0 with { UserId = 1000 }));

        Assert.Equal(
            (ErrorIds.NotRoot, FindingSeverity.Error, ErrorKind.PermissionDenied, "/proc/self/status: Uid 1000"),
            (finding.Id, finding.Severity, finding.Kind, finding.Evidence));
        Assert.Contains("user id 1000", finding.Cause, StringComparison.Ordinal);
        Assert.Contains("-UserName root", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pciback_that_is_there_need_not_be_loaded(bool canLoad) =>
        Assert.Empty(HostChecks.CheckPciback("xen1", s_dom0 with { Hide = "(00:1" }, canLoad));

    [Fact]
    public void A_pciback_that_may_be_loaded_is_no_matter() =>
        Assert.Empty(HostChecks.CheckPciback("xen1", s_dom0 with { HasPciback = false }, canLoad: true));

    [Fact]
    public void A_pciback_that_nobody_may_load_is_refused()
    {
        Finding finding = Assert.Single(HostChecks.CheckPciback("xen1", s_dom0 with { HasPciback = false }, canLoad: false));

        Assert.Equal(
            (ErrorIds.PcibackNotLoaded, FindingSeverity.Error, ErrorKind.NotInstalled), (finding.Id, finding.Severity, finding.Kind));
        Assert.Contains("/sys/bus/pci/drivers/pciback", finding.Evidence, StringComparison.Ordinal);
        Assert.Equal("The pciback driver is not loaded on xen1.", finding.Cause);
        Assert.Contains("-LoadDriver", finding.Remedy, StringComparison.Ordinal);
    }

    // Loading it would fail for the same reason.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pciback_that_cannot_read_its_parameter_is_refused_with_the_element(bool canLoad)
    {
        HostSituation host = s_dom0 with { HasPciback = false, Hide = "(00:10.0)(00:1f.9)" };

        Finding finding = Assert.Single(HostChecks.CheckPciback("xen1", host, canLoad));

        Assert.Equal(
            (ErrorIds.PcibackHideMalformed, FindingSeverity.Error, "hide=(00:10.0)(00:1f.9)"),
            (finding.Id, finding.Severity, finding.Evidence));
        Assert.Contains("cannot read '(00:1f.9)'", finding.Cause, StringComparison.Ordinal);
        Assert.Contains("Get-XenPciAssignable -AtBoot", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(null)]
    public void An_IOMMU_or_not_knowing_of_one_is_no_refusal(bool? hasIommu) => Assert.Empty(HostChecks.CheckIommu("xen1", hasIommu));

    [Fact]
    public void No_IOMMU_is_refused_whatever_is_forced()
    {
        Finding finding = Assert.Single(HostChecks.CheckIommu("xen1", hasIommu: false));

        Assert.Equal(
            (ErrorIds.NoIommu, FindingSeverity.Error, ErrorKind.NotSupported, false),
            (finding.Id, finding.Severity, finding.Kind, finding.YieldsToForce));
        Assert.Contains("virt_caps", finding.Evidence, StringComparison.Ordinal);
        Assert.StartsWith("Xen uses no IOMMU on xen1", finding.Cause, StringComparison.Ordinal);
        Assert.Contains("iommu=0", finding.Remedy, StringComparison.Ordinal);
    }
}
