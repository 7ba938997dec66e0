using XenDriverDomain.Assignment;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

public class PolicyTests
{
    private const string File = "/etc/xen/driver-domains/pci-policy.conf";
    private static readonly SilentReporter s_reporter = new();

    [Fact]
    public async Task A_policy_is_kept_applied_and_removed_without_a_trace()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        string[] before = Files(host);

        IReadOnlyList<PciPolicyEntry> set = await SetAsync(host, "permissive 8086:10d3", "quirk 0000:00:10.0 78:4:0");
        Assert.All(set, entry => Assert.Contains(host.Card, entry.InEffect));
        Assert.True(host.Dom0.Machine.Files.Exists("/etc/systemd/system/multi-user.target.wants/xen-pci-policy.service"));
        Assert.True((await host.Session.Pci.GetAsync(host.Card, default)).IsPermissive);

        await host.GiveBackAsync();
        Assert.All(await host.Session.Policies.GetAsync(default), entry => Assert.Empty(entry.InEffect));
        Assert.True((await host.AddAsync()).IsPermissive);
        Assert.All(await host.Session.Policies.GetAsync(default), entry => Assert.Contains(host.Card, entry.InEffect));

        Assert.Empty(await SetAsync(host));
        Assert.Equal(before, Files(host));
    }

    [Fact]
    public async Task Setting_what_is_set_plans_nothing()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await SetAsync(host, "permissive 8086:10d3");
        Assert.True((await PlanAsync(host, "permissive 8086:10d3")).Plan.IsEmpty);
    }

    [Theory]
    [InlineData("systemctl:enable:1:fail", ErrorIds.PciPolicyNotEnabled)]
    [InlineData("write:/sys/bus/pci/drivers/pciback/permissive:1:EINVAL", ErrorIds.PciPermissiveFailed)]
    [InlineData("write:/sys/bus/pci/drivers/pciback/quirks:1:EINVAL", ErrorIds.PciQuirkFailed)]
    public async Task A_failure_takes_the_files_back(string fault, string errorId)
    {
        await using SimulatedHost host = new("lab", fault);
        await host.AddAsync();
        string[] before = Files(host);
        XenDriverDomainException error = await Assert.ThrowsAnyAsync<XenDriverDomainException>(
            () => SetAsync(host, "permissive 8086:10d3", "quirk 0000:00:10.0 78:4:0"));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal(before, Files(host));
    }

    [Fact]
    public async Task A_policy_that_cannot_be_read_keeps_nobody_from_assigning()
    {
        await using SimulatedHost host = new();
        host.Dom0.Machine.Files.Put(File, "permissive 8086:10d3\nnonsense\n");
        PciDevice device = await host.AddAsync();
        Assert.Equal((PciDeviceState.Assignable, false), (device.State, device.IsPermissive));
        Assert.Equal(
            ErrorIds.PciPolicyRuleMalformed,
            (await Assert.ThrowsAnyAsync<XenDriverDomainException>(() => host.Session.Policies.GetAsync(default))).ErrorId);
    }

    [Fact]
    public async Task A_permissive_that_fails_gives_the_device_back()
    {
        await using SimulatedHost host = new("lab", "write:/sys/bus/pci/drivers/pciback/permissive:1:EINVAL");
        await Assert.ThrowsAnyAsync<XenDriverDomainException>(() => host.AddAsync(options: new AddAssignableOptions { Permissive = true }));
        Assert.Equal(PciDeviceState.Host, (await host.Session.Pci.GetAsync(host.Card, default)).State);
        Assert.True((await host.AddAsync(options: new AddAssignableOptions { Permissive = true })).IsPermissive);
    }

    private static Task<PlannedChange<IReadOnlyList<PciPolicyEntry>>> PlanAsync(SimulatedHost host, params string[] rules) =>
        host.Session.Policies.PlanSetAsync([.. rules.Select(PciPolicyRule.Parse)], s_reporter, default);

    private static Task<IReadOnlyList<PciPolicyEntry>> SetAsync(SimulatedHost host, params string[] rules) => host.RunAsync(PlanAsync(host, rules));

    private static string[] Files(SimulatedHost host) =>
    [
        .. new[] { "/etc/xen/driver-domains", "/etc/udev/rules.d", "/etc/systemd/system", "/etc/systemd/system/multi-user.target.wants" }
            .Where(host.Dom0.Machine.Files.Exists).SelectMany(host.Dom0.Machine.Files.Names)
            .Where(name => name.Contains("polic", StringComparison.Ordinal)),
    ];
}
