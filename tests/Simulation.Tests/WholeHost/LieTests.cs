using XenDriverDomain.Assignment;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Backends;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>Programs that do nothing and report success: no change believes them.</summary>
public sealed class LieTests
{
    private static readonly AtBootOptions s_grub = new() { BootLoader = BootLoader.Grub2 };

    [Fact]
    public async Task AQuarantineOfWhichXlSaidNothingIsNotTakenForGranted()
    {
        await using SimulatedHost host = new("lab", "xl:pci-assignable-add:lie");
        Told told = new();
        PlannedChange<PciDevice> change = await host.Session.HeardBy(told).Assignments.PlanAddAsync(
            host.Card, new AddAssignableOptions(), default);

        await change.Plan.RunAsync(host.Session.HeardBy(told).Hand, default);

        Assert.Contains("Whether Xen keeps it in quarantine could not be seen", Assert.Single(told.Warnings), StringComparison.Ordinal);
        Assert.False(host.Dom0.Machine.Functions.Single(f => f.Address == host.Card).IsQuarantined);
    }

    [Fact]
    public async Task ACardThatXlDidNotReleaseIsNotTakenFromPcibackBehindXensBack()
    {
        await using SimulatedHost host = new("lab", "xl:pci-assignable-remove:1:lie");
        await host.AddAsync();
        IReadOnlyList<string> before = host.Footprint();

        Assert.Equal(ErrorIds.PciReleaseFailed, (await SimulatedHost.ErrorOfAsync(() => host.GiveBackAsync())).ErrorId);

        Assert.Equal(before, host.Footprint());
        Assert.Equal(PciDeviceState.Host, (await host.GiveBackAsync()).State);
    }

    [Fact]
    public async Task ADomainThatXlDidNotCreateIsNotThere()
    {
        await using SimulatedHost host = new("lab", "xl:create:1:lie");
        await host.AddAsync();
        IReadOnlyList<string> before = host.Footprint();

        Assert.Equal(ErrorIds.DomainCreateFailed, (await SimulatedHost.ErrorOfAsync(() => host.NewAsync())).ErrorId);

        Assert.Equal(before, host.Footprint());
    }

    [Fact]
    public async Task ADomainThatXlDidNotDestroyStays()
    {
        await using SimulatedHost host = new("lab", "xl:destroy:lie");
        await host.StartClientAsync();
        await host.XlAsync("pause", "fe1");

        Assert.Equal(
            ErrorIds.DomainDestroyFailed,
            (await SimulatedHost.ErrorOfAsync(() => host.RunAsync(host.Session.Guests.PlanStopAsync(
                DomainRef.Parse("fe1"), new StopOptions { Force = true }, default)))).ErrorId);
    }

    [Fact]
    public async Task AVifThatXlDidNotAttachIsNotThere()
    {
        await using SimulatedHost host = new("lab", "xl:network-attach:lie");
        await host.StartClientAsync();
        await host.AddAsync();
        await host.NewAsync();

        Assert.Equal(ErrorIds.VifAttachFailed, (await SimulatedHost.ErrorOfAsync(() => host.ConnectAsync())).ErrorId);
    }

    [Fact]
    public async Task AVifThatXlDidNotDetachIsNotGone()
    {
        await using SimulatedHost host = new("lab", "xl:network-detach:lie");
        await host.ServeAsync();

        Assert.Equal(ErrorIds.VifDetachIncomplete, (await SimulatedHost.ErrorOfAsync(host.DisconnectAsync)).ErrorId);

        Assert.Equal(VifStatus.Connected, Assert.Single(await host.VifsAsync()).Status);
    }

    [Fact]
    public async Task ADriverThatModprobeDidNotLoadIsMissing()
    {
        await using SimulatedHost host = new("lab", "no-pciback", "modprobe::lie");

        Assert.Equal(
            ErrorIds.PcibackNotLoaded,
            (await SimulatedHost.ErrorOfAsync(() => host.AddAsync(options: new AddAssignableOptions { LoadDriver = true }))).ErrorId);
    }

    [Theory]
    [InlineData("update-grub::1:lie", ErrorIds.BootConfigNotVerified)]
    [InlineData("update-initramfs::1:lie", ErrorIds.BootConfigNotVerified)]
    [InlineData("cp::1:lie", ErrorIds.HostFileFailed)]
    public async Task BootFilesThatWereNotMadeOrKeptAreFoundOut(string fault, string errorId)
    {
        await using SimulatedHost host = new("default", fault);
        string? before = host.Dom0.Machine.Files.Text("/etc/default/grub");

        Assert.Equal(errorId, (await SimulatedHost.ErrorOfAsync(() => AtBootAsync(host))).ErrorId);

        Assert.Equal(before, host.Dom0.Machine.Files.Text("/etc/default/grub"));
        Assert.DoesNotContain("hide", host.Dom0.Machine.Files.Text("/boot/grub/grub.cfg"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BootFilesThatSayItAlreadyAreNoProofThatTheBootLoaderReadsIt()
    {
        await using SimulatedHost host = new("default");
        string? made = host.Dom0.Machine.Files.Text("/boot/grub/grub.cfg");
        await AtBootAsync(host);

        // As a run leaves it that was killed before update-grub.
        host.Dom0.WriteFile("/boot/grub/grub.cfg", made!);
        Assert.Equal(PciNextBootState.Assignable, Assert.Single(await AtBootAsync(host)).StateAtNextBoot);

        Assert.Contains("xen-pciback.hide=(0000:01:00.0)", host.Dom0.Machine.Files.Text("/boot/grub/grub.cfg"), StringComparison.Ordinal);
        Assert.True((await host.Session.AtBoot.PlanAddAsync([host.Card], s_grub, default)).Plan.IsEmpty);
    }

    [Theory]
    [InlineData("default", "systemctl:enable:1:lie")]
    [InlineData("lab", "update-rc.d::1:lie")]
    [InlineData("lab", "chmod::1:lie")]
    public async Task APolicyThatIsNotRunAtBootIsNotSet(string name, string fault)
    {
        await using SimulatedHost host = new(name, fault);
        if (name == "lab")
        {
            host.Dom0.Machine.Files.Remove("/run/systemd/system");
            host.Dom0.Machine.Files.MakeDirectory("/etc/init.d");
        }

        IReadOnlyList<PciPolicyRule> rules = [PciPolicyRule.Parse("permissive 8086:10d3")];

        Assert.Equal(
            ErrorIds.PciPolicyNotEnabled,
            (await SimulatedHost.ErrorOfAsync(() => host.RunAsync(host.Session.Policies.PlanSetAsync(rules, default)))).ErrorId);

        await host.RunAsync(host.Session.Policies.PlanSetAsync(rules, default));
    }

    private static Task<IReadOnlyList<PciDevice>> AtBootAsync(SimulatedHost host) =>
        host.RunAsync(host.Session.AtBoot.PlanAddAsync([host.Card], s_grub, default));
}
