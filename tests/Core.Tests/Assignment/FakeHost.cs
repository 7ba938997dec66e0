using XenDriverDomain.Access;
using XenDriverDomain.Assignment;
using XenDriverDomain.Changes;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Tests.Support;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.Assignment;

/// <summary>A host with a few devices, whose kernel, xenstore and xl are fakes and whose inventory is the real one.</summary>
internal sealed class FakeHost : IDom0Commands, IXenStoreTransport
{
    public const string Nic = "0000:00:10.0";
    public static readonly PciAddress NicAddress = PciAddress.Parse(Nic);
    public const string Key = "/libxl/pci/0000-00-10-0";

    public FakeHost(bool pcibackLoaded = true)
    {
        Kernel = new FakePciback(Sabotage, pcibackLoaded);
        Xl = new FakeXl(Kernel, Store, Sabotage);
        Store["/local/domain/0/name"] = "Domain-0";
        Store.Fault = (operation, path) =>
        {
            if (operation is "write" or "rm" or "mkdir" && Sabotage.Strikes($"{operation} {path}"))
            {
                throw new XenStoreException(operation, path, "EIO");
            }
        };
        Kernel.AddDriver("e1000e").AddDriver("ahci").AddDriver("vfio-pci").AddDriver("pcieport")
            .AddDevice("0000:00:00.0", null, "0x060000", express: false)
            .AddDevice(Nic, "e1000e")
            .AddDevice("0000:00:16.0", "pcieport", "0x060400");
        Dom0 = new Dom0("dom0", Kernel.Files, this, this, (_, _) => ValueTask.FromResult<IXenStoreClient>(Store), TimeProvider.System);
        Dom0.Reporter.Listen(Reporter);
        Assignments = new PciAssignments(Dom0, new PciInventory(Dom0), Xl);
    }

    public Sabotage Sabotage { get; } = new();

    public FakePciback Kernel { get; }

    public FakeXenStore Store { get; } = new();

    public FakeXl Xl { get; }

    public Dom0 Dom0 { get; }

    public PciAssignments Assignments { get; }

    public RecordingReporter Reporter { get; } = new();

    public HostHand Hand => new(Dom0, Xl);

    /// <summary>What modprobe does; its exit code.</summary>
    public Func<string, int>? OnModprobe { get; set; }

    /// <summary>All that the outside can see of the host.</summary>
    public string State => string.Join(
        '\n',
        [Kernel.Describe(), "quarantined=" + string.Join(' ', Xl.Quarantined), .. Store.Dump("/libxl").Select(n => $"{n.Key}={n.Value}")]);

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

    /// <summary>Plays a running guest that has the device.</summary>
    public void GiveTo(int domid, string name, string address = Nic)
    {
        Store[$"/local/domain/{domid}/name"] = name;
        Store.Introduced.Add(domid);
        Store[$"/libxl/pci/{PciAddress.Parse(address).XenStoreKey}/domid"] = $"{domid}";
        Xl.Quarantined.Remove(address);
        Xl.InUse.Add(address);
    }

    /// <summary>Runs a command of xl's own.</summary>
    public async Task XlAsync(params string[] arguments) => Assert.Equal(0, (await Xl.RunAsync(arguments, null, default)).ExitCode);

    ValueTask<CommandResult> IDom0Commands.RunAsync(CommandRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(request.Program == "modprobe" && OnModprobe is { } modprobe
            ? new CommandResult(modprobe(string.Join(' ', request.Arguments)), string.Empty, "modprobe: FATAL: no such module")
            : new CommandResult(1, string.Empty, string.Empty));

    ValueTask<IXenStoreChannel> IXenStoreTransport.OpenAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
