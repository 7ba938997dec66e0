using BenchmarkDotNet.Attributes;
using XenDriverDomain.Access;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Bench;

/// <summary>
/// A listing of a host with 4,096 functions more than the lab's, out of answers that are there already. The peer reads no meaning.
/// </summary>
[MemoryDiagnoser]
public class InventoryBenchmarks
{
    private const int Functions = 4096;
    private const int PerBus = 256;
    private SimulatedDom0? _host;
    private RememberedFiles? _files;
    private PciInventory? _inventory;

    /// <summary>Makes the host, and asks it once.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        HostDescription lab = LabHost.Create();
        FunctionDescription model =
            lab.Functions.Single(function => function.Address == PciAddress.Parse("00:11.0")) with { Children = [] };
        _host = SimulatedDom0.Create(new SimulatedHostOptions
        {
            Host = lab with
            {
                Functions =
                [
                    .. lab.Functions,
                    .. Enumerable.Range(0, Functions).Select(number => model with
                    {
                        Address = PciAddress.Parse($"{0x10 + (number / PerBus):x2}:{number % PerBus / 8:x2}.{number % 8}"),
                        Root = $"/sys/devices/pci0000:{0x10 + (number / PerBus):x2}",
                    }),
                ],
            },
        });
        Dom0 real = _host.CreateDom0();
        _files = new RememberedFiles(real.Files);
        Dom0 dom0 = new(
            real.Id, _files, real.Commands, real.XenStoreTransport, async (_, token) => await real.GetXenStoreAsync(token), real.Time);
        _inventory = new PciInventory(dom0);
        int listed = await ListAsync();
        if (listed != lab.Functions.Count + Functions)
        {
            throw new InvalidOperationException($"{listed} functions are listed.");
        }
    }

    /// <summary>Ends the host.</summary>
    [GlobalCleanup]
    public async Task CleanupAsync() => await _host!.DisposeAsync();

    /// <summary>Every character of the answers, and every path a key of a table.</summary>
    [Benchmark(Baseline = true)]
    public int TouchAnswers()
    {
        int sum = 0;
        foreach (BulkAnswer answer in _files!.Answers)
        {
            Dictionary<string, int> table = new(StringComparer.Ordinal);
            foreach ((string path, string text) in answer.Files)
            {
                table[path] = text.AsSpan().Count('\n');
            }

            foreach ((string path, string target) in answer.Links)
            {
                table[path] = target.AsSpan().Count('/');
            }

            sum += table.Count;
        }

        return sum;
    }

    /// <summary>What Get-XenPciDevice lists.</summary>
    [Benchmark]
    public async Task<int> ListAsync() => (await _inventory!.ListAsync(default)).Count;

    /// <summary>What Tab offers.</summary>
    [Benchmark]
    public async Task<int> ListBrieflyAsync() => (await _inventory!.ListBrieflyAsync(default)).Count;
}
