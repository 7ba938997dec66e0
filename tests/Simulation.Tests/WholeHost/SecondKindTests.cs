using XenDriverDomain.Backends;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>
/// A second kind of split device beside vifs: disks that a driver domain backs are found, attached, waited for and detached by the code
/// that is there, and give it no more than what is their own.
/// </summary>
public sealed class SecondKindTests
{
    private static readonly Disks s_disks = new();
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_disk_is_attached_listed_waited_for_and_detached()
    {
        await using SimulatedHost host = new();
        (int guest, int backend) = await RunAsync(host);
        IReadOnlyList<string> before = host.Footprint();
        SplitDevice device = await AttachAsync(host, guest, backend);
        IXenStoreClient store = await host.Session.Dom0.GetXenStoreAsync(default);

        Assert.Equal(s_disks.Device(guest, 51712), device);
        Assert.Equal([device], (await DeviceReader.FindAsync(store, null, null, default)).Where(d => d.Kind == "vbd"));
        Assert.Contains("fe1 vbd 51712", (await DomainClients.OfAsync(store, backend, default)).Select(c => c.ToString()));
        DiskRecord disk = Assert.Single(await s_disks.ListAsync(store, guest, default));
        Assert.Equal(
            ("fe1", "netdd", "xvda", XenbusState.Connected, XenbusState.Connected, "connected"),
            (disk.ShownGuest, disk.ShownBackend, disk.VirtualDevice, disk.FrontendState, disk.BackendState, disk.HotplugStatus));
        Assert.Equal(disk.Device, (await WaitAsync(host, device, backend)).Device);

        await s_disks.DetachAsync(Hand(host), device, force: false, s_limit, default);

        Assert.Empty(await s_disks.ListAsync(store, default));
        Assert.Equal(before, host.Footprint());
    }

    [Fact]
    public async Task What_a_disk_lacks_is_told_in_its_own_words()
    {
        await using SimulatedHost host = new();
        (int guest, int backend) = await RunAsync(host);
        SplitDevice device = await AttachAsync(host, guest, backend);
        IXenStoreClient store = await host.Session.Dom0.GetXenStoreAsync(default);
        await store.WriteTextAsync(device.Frontend / "state", "1", default);

        XenDriverDomainException silent = await SimulatedHost.ErrorOfAsync(() => WaitAsync(host, device, backend));
        Assert.Equal("DiskFrontendSilent", silent.ErrorId);
        Assert.StartsWith(
            "The disk xvda (51712) of fe1 does not work. Its front end is Initialising.", silent.Message, StringComparison.Ordinal);

        await host.XlAsync("pause", "netdd");
        Assert.Equal("DiskBackendStopped", (await SimulatedHost.ErrorOfAsync(() => WaitAsync(host, device, backend))).ErrorId);

        await host.XlAsync("block-detach", "fe1", "51712");
        XenDriverDomainException gone = await SimulatedHost.ErrorOfAsync(() => WaitAsync(host, device, backend));
        Assert.Equal("DiskGone", gone.ErrorId);
        Assert.Contains("connect the disk again", gone.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_nobody_backs_is_cleared_away_although_xl_leaves_it()
    {
        await using SimulatedHost host = new("lab", "xl:block-detach:lie");
        (int guest, int backend) = await RunAsync(host);
        SplitDevice device = await AttachAsync(host, guest, backend);

        XenDriverDomainException left = await SimulatedHost.ErrorOfAsync(
            () => s_disks.DetachAsync(Hand(host), device, force: false, s_limit, default));
        Assert.Equal("DiskDetachIncomplete", left.ErrorId);
        Assert.StartsWith("xl block-detach left the disk xvda of fe1 half attached", left.Message, StringComparison.Ordinal);

        await host.XlAsync("destroy", "netdd");
        Assert.Equal("DiskBackendGone", (await SimulatedHost.ErrorOfAsync(() => WaitAsync(host, device, backend))).ErrorId);
        await s_disks.DetachAsync(Hand(host), device, force: false, s_limit, default);

        Assert.DoesNotContain(host.Tree(), line => line.Contains("/vbd/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_disk_that_xl_does_not_attach_is_an_error_of_its_own()
    {
        await using SimulatedHost host = new("lab", "xl:block-attach:lie");
        (int guest, int backend) = await RunAsync(host);

        XenDriverDomainException failed = await SimulatedHost.ErrorOfAsync(() => AttachAsync(host, guest, backend));

        Assert.Equal("DiskAttachFailed", failed.ErrorId);
        Assert.StartsWith("xl block-attach gave fe1 no disk xvda", failed.Message, StringComparison.Ordinal);
    }

    private static async Task<(int Guest, int Backend)> RunAsync(SimulatedHost host)
    {
        await host.StartClientAsync();
        await host.AddAsync();
        await host.NewAsync();
        return (
            (await host.Session.Domains.ResolveAsync(DomainRef.Parse("fe1"), default)).Domid,
            (await host.Session.Domains.ResolveAsync(DomainRef.Parse("netdd"), default)).Domid);
    }

    private static HostHand Hand(SimulatedHost host) => host.Session.HeardBy(new Reporting.SilentReporter()).Hand;

    private static Task<SplitDevice> AttachAsync(SimulatedHost host, int guest, int backend) => s_disks.AttachAsync(
        Hand(host),
        guest,
        "fe1",
        new WantedDevice<DiskRecord>(
            backend, ["vdev=xvda", "access=rw", $"backend={backend}", "target=/dev/vg/fe1"], "disk xvda", d => d.VirtualDevice == "xvda"),
        default);

    private static Task<DiskRecord> WaitAsync(SimulatedHost host, SplitDevice device, int backend) =>
        s_disks.WaitAsync(host.Session.Dom0, host.Session.Xl, device, backend, s_limit, default);

    // All that connecting disks would have to add for a disk.
    private sealed class Disks : AttachableKind<DiskRecord>
    {
        public override string Name => DeviceKinds.Disks.Name;

        public override string Noun => "disk";

        public override IReadOnlyList<string> Settings => DeviceKinds.Disks.Settings;

        public override string AttachCommand => "block-attach";

        public override string DetachCommand => "block-detach";

        public override DeviceErrorIds Errors { get; } = new(
            Gone: "DiskGone",
            AttachFailed: "DiskAttachFailed",
            BackendMismatch: "DiskBackendMismatch",
            NoBackendDriver: "DiskNoBackendDriver",
            DetachIncomplete: "DiskDetachIncomplete");

        public override DiskRecord Of(DeviceRecord read) => new(read);

        public override string NameOf(DiskRecord device) => $"disk {device.VirtualDevice}";

        public override string DescriptionOf(DiskRecord device) => $"{NameOf(device)} ({device.Device.Devid})";

        public override DeviceHealth ExplainEnds(DiskRecord device) =>
            device.IsCutOff ? Ill(device, VifStatus.Orphaned, "DiskBackendGone", "Its back end is gone.")
            : (device.FrontendState, device.BackendState) == (XenbusState.Connected, XenbusState.Connected)
                ? new DeviceHealth(VifStatus.Connected, null)
            : Ill(device, VifStatus.Waiting, "DiskFrontendSilent", $"Its front end is {device.FrontendState}.");

        public override DeviceHealth Explain(DiskRecord device, DomainStates states) =>
            device.BackendName is not null && DomainStop.Of(states[device.BackendDomid], device.ShownBackend) is { } stop
                ? Ill(device, VifStatus.Failed, "DiskBackendStopped", stop.Words) with { IsStandstill = true }
                : ExplainEnds(device);

        private DeviceHealth Ill(DiskRecord device, VifStatus status, string id, string cause) =>
            new(status, new Finding(id, FindingSeverity.Error, NameOf(device), cause, "Look at it."));
    }
}
