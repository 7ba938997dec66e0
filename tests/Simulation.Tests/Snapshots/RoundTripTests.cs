using System.Text.Json;
using XenDriverDomain.Checks;
using XenDriverDomain.Hosts;
using XenDriverDomain.Simulation.Tests.WholeHost;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Simulation.Tests.Snapshots;

/// <summary>A host and its copy look the same, to whoever looks by this product's means.</summary>
public sealed class RoundTripTests
{
    [Theory]
    [InlineData("default")]
    [InlineData("lab")]
    public async Task A_copy_of_a_host_that_has_just_booted_is_recorded_as_the_host_was(string name)
    {
        await using SimulatedHost host = new(name);
        await AssertSameRecordingAsync(host.Session);
    }

    [Fact]
    public async Task A_copy_of_a_host_at_work_is_recorded_as_the_host_was()
    {
        await using SimulatedHost host = await RecordedHost.ServingAsync();
        await AssertSameRecordingAsync(host.Session);
    }

    [Theory]
    [InlineData("default")]
    [InlineData("lab")]
    public async Task What_is_listed_of_a_copy_is_what_is_listed_of_the_host(string name)
    {
        await using SimulatedHost host = new(name);
        await AssertSameListsAsync(host.Session);
    }

    [Fact]
    public async Task What_is_listed_of_a_copy_of_a_host_at_work_is_what_is_listed_of_the_host()
    {
        await using SimulatedHost host = await RecordedHost.ServingAsync();
        await AssertSameListsAsync(host.Session);
    }

    [Fact]
    public async Task Listed_permissive_overridden_and_unbound_functions_stay_so()
    {
        await using SimulatedHost host = new();
        Write(host, "/sys/bus/pci/drivers/pciback/new_slot", "0000:00:11.0");
        await host.AddAsync();
        Write(host, "/sys/bus/pci/drivers/pciback/permissive", $"{host.Card}");
        Write(host, "/sys/bus/pci/drivers/8139cp/unbind", "0000:00:12.0");
        Write(host, "/sys/bus/pci/devices/0000:00:12.0/driver_override", "vfio-pci");
        await AssertSameRecordingAsync(host.Session);
        await AssertSameListsAsync(host.Session);
    }

    [Fact]
    public async Task Virtual_functions_stay_with_their_drivers()
    {
        await using SimulatedHost host = new("default");
        await host.AddAsync(Pci.PciAddress.Parse("04:10.0"));
        await AssertSameRecordingAsync(host.Session);
        await AssertSameListsAsync(host.Session);
    }

    [Fact]
    public async Task A_stale_record_stays_stale()
    {
        await using SimulatedHost host = new("lab", "stale:0000:00:10.0:7");
        await AssertSameListsAsync(host.Session);
    }

    private static void Write(SimulatedHost host, string path, string text) =>
        host.Session.Dom0.Files.WriteOnceAsync(path, System.Text.Encoding.ASCII.GetBytes(text), default).AsTask().GetAwaiter().GetResult();

    private static async Task AssertSameRecordingAsync(HostSession session)
    {
        HostSnapshot snapshot = await session.Recorder.RecordAsync(default);
        await using RecordedHost copy = RecordedHost.Of(RecordedHost.ThroughJson(snapshot));
        HostSnapshot again = await copy.Session.Recorder.RecordAsync(default);
        Assert.Equal(RecordedHost.Text(snapshot).Split('\n'), RecordedHost.Text(again).Split('\n'));
    }

    private static async Task AssertSameListsAsync(HostSession session)
    {
        await using RecordedHost copy = await RecordedHost.OfAsync(session);
        Assert.Equal(Facts(await session.Inspector.InspectAsync(default)), Facts(await copy.Session.Inspector.InspectAsync(default)));
        Assert.Equal(Show(await session.Pci.ListAsync(default)), Show(await copy.Session.Pci.ListAsync(default)));
        Assert.Equal(Show(await session.Domains.ListAsync(default)), Show(await copy.Session.Domains.ListAsync(default)));
        Assert.Equal(Show(await session.DriverDomains.ListAsync(default)), Show(await copy.Session.DriverDomains.ListAsync(default)));
        Assert.Equal(Show(await session.Guests.ListAsync(default)), Show(await copy.Session.Guests.ListAsync(default)));
        Assert.Equal(Show(await session.Vifs.ListAsync(default)), Show(await copy.Session.Vifs.ListAsync(default)));
    }

    private static HostFacts Facts(HostFacts facts) => facts with { Dom0 = "any" };

    // A line for each, in full; which host it is of is the difference.
    private static string[] Show<T>(IReadOnlyList<T> list) => [.. list
        .Select(one => JsonSerializer.Serialize((object?)one)
        .Replace("\"Dom0\":\"copy\"", "\"Dom0\":\"simulated\"", StringComparison.Ordinal))];
}
