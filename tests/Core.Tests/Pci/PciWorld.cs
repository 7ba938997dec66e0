using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.Tests.Support;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.Pci;

/// <summary>A dom0 of a recorded tree, with a xenstore and the programs that the inventory asks.</summary>
internal sealed class PciWorld : IXenStoreTransport, IOperationReporter
{
    private bool _hasXenStore = true;

    public PciWorld(string recording)
    {
        Files = Recording.Load(recording);
        Files.Put("/usr/share/misc/pci.ids", Recording.Text("pci.ids"));
        if (Files.Text("/recorded/ip-o-addr") is { } addresses)
        {
            Commands.On("ip", addresses);
        }

        Dom0 = new Dom0(
            "dom0.example",
            Files,
            Commands,
            this,
            (_, _) => _hasXenStore
                ? Store.ConnectAsync()
                : throw new XenDriverDomainException("XenStoreUnavailable", ErrorKind.NotInstalled, "No xenstored.", "Start it."),
            TimeProvider.System);
        Inventory = new PciInventory(Dom0);
        Dom0.Reporter.Listen(this);
    }

    public MemoryFiles Files { get; }

    public ScriptedCommands Commands { get; } = new();

    public StoreAtHand Store { get; } = new();

    public Dom0 Dom0 { get; }

    public PciInventory Inventory { get; }

    public List<string> Warnings { get; } = [];

    public PciWorld WithoutXenStore()
    {
        _hasXenStore = false;
        return this;
    }

    /// <summary>Lets a domain run.</summary>
    public PciWorld Domain(int domid, string name)
    {
        Store.Domain(domid, name);
        return this;
    }

    public Task<IReadOnlyList<PciDevice>> ListAsync() => Inventory.ListAsync(CancellationToken.None);

    public Task<PciDevice> GetAsync(string address) => Inventory.GetAsync(PciAddress.Parse(address), CancellationToken.None);

    /// <summary>What dom0 uses a function for, as a table shows it; an exclamation mark for what is vital.</summary>
    public async Task<IReadOnlyList<string>> UsesAsync(string address) =>
        [.. (await GetAsync(address)).UsedBy.Select(use => use.IsVital ? $"{use}!" : use.ToString())];

    public ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Verbose(string message)
    {
    }

    public void Debug(string message)
    {
    }

    public void Warning(string message) => Warnings.Add(message);

    public void Progress(string activity, string status, int percent)
    {
    }
}
