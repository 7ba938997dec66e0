using XenDriverDomain.Access;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Machine;
using XenDriverDomain.Simulation.Time;

namespace XenDriverDomain.Simulation.Tests.Machine;

/// <summary>The built-in lab host beside what was recorded on the real one.</summary>
public sealed class LabHostTests : IDisposable
{
    private readonly SimulatedTime _time = new();

    public void Dispose() => _time.Dispose();

    [Fact]
    public async Task Its_links_are_those_of_the_lab()
    {
        (BulkAnswer recorded, BulkAnswer simulated) = await BothAsync();
        Assert.Equal(Lines(recorded.Links), Lines(simulated.Links));
    }

    [Fact]
    public async Task Its_names_are_those_of_the_lab()
    {
        (BulkAnswer recorded, BulkAnswer simulated) = await BothAsync();

        // Nobody looked for the message-signalled interrupts when the lab was recorded.
        Assert.Equal(
            recorded.Names.Order(StringComparer.Ordinal),
            simulated.Names.Where(name => !name.Contains("/msi_irqs", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Its_attributes_are_those_of_the_lab()
    {
        (BulkAnswer recorded, BulkAnswer simulated) = await BothAsync();


        // The recording has the mounts of process 1 only, which are the same.
        Assert.Equal(
            Lines(recorded.Files),
            Lines(simulated.Files.Where(file => file.Key != "/proc/self/mountinfo").ToDictionary()));
    }

    private static string[] Lines(IReadOnlyDictionary<string, string> pairs) =>
        [.. pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} = {Normal(pair)}")];

    // Of the windows of bridges, which follow the registers, nothing is simulated.
    private static string Normal(KeyValuePair<string, string> pair) =>
        pair.Key.EndsWith("/resource", StringComparison.Ordinal) ? string.Join('\n', pair.Value.Split('\n').Take(6)) : pair.Value;

    private async Task<(BulkAnswer Recorded, BulkAnswer Simulated)> BothAsync() => (
        await Recorded().ReadManyAsync(PciQueries.All, default),
        await new SimulatedMachine(LabHost.Create(), _time, new NoFaults()).Files.ReadManyAsync(PciQueries.All, default));

    private SimulatedFiles Recorded()
    {
        SimulatedFiles files = new(_time, new NoFaults());
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Recordings", "lab-dom0.txt"))
            .Where(line => line.StartsWith('/')))
        {
            if (line.Split(" -> ") is [var link, var target])
            {
                files.Link(link, target);
            }
            else if (line.Split(" =", 2) is [var path, var content])
            {
                string text = content.TrimStart(' ').Replace("\\n", "\n", StringComparison.Ordinal).Replace(
                    "\\t", "\t", StringComparison.Ordinal);
                files.Put(path, text + "\n");
            }
            else
            {
                files.MakeDirectory(line);
            }
        }

        // Recorded were only the links that a query asks for.
        files.Link("/sys/class/tty/console", "../../devices/virtual/tty/console");
        return files;
    }
}
