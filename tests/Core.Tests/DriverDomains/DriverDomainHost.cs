using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Backends.Connections;
using XenDriverDomain.Changes;
using XenDriverDomain.Guests;
using XenDriverDomain.Hosts;
using XenDriverDomain.Simulation;
using XenDriverDomain.Simulation.Domains;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Tests.Support;

namespace XenDriverDomain.Tests.DriverDomains;

/// <summary>
/// The simulated host of the lab with a session on it and a card that dom0 can spare, short ways to play other users and what happens
/// inside of domains, and ports in which xl can be made to say what is not so.
/// </summary>
internal sealed partial class DriverDomainHost : IAsyncDisposable
{
    public const string Card = "0000:00:10.0";

    // Until a domain that was just made has booted and serves.
    private static readonly TimeSpan s_boot = TimeSpan.FromSeconds(4);

    public DriverDomainHost()
    {
        HostDescription lab = LabHost.Create();
        Simulation = SimulatedDom0.Create(new SimulatedHostOptions
        {
            Id = "test",
            Host = lab with
            {
                // dom0 could serve, too.
                OtherDevices = [.. lab.OtherDevices, .. Parts.Bridge("xenbr0", "52:54:00:00:99:00", new Dictionary<string, string>())],
            },
        });
        Store = new StoreAtHand(Simulation.Store);
        Xl("pci-assignable-add", Card);
        Ports = new WatchedPorts(Simulation.CreateDom0()) { OnRun = AnswerAsync };
        Session = HostSession.Of(Ports.Dom0);
        Dom0.Reporter.Listen(Log);
        Simulation.Store.Watch("/", path => Changed?.Invoke(path));
    }

    /// <summary>
    /// Called, in the events of the clock, with a path after a node was written or removed, before a domain reacts to it.
    /// </summary>
    public event Action<string>? Changed;

    public SimulatedDom0 Simulation { get; }

    public StoreAtHand Store { get; }

    public WatchedPorts Ports { get; }

    public SimulatedFiles Files => Simulation.Machine.Files;

    public Dom0 Dom0 => Ports.Dom0;

    public ReporterLog Log { get; } = new();

    public XenDriverDomain.DriverDomains.DriverDomainPlans DriverDomains => Session.DriverDomains;

    public GuestPlans Guests => Session.Guests;

    public GuestVifs Vifs => Session.Vifs;

    public HostSession Session { get; }

    /// <summary>What the session asked xl to do, a line a command; what only looks is left out.</summary>
    public IReadOnlyList<string> Commands => Ports.Runs;

    /// <summary>What <c>xl list</c> says of single domains instead of what they do, by domid.</summary>
    public Dictionary<int, string> Letters { get; } = [];

    /// <summary>Takes over an xl command of the session: its result, or null to let it run.</summary>
    public Func<string, CommandResult?>? OnCommand { get; set; }

    /// <summary>A result of xl with error lines.</summary>
    public static CommandResult Failure(int exitCode, params string[] errors) => new(
        exitCode, string.Empty, string.Concat(errors.Select(e => $"libxl: error: libxl_test.c:1:test: {e}\n")));

    /// <summary>Runs xl beside the session, as somebody at a prompt does.</summary>
    public CommandResult Xl(params string[] arguments)
    {
        CommandResult result = Simulation.Run(["xl", .. arguments]);
        Assert.True(result.ExitCode == 0, $"xl {string.Join(' ', arguments)}: {result.StandardError}");
        return result;
    }

    /// <summary>Makes a domain run, and waits until it has booted.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="driverDomain">True for one that serves.</param>
    /// <param name="pci">Its cards.</param>
    /// <param name="type">How it is virtualised.</param>
    /// <param name="words">
    /// Words for its kernel's command line: <c>netback=0</c>, <c>devd=0</c>, <c>bridge=NAME</c>, <c>role=none</c> for a guest that has no
    /// netfront.
    /// </param>
    /// <param name="more">More lines of its configuration.</param>
    /// <param name="setUp">What is different about its kernel from the beginning.</param>
    /// <returns>Its number.</returns>
    public int Run(
        string name,
        bool driverDomain = false,
        string? pci = null,
        string type = "pv",
        string words = "",
        string more = "",
        Action<GuestKernel>? setUp = null)
    {
        string[] devices = pci?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        foreach (string device in devices.Where(device => !Files.Exists($"/sys/bus/pci/drivers/pciback/{device}")))
        {
            Xl("pci-assignable-add", device);
        }

        StringBuilder text = new(
            $"name = \"{name}\"\ntype = \"{type}\"\nkernel = \"/root/vmlinuz\"\nextra = \"{words}\"\n{more}\n");
        text.Append(CultureInfo.InvariantCulture, $"memory = {(driverDomain ? 384 : 64)}\n");
        if (driverDomain)
        {
            text.Append("driver_domain = 1\n");
        }

        if (devices.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"pci = [ {string.Join(", ", devices.Select(d => $"'{d}'"))} ]\n");
        }

        string path = $"/root/{name}.{type}.cfg";
        Files.Put(path, text.ToString());
        Xl("create", "-p", path);
        int domid = Simulation.Time.RunAsEvent(() => Simulation.World.Hypervisor.Domains.Max(d => d.Domid));
        if (setUp is not null)
        {
            Inside(domid, setUp);
        }

        Xl("unpause", $"{domid}");
        Wait(s_boot);
        return domid;
    }

    /// <summary>Lets time pass on the host.</summary>
    public void Wait(TimeSpan time) => Simulation.Time.Block(async () =>
    {
        await Task.Delay(time, Simulation.Time);
        return true;
    });

    /// <summary>Does something within a domain.</summary>
    public void Inside(int domid, Action<GuestKernel> what) => Simulation.Time.RunAsEvent(() =>
    {
        what(Simulation.World.Hypervisor.Find(domid)!.Kernel!);
        return true;
    });

    /// <summary>Ends a domain at once, as somebody at another prompt does; <see cref="KillSoon"/> is for what may not wait.</summary>
    public void Kill(int domid) => Xl("destroy", $"{domid}");

    /// <summary>Has a domain destroyed by somebody else, from where nothing may wait.</summary>
    public void KillSoon(int domid) => _ = Simulation.RunAsync("xl", "destroy", $"{domid}");

    /// <summary>Has a domain end by itself at once; the toolstack then does what its configuration says.</summary>
    public void End(int domid, ShutdownReason reason) => Simulation.Time.RunAsEvent(() =>
    {
        Simulation.World.Hypervisor.ShutDown(Simulation.World.Hypervisor.Find(domid)!, reason);
        return true;
    });

    /// <summary>Gives a guest a vif, and waits until its two ends have met.</summary>
    public void Attach(int guest, int backend, string mac = "00:16:3e:00:00:01", string bridge = "xenbr0", int? devid = null)
    {
        Xl(
            [
                "network-attach", $"{guest}", "type=vif", $"mac={mac}", $"bridge={bridge}", $"backend={backend}",
                .. devid is null ? (string[])[] : [$"devid={devid}"],
            ]);
        Wait(TimeSpan.FromSeconds(1));
    }

    /// <summary>Writes what libxl writes of a vif, where neither end is to do anything about it.</summary>
    public void PutVif(int guest, int devid, int backend, string mac = "00:16:3e:00:00:01", string bridge = "xenbr0")
    {
        string back = $"/local/domain/{backend}/backend/vif/{guest}/{devid}";
        string front = $"/local/domain/{guest}/device/vif/{devid}";
        foreach ((string key, string value) in ((string, string)[])[("mac", mac), ("bridge", bridge),
            ("script", "/etc/xen/scripts/vif-bridge"), ("frontend", front), ("backend", back), ("state", "1")])
        {
            Store[$"/libxl/{guest}/device/vif/{devid}/{key}"] = value;
        }

        Store[$"{front}/backend"] = back;
        Store[$"{front}/backend-id"] = $"{backend}";
        Store[$"{front}/state"] = "1";
        foreach ((string key, string value) in ((string, string)[])[("mac", mac), ("bridge", bridge), ("frontend", front),
            ("frontend-id", $"{guest}"), ("online", "1"), ("hotplug-status", string.Empty), ("state", "1")])
        {
            Store[$"{back}/{key}"] = value;
        }
    }

    /// <summary>Runs a planned change and reads back.</summary>
    public async Task<T> RunAsync<T>(Task<PlannedChange<T>> planning, CancellationToken cancellationToken = default)
    {
        PlannedChange<T> change = await planning;
        await change.Plan.RunAsync(Session.Hand, cancellationToken);
        return await change.ReadBackAsync(CancellationToken.None);
    }

    /// <summary>The remains of probes anywhere in the store.</summary>
    public async Task<IEnumerable<string>> ProbeRemainsAsync()
    {
        await Dom0.SettleAsync();
        return Store.Dump().Keys.Where(k =>
            k.Contains("xendriverdomain/probe/", StringComparison.Ordinal) || k.Contains("/backend/vif/0/", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await Simulation.DisposeAsync();
    }

    // Name, ID, Mem, VCPUs, State, Time(s).
    [GeneratedRegex(
        "^(?<before>.*\\s(?<domid>[0-9]+)\\s+[0-9]+\\s+[0-9]+\\s+)[-a-z]{6}(?<after>\\s+[0-9.]+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    private async Task<CommandResult?> AnswerAsync(CommandRequest request)
    {
        if (!request.Program.EndsWith("xl", StringComparison.Ordinal))
        {
            return null;
        }

        string line = string.Join(' ', request.Arguments);
        if (OnCommand?.Invoke(line) is { } instead)
        {
            return instead;
        }

        if (line != "list" || Letters.Count == 0)
        {
            return null;
        }

        CommandResult real = await Simulation.RunAsync("xl", "list");
        string[] rows = real.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return real with { StandardOutput = string.Concat(rows.Select(row => Row().Replace(row, WithLetters) + "\n")) };
    }

    private string WithLetters(Match row) =>
        Letters.TryGetValue(int.Parse(row.Groups["domid"].Value, CultureInfo.InvariantCulture), out string? letters)
            ? $"{row.Groups["before"].Value}{letters}{row.Groups["after"].Value}"
            : row.Value;
}
