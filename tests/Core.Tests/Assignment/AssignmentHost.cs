using XenDriverDomain.Access;
using XenDriverDomain.Assignment;
using XenDriverDomain.Changes;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Machine;
using XenDriverDomain.Tests.Support;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Tests.Assignment;

/// <summary>The simulated host of the lab, with the operations that take a card and give it back, and counted ports below them.</summary>
internal sealed class AssignmentHost : IAsyncDisposable
{
    public const string Nic = "0000:00:10.0";
    public static readonly PciAddress NicAddress = PciAddress.Parse(Nic);
    public const string Key = "/libxl/pci/0000-00-10-0";
    private const string Pciback = "/sys/bus/pci/drivers/pciback";

    public AssignmentHost(params string[] faults)
        : this(LabHost.Create(), faults)
    {
    }

    public AssignmentHost(HostDescription host, params string[] faults)
    {
        Simulation = SimulatedDom0.Create(new SimulatedHostOptions { Id = "dom0", Host = host, Faults = FaultPlan.Parse(faults) });
        Ports = new WatchedPorts(Simulation.CreateDom0());
        Xl = new XlTool(Dom0);
        Dom0.Reporter.Listen(Reporter);
        Assignments = new PciAssignments(Dom0, new PciInventory(Dom0), Xl);
    }

    /// <summary>The host without the ports.</summary>
    public SimulatedDom0 Simulation { get; }

    public SimulatedMachine Machine => Simulation.Machine;

    public StoreAtHand Store => new(Simulation.Store);

    public WatchedPorts Ports { get; }

    public XlTool Xl { get; }

    public Dom0 Dom0 => Ports.Dom0;

    public PciAssignments Assignments { get; }

    public RecordingReporter Reporter { get; } = new();

    public HostHand Hand => new(Dom0, Xl);

    /// <summary>The addresses in pciback's list.</summary>
    public IReadOnlyList<string> Slots => Machine.Files.Text($"{Pciback}/slots")?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The functions in Xen's quarantine.</summary>
    public IReadOnlyList<string> Quarantined => [.. Machine.Functions.Where(f => f.IsQuarantined).Select(f => f.Address.ToString())];

    /// <summary>All that the outside can see of the host.</summary>
    public string State => string.Join(
        '\n',
        [
            .. Machine.Functions.Select(
                f => $"{f.Address} driver={f.Driver} override={f.Override} domid={f.Domid} quarantined={f.IsQuarantined}"),
            "slots=" + string.Join(' ', Slots),
            .. Store.Dump("/libxl").Where(n => n.Key is not ("/libxl" or "/libxl/pci")).Select(n => $"{n.Key}={n.Value}"),
        ]);

    public string? DriverOf(string address) => Machine.Find(PciAddress.Parse(address))!.Driver;

    public async Task<PciDevice> AddAsync(AddAssignableOptions? options = null, string address = Nic)
    {
        PlannedChange<PciDevice> change = await PlanAddAsync(options, address);
        await change.Plan.RunAsync(Hand, default);
        return await change.ReadBackAsync(default);
    }

    public Task<PlannedChange<PciDevice>> PlanAddAsync(AddAssignableOptions? options = null, string address = Nic) =>
        Assignments.PlanAddAsync(PciAddress.Parse(address), options ?? new AddAssignableOptions(), default);

    public async Task<PciDevice> RemoveAsync(bool noRebind = false, string address = Nic)
    {
        PlannedChange<PciDevice> change = await PlanRemoveAsync(noRebind, address);
        await change.Plan.RunAsync(Hand, default);
        return await change.ReadBackAsync(default);
    }

    public Task<PlannedChange<PciDevice>> PlanRemoveAsync(bool noRebind = false, string address = Nic) =>
        Assignments.PlanRemoveAsync(
            PciAddress.Parse(address), new RemoveAssignableOptions { NoRebind = noRebind }, default);

    /// <summary>Starts a domain that gets the card: netdd, the first domain of the host.</summary>
    public async Task GiveAwayAsync() => await RunAsync("xl", "create", "/root/netdd.cfg");

    /// <summary>Takes the card from its driver, as a shell would.</summary>
    public void Unbind(string address = Nic) => Simulation.WriteFile($"/sys/bus/pci/devices/{address}/driver/unbind", address);

    /// <summary>Says which driver alone may have the card.</summary>
    public void Override(string driver, string address = Nic) =>
        Simulation.WriteFile($"/sys/bus/pci/devices/{address}/driver_override", driver);

    /// <summary>Binds the card to a driver.</summary>
    public void Bind(string driver, string address = Nic) => Simulation.WriteFile($"/sys/bus/pci/drivers/{driver}/bind", address);

    /// <summary>Puts the card on pciback's list.</summary>
    public void NewSlot(string address = Nic) => Simulation.WriteFile($"{Pciback}/new_slot", address);

    /// <summary>Runs a program on the host, beside the session.</summary>
    public async Task RunAsync(string program, params string[] arguments)
    {
        CommandResult result = await Simulation.RunAsync(program, arguments);
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {result.StandardError}");
    }

    public async ValueTask DisposeAsync()
    {
        await Dom0.DisposeAsync();
        await Simulation.DisposeAsync();
    }
}
