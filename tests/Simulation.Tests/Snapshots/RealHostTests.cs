using System.Text;
using XenDriverDomain.Backends;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.Simulation.Snapshots;
using XenDriverDomain.Simulation.Tests.WholeHost;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Simulation.Tests.Snapshots;

/// <summary>A recording that Save-XenDom0 made of the lab's dom0 (a real Xen 4.17) while a driver domain served a client.</summary>
public sealed class RealHostTests
{
    /// <summary>The recording is older than the recording of boot files, of which the copy has what every host has.</summary>
    [Fact]
    public async Task A_copy_is_recorded_as_the_real_host_was()
    {
        HostSnapshot real = Recorded();
        await using RecordedHost copy = RecordedHost.Of(real);
        HostSnapshot again = await copy.Session.Recorder.RecordAsync(default);
        HashSet<string> names = [.. real.Names];
        Assert.Equal(
            RecordedHost.Text(real).Split('\n'),
            RecordedHost.Text(again with
            {
                Files = again.Files.Where(file => real.Files.ContainsKey(file.Key)).ToDictionary(),
                Names = [.. again.Names.Where(names.Contains)],
            }).Split('\n'));
        Assert.All(again.Files.Keys.Except(real.Files.Keys), path => Assert.EndsWith("/quirks", path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task How_a_host_boots_that_was_recorded_without_its_boot_files_is_not_known()
    {
        await using RecordedHost copy = RecordedHost.Of(Recorded());
        Assert.All(await copy.Session.Pci.ListAsync(default), device => Assert.Equal(PciNextBootState.Unknown, device.StateAtNextBoot));
    }

    [Fact]
    public async Task What_ran_on_the_real_host_runs_on_the_copy()
    {
        await using RecordedHost copy = RecordedHost.Of(Recorded());
        DriverDomain domain = Assert.Single(await copy.Session.DriverDomains.ListAsync(default));
        Assert.Equal(("netdd", ReadinessState.Serving, "xenbr0"), (domain.Name, domain.Readiness, domain.Bridge));
        GuestVif vif = Assert.Single(await copy.Session.Vifs.ListAsync(default));
        Assert.Equal(("fe1", "netdd", VifStatus.Connected), (vif.Guest, vif.Backend, vif.Status));
        PciDevice card = await copy.Session.Pci.GetAsync(PciAddress.Parse("00:10.0"), default);
        Assert.Equal((PciDeviceState.Assigned, "netdd", "e1000e"), (card.State, card.Domain, card.OriginalDriver));
    }

    /// <summary>Completion asks for less than the cmdlets show, but what it offers must be the same.</summary>
    [Fact]
    public async Task What_is_listed_briefly_is_what_is_listed()
    {
        await using RecordedHost copy = RecordedHost.Of(Recorded());
        Assert.Equal(
            (await copy.Session.Pci.ListAsync(default))
                .Select(d => (d.Address, d.ClassName, d.VendorName, d.DeviceName, d.Driver, d.State, d.Domain)),
            (await copy.Session.Pci.ListBrieflyAsync(default))
                .Select(d => (d.Address, d.ClassName, d.VendorName, d.DeviceName, d.Driver, d.State, d.Domain)));
        DriverDomain full = Assert.Single(await copy.Session.DriverDomains.ListAsync(default));
        DriverDomain brief = Assert.Single(await copy.Session.DriverDomains.ListBrieflyAsync(default));
        Assert.Equal((full.Name, full.Domid, full.Bridge, full.ConfigPath), (brief.Name, brief.Domid, brief.Bridge, brief.ConfigPath));
        Assert.Equal(full.PciDevice, brief.PciDevice);
        Assert.Equal(full.Client, brief.Client);
        Assert.Equal(["xenbr0"], await copy.Session.Vifs.ListBridgesAsync(default));
    }

    [Fact]
    public async Task The_driver_domain_can_be_restarted_on_the_copy()
    {
        await using RecordedHost copy = RecordedHost.Of(Recorded());
        SilentReporter reporter = new();
        PlannedChange<DriverDomain> change = await copy.Session.HeardBy(reporter).DriverDomains.PlanRestartAsync(
            DomainRef.Parse("netdd"), new StopOptions { Force = true }, new StartOptions(), default);
        await change.Plan.RunAsync(copy.Session.HeardBy(reporter).Hand, default);
        Assert.Equal(ReadinessState.Serving, (await change.ReadBackAsync(default)).Readiness);
        Assert.Equal(VifStatus.Connected, Assert.Single(await copy.Session.Vifs.ListAsync(default)).Status);
    }

    /// <summary>
    /// A file may have been edited, or made to harm: it is refused in words, or it gives a host, but nothing else happens.
    /// </summary>
    [Fact]
    public async Task A_damaged_recording_is_refused_or_gives_a_host()
    {
        string[] lines = File.ReadAllLines(Path());
        Random random = new(20261122);
        int refused = 0;
        int simulated = 0;
        for (int i = 0; i < 40; i++)
        {
            byte[] damaged = Encoding.UTF8.GetBytes(string.Join('\n', Damage(lines, random)));
            try
            {
                HostSnapshot snapshot = HostSnapshot.Read(new MemoryStream(damaged));
                await using RecordedHost copy = RecordedHost.Of(snapshot);
                await copy.Session.Pci.ListAsync(default);
                simulated++;
            }
            catch (XenDriverDomainException e)
            {
                Assert.NotEmpty(e.Remedy);
                refused++;
            }
        }

        Assert.True(refused > 3 && simulated > 3, $"{refused} refused, {simulated} simulated");
    }

    [Theory]
    [InlineData("lo inet 127.0.0.1/8 scope host", "lo inet localhost scope host")]
    [InlineData("eth0\t00000000\t", "eth0\tdefault\t")]
    public void What_does_not_fit_together_is_named(string good, string bad)
    {
        string text = File.ReadAllText(Path());
        string escaped = good.Replace("\t", "\\t", StringComparison.Ordinal);
        Assert.Contains(escaped, text, StringComparison.Ordinal);
        HostSnapshot snapshot = HostSnapshot.Read(new MemoryStream(Encoding.UTF8.GetBytes(
            text.Replace(escaped, bad.Replace("\t", "\\t", StringComparison.Ordinal), StringComparison.Ordinal))));
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => SnapshotHost.Options(snapshot));
        Assert.Equal(ErrorIds.SnapshotMalformed, error.ErrorId);
    }

    private static string[] Damage(string[] lines, Random random)
    {
        List<string> damaged = [.. lines];
        int at = random.Next(5, damaged.Count - 2);
        switch (random.Next(4))
        {
            case 0:
                // Whole entries are lost, the commas stay right.
                damaged.RemoveRange(at, Math.Min(random.Next(1, 4), damaged.Count - 2 - at));
                break;
            case 1:
                damaged[at] = damaged[random.Next(5, damaged.Count - 2)];
                break;
            case 2:
                damaged[at] = string.Concat(
                    damaged[at].Select(c => char.IsAsciiDigit(c) && random.Next(2) == 0 ? (char)('0' + random.Next(10)) : c));
                break;
            default:
                damaged[at] = damaged[at].Replace("0000:", "0001:", StringComparison.Ordinal).Replace(
                    "..", string.Empty, StringComparison.Ordinal);
                break;
        }

        return [.. damaged];
    }

    private static HostSnapshot Recorded()
    {
        using FileStream file = File.OpenRead(Path());
        return HostSnapshot.Read(file);
    }

    private static string Path() => System.IO.Path.Combine(AppContext.BaseDirectory, "Recordings", "lab-at-work.json");
}
