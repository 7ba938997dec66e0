using XenDriverDomain.Checks;
using XenDriverDomain.Files;
using XenDriverDomain.Hosts;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Descriptions;
using XenDriverDomain.Simulation.Faults;

namespace XenDriverDomain.Simulation.Tests.Descriptions;

/// <summary>A simulated host of a description, with a session on it.</summary>
internal sealed class DescribedHost : IAsyncDisposable
{
    private DescribedHost(SimulatedHostOptions options)
    {
        Dom0 = SimulatedDom0.Create(options);
        Session = HostSession.Of(Dom0.CreateDom0());
    }

    public SimulatedDom0 Dom0 { get; }

    public HostSession Session { get; }

    /// <summary>One of the machines that come with the module.</summary>
    public static DescribedHost Named(string name) =>
        Of(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "machines", name + ".psd1")));

    /// <summary>The machine that a data file describes.</summary>
    public static DescribedHost Of(string text, params string[] faults) =>
        new(Read(text) is var options && faults.Length > 0 ? options with { Faults = FaultPlan.Parse(faults) } : options);

    /// <summary>What a data file describes.</summary>
    public static SimulatedHostOptions Read(string text) => MachineDescription.Read(DataFile.Read(text, "x.psd1"), "x.psd1", "x");

    /// <summary>The ids of what speaks against taking a card.</summary>
    public async Task<string[]> FindingsAsync(string address)
    {
        IReadOnlyList<PciDevice> all = await Session.Pci.ListAsync(default);
        PciAddress card = PciAddress.Parse(address);
        return [.. DeviceChecks.Check(all.Single(one => one.Address == card), all).Select(finding => finding.Id)];
    }

    /// <summary>What a program on dom0 prints.</summary>
    public string Run(string line) => Dom0.Run(line).StandardOutput;

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await Dom0.DisposeAsync();
    }
}
