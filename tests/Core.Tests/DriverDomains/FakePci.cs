using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.DriverDomains;

/// <summary>An inventory that says what a test tells it.</summary>
internal sealed class FakePci : IPciInventory
{
    public Dictionary<PciAddress, PciDevice> Devices { get; } = [];

    public FakePci Put(string address, PciDeviceState state, int? domid = null, string? domain = null, string? driver = null)
    {
        PciAddress parsed = PciAddress.Parse(address);
        Devices[parsed] = new PciDevice { Dom0 = "test", Address = parsed, State = state, Domid = domid, Domain = domain, Driver = driver };
        return this;
    }

    public Task<IReadOnlyList<PciDevice>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PciDevice>>([.. Devices.Values]);

    public Task<IReadOnlyList<PciDevice>> ListBrieflyAsync(CancellationToken cancellationToken) => ListAsync(cancellationToken);

    public Task<PciDevice?> TryGetAsync(PciAddress address, CancellationToken cancellationToken) =>
        Task.FromResult(Devices.GetValueOrDefault(address));

    public Task<PciDevice?> TryGetAloneAsync(PciAddress address, CancellationToken cancellationToken) =>
        TryGetAsync(address, cancellationToken);

    public Task<PciDevice> GetAsync(PciAddress address, CancellationToken cancellationToken) => Task.FromResult(Devices[address]);
}
