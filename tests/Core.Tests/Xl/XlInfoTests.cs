using XenDriverDomain.Xl;

namespace XenDriverDomain.Tests.Xl;

public class XlInfoTests
{
    // Printed by xl 4.17.7 on a host without an IOMMU.
    private const string Output = """
        host                   : dom0
        release                : 6.1.0-56-amd64
        version                : #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)
        machine                : x86_64
        nr_cpus                : 2
        hw_caps                : 1fcbf3fd:f6d8320b:ec500800:00000077:00000005:018843a9:0000020c:00000000
        virt_caps              : pv hvm hap gnttab-v1 gnttab-v2
        total_memory           : 4095
        free_memory            : 2852
        xen_major              : 4
        xen_minor              : 17
        xen_extra              : .7
        xen_version            : 4.17.7
        xen_caps               : xen-3.0-x86_64 hvm-3.0-x86_32 hvm-3.0-x86_32p hvm-3.0-x86_64 
        xen_changeset          : 
        xen_commandline        : console=com1 com1=115200,8n1 dom0_mem=1200M,max:1200M dom0_max_vcpus=1 iommu=verbose
        cc_compile_date        : Wed Nov  4 16:52:28 UTC 2026
        """;

    [Fact]
    public void A_hosts_description_is_read()
    {
        XlInfo info = XlInfo.Parse(Output);

        Assert.Equal("dom0", info.Host);
        Assert.Equal("6.1.0-56-amd64", info.KernelRelease);
        Assert.Equal(2, info.CpuCount);
        Assert.Equal(4095, info.TotalMemoryMB);
        Assert.Equal(2852, info.FreeMemoryMB);
        Assert.Equal("4.17.7", info.XenVersion);
        Assert.Equal(new Version(4, 17), info.Version);
        Assert.Equal("console=com1 com1=115200,8n1 dom0_mem=1200M,max:1200M dom0_max_vcpus=1 iommu=verbose", info.XenCommandLine);
        Assert.Equal("Wed Nov  4 16:52:28 UTC 2026", info.Values["cc_compile_date"]);
    }

    [Theory]
    [InlineData("pv hvm hap gnttab-v1 gnttab-v2", false)]
    [InlineData("pv hvm hvm_directio pv_directio gnttab-v1 gnttab-v2", true)]
    [InlineData("hvm hvm_directio", true)]
    public void An_iommu_shows_in_the_capabilities(string capabilities, bool expected) =>
        Assert.Equal(expected, XlInfo.Parse($"virt_caps              : {capabilities}\n").HasIommu);

    [Fact]
    public void What_is_not_printed_is_unknown()
    {
        XlInfo info = XlInfo.Parse("free_memory : lots\nno colon here\n");
        Assert.Null(info.FreeMemoryMB);
        Assert.Null(info.Version);
        Assert.False(info.HasIommu);
    }
}
