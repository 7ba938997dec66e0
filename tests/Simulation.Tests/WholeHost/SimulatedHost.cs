using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Assignment;
using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Backends.Connections;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Errors;
using XenDriverDomain.Guests;
using XenDriverDomain.Hosts;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>A simulated dom0 with a session on it, and the steps of the main job.</summary>
internal sealed class SimulatedHost : IAsyncDisposable
{
    // What libxl and this product leave empty.
    private static readonly string[] s_places =
        ["/libxl = ", "/libxl/pci = ", "/local/domain/0/backend = ", "/local/domain/0/backend/pci = "];

    private readonly SilentReporter _reporter = new();

    public SimulatedHost(string host = "lab", params string[] faults)
        : this(host == "lab" ? LabHost.Create() : DefaultHost.Create(), faults)
    {
    }

    public SimulatedHost(HostDescription host, params string[] faults)
        : this(host, dom0 => dom0, faults)
    {
    }

    /// <summary>A host whose session sees other ports than the host's own.</summary>
    public SimulatedHost(HostDescription host, Func<Dom0, Dom0> wrap, params string[] faults)
    {
        Dom0 = SimulatedDom0.Create(new SimulatedHostOptions { Host = host, Faults = FaultPlan.Parse(faults) });
        Session = HostSession.Of(wrap(Dom0.CreateDom0()));
        Card = PciAddress.Parse(host.Name == "lab" ? "00:10.0" : "01:00.0");
    }

    public SimulatedDom0 Dom0 { get; }

    public HostSession Session { get; }

    /// <summary>A network card that dom0 can spare.</summary>
    public PciAddress Card { get; }

    public async Task<T> RunAsync<T>(
        Task<PlannedChange<T>> planning, IOperationReporter? reporter = null, CancellationToken cancellationToken = default)
    {
        PlannedChange<T> change = await planning;
        await change.Plan.RunAsync(Session.HeardBy(reporter ?? _reporter).Hand, cancellationToken);
        return await change.ReadBackAsync(default);
    }

    public Task<PciDevice> AddAsync(
        PciAddress? address = null, AddAssignableOptions? options = null, IOperationReporter? reporter = null) =>
        RunAsync(
            Session.HeardBy(reporter ?? _reporter).Assignments.PlanAddAsync(
                address ?? Card, options ?? new AddAssignableOptions(), default),
            reporter: reporter);

    public Task<PciDevice> GiveBackAsync(PciAddress? address = null) =>
        RunAsync(Session.HeardBy(_reporter).Assignments.PlanRemoveAsync(address ?? Card, new RemoveAssignableOptions(), default));

    public Task<DriverDomain> NewAsync(
        string commandLine = "console=hvc0 role=dd",
        TimeSpan? timeout = null,
        IOperationReporter? reporter = null,
        CancellationToken cancellationToken = default) => RunAsync(
        Session.HeardBy(reporter ?? _reporter).DriverDomains.PlanNewAsync(
            new NewDriverDomainRequest
            {
                Name = "netdd",
                PciDevice = [Card],
                MemoryMB = 384,
                Kernel = "/root/vmlinuz",
                Ramdisk = "/root/guest.gz",
                CommandLine = commandLine,
                Bridge = "xenbr0",
                Start = timeout is { } limit ? new StartOptions { Timeout = limit } : new StartOptions(),
            },
            default),
        reporter,
        cancellationToken);

    public Task<DriverDomain> StartAsync() =>
        RunAsync(Session.HeardBy(_reporter).DriverDomains.PlanStartAsync("netdd", new StartOptions(), default));

    public Task<Guest> StartClientAsync(IOperationReporter? reporter = null) => RunAsync(
        Session.HeardBy(reporter ?? _reporter).Guests.PlanStartAsync("/root/client.cfg", new GuestStartOptions(), default),
        reporter: reporter);

    public Task<GuestVif?> ConnectAsync(string bridge = "xenbr0", IOperationReporter? reporter = null) => RunAsync(
        Session.HeardBy(reporter ?? _reporter).Vifs.PlanConnectAsync(
            new ConnectVifRequest { Guest = DomainRef.Parse("fe1"), Backend = DomainRef.Parse("netdd"), Bridge = bridge },
            default),
        reporter: reporter);

    public async Task DisconnectAsync() => await RunAsync(Session.HeardBy(_reporter).Vifs.PlanDisconnectAsync(
        Assert.Single(await VifsAsync()), new DisconnectVifOptions(), default));

    public async Task<IReadOnlyList<GuestVif>> VifsAsync() => await Session.Vifs.ListAsync(default);

    public async Task StopDriverDomainAsync() =>
        await RunAsync(Session.HeardBy(_reporter).DriverDomains.PlanStopAsync(DomainRef.Parse("netdd"), new StopOptions(), default));

    public async Task RestartAsync(IOperationReporter? reporter = null) => await RunAsync(
        Session.HeardBy(reporter ?? _reporter).DriverDomains.PlanRestartAsync(
            DomainRef.Parse("netdd"), new StopOptions { Force = true }, new StartOptions(), default),
        reporter: reporter);

    public async Task RemoveDriverDomainAsync() =>
        await RunAsync(Session.HeardBy(_reporter).DriverDomains.PlanRemoveAsync("netdd", new StopOptions(), default));

    public async Task StopClientAsync() =>
        await RunAsync(Session.HeardBy(_reporter).Guests.PlanStopAsync(DomainRef.Parse("fe1"), new StopOptions(), default));

    /// <summary>Brings the host to where the client's packets leave through the card.</summary>
    public async Task ServeAsync()
    {
        await StartClientAsync();
        await AddAsync();
        await NewAsync();
        await ConnectAsync();
        await WaitForTrafficAsync();
    }

    /// <summary>Waits until the client's count grows.</summary>
    public async Task WaitForTrafficAsync()
    {
        IXenStoreClient store = await Session.Dom0.GetXenStoreAsync(default);
        DomainInfo guest = await Session.Domains.ResolveAsync(DomainRef.Parse("fe1"), default);
        XenStorePath node = XenStorePath.Parse($"/local/domain/{guest.Domid}/data/traffic");
        int? first = null;
        object? grown = await store.WaitUntilAsync<object>(
            [node.ToString()],
            async token =>
            {
                string? text = await store.TryReadTextAsync(node, token);
                if (text?.StartsWith("ok ", StringComparison.Ordinal) != true)
                {
                    return null;
                }

                int count = int.Parse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture);
                first ??= count;
                return count > first ? this : null;
            },
            TimeSpan.FromSeconds(30),
            Session.Dom0.Time,
            default);
        Assert.NotNull(grown);
    }

    /// <summary>All that xenstore holds, a line a node.</summary>
    public IReadOnlyList<string> Tree()
    {
        List<string> lines = [];
        Add(string.Empty);
        return lines;

        void Add(string path)
        {
            foreach (string child in Dom0.Store.List(0, path.Length == 0 ? "/" : path) ?? [])
            {
                lines.Add($"{path}/{child} = {Dom0.Store.Read(0, $"{path}/{child}")}");
                Add($"{path}/{child}");
            }
        }
    }

    /// <summary>What a change can touch: xenstore (but for places that are empty), drivers, pciback's list, our files.</summary>
    public IReadOnlyList<string> Footprint() =>
    [
        .. Tree().Where(line => !s_places.Contains(line)).Order(StringComparer.Ordinal),
        .. Dom0.Machine.Functions.Select(f => $"{f.Address} {f.Driver} {f.Override} {f.Domid} {f.IsQuarantined}"),
        Dom0.Machine.Files.Text("/sys/bus/pci/drivers/pciback/slots") ?? "no pciback",
        Dom0.Machine.Files.Exists("/etc/xen/driver-domains/netdd.cfg") ? "a file" : "no file",
    ];

    public async Task<CommandResult> XlAsync(params string[] arguments) => await Dom0.RunAsync("xl", arguments);

    /// <summary>The error of work that must fail; that of the step when a change failed and was undone.</summary>
    public static async Task<XenDriverDomainException> ErrorOfAsync(Func<Task> work) =>
        await Assert.ThrowsAnyAsync<XenDriverDomainException>(work);

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await Dom0.DisposeAsync();
    }
}
