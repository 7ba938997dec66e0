using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Errors;
using XenDriverDomain.Simulation.Faults;

namespace XenDriverDomain.Simulation.Tests.Faults;

public sealed class FaultPlanTests
{
    [Theory]
    [InlineData("write:/sys/bus/pci/drivers/pciback/bind:1:EBUSY")]
    [InlineData("write:/sys/bus/pci/devices/0000:03:00.0/driver_override:EINVAL")]
    [InlineData("xl:create:hang")]
    [InlineData("modprobe::lie")]
    [InlineData("xl:network-attach:2:lie")]
    [InlineData("xl:pci-assignable-add 0000:03:00.0:2:die")]
    [InlineData("xl:create:fail=3 libxl: error: libxl_create.c:1: out of memory")]
    [InlineData("modprobe:xen-pciback:fail=1")]
    [InlineData("xenstore:drop:20")]
    [InlineData("stale:0000:03:00.0:7")]
    [InlineData("no-pciback")]
    [InlineData("no-iommu")]
    public void AFaultIsReadAndWrittenTheSame(string text) =>
        Assert.Equal(text, Assert.Single(FaultPlan.Parse(text).Faults).ToString());

    [Fact]
    public void ColonsInAddressesAreNoSeparators()
    {
        Assert.Equal(
            new WriteFault("/sys/bus/pci/devices/0000:03:00.0/reset", 2, Errno.ENODEV),
            Assert.Single(FaultPlan.Parse("write:/sys/bus/pci/devices/0000:03:00.0/reset:2:ENODEV").Faults));
        Assert.Equal(new StaleRecordFault(PciAddress.Parse("03:00.0"), 7), Assert.Single(FaultPlan.Parse("stale:03:00.0:7").Faults));
    }

    [Theory]
    [InlineData("", "none of")]
    [InlineData("no-iomu", "none of")]
    [InlineData("write:/sys/x:0:EBUSY", "counted from 1")]
    [InlineData("write:/sys/x:1:EWHATEVER", "no error number")]
    [InlineData("write:/sys/x:1:16", "no error number")]
    [InlineData("write:sys:EBUSY", "must begin with /")]
    [InlineData("write:EBUSY", "a part is missing")]
    [InlineData("xl:create:explode", "hang, fail")]
    [InlineData("xl:create:fail=300", "exit code")]
    [InlineData("xl:hang", "a part is missing")]
    [InlineData("my xl:create:hang", "no program's name")]
    [InlineData("xenstore:drop:soon", "number of requests")]
    [InlineData("stale:0000:03:00.0:0", "a domid above 0")]
    [InlineData("stale:nonsense:7", "PCI function")]
    public void AMalformedFaultSaysTheRuleAndTheRemedy(string text, string rule)
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => FaultPlan.Parse(text));
        Assert.Equal(SimulationErrorIds.SimulationFaultMalformed, error.ErrorId);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public void OnlyTheNthMatchingWriteFails()
    {
        FaultInjector faults = new(FaultPlan.Parse("write:/sys/*/bind:2:EBUSY"));
        Assert.Null(faults.OnWrite("/sys/bus/pci/drivers/pciback/bind"));
        Assert.Null(faults.OnWrite("/sys/bus/pci/drivers/pciback/unbind/x"));
        Assert.Equal(Errno.EBUSY, faults.OnWrite("/sys/bus/pci/drivers/e1000e/bind"));
        Assert.Null(faults.OnWrite("/sys/bus/pci/drivers/e1000e/bind"));
    }

    [Fact]
    public void ACommandIsMeantByItsFirstWords()
    {
        FaultInjector faults = new(FaultPlan.Parse("xl:create:hang"));
        Assert.Null(faults.OnRun("xl", ["list"]));
        Assert.Null(faults.OnRun("xl", ["created"]));
        Assert.Null(faults.OnRun("modprobe", ["create"]));
        Assert.Equal(new ProgramFault(null, AfterWork: false), faults.OnRun("xl", ["create", "/etc/xen/a.cfg"]));
    }

    [Fact]
    public void XenstoredDropsTheConnectionOnce()
    {
        FaultInjector faults = new(FaultPlan.Parse("xenstore:drop:2"));
        Assert.Equal([false, false, true, false], Enumerable.Range(0, 4).Select(_ => faults.OnStoreRequest()));
    }
}
