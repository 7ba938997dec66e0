using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Backends.Connections;
using XenDriverDomain.Changes;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Domains;
using XenDriverDomain.Guests;
using XenDriverDomain.Tests.Support;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Tests.DriverDomains;

/// <summary>
/// A dom0 in memory: an xl that does in a xenstore what libxl does, and domains whose netback, devd, bridges and front ends react
/// to it, or not, as a test wants. The paths, states and words are those of the captures of a real host.
/// </summary>
internal sealed partial class FakeHost : IXl, IDisposable
{
    private readonly StallClock _clock;
    private readonly HashSet<string> _reacting = [];
    private int _nextDomid = 1;

    public FakeHost()
    {
        _clock = new StallClock(() => Store.Requests);
        Dom0 = new Dom0("test", Files, null!, null!, (_, _) => ValueTask.FromResult<XenDriverDomain.XenStore.IXenStoreClient>(Store), _clock);
        Dom0.Reporter.Listen(Log);
        Store["/local/domain/0/name"] = "Domain-0";
        Store["/libxl"] = string.Empty;
        Store.Changed += React;
        Directory = new DomainDirectory(Dom0, this);
        Files.Put("/root/vmlinuz", "kernel").Put("/root/guest.gz", "ramdisk").Put("/etc/xen/scripts/vif-bridge", "#!/bin/bash");
        Pci.Put("0000:00:10.0", XenDriverDomain.Pci.PciDeviceState.Assignable);
    }

    public FakeXenStore Store { get; } = new();

    public MemoryFiles Files { get; } = new();

    public FakePci Pci { get; } = new();

    public Dom0 Dom0 { get; }

    public DomainDirectory Directory { get; }

    public ReporterLog Log { get; } = new();

    public XenDriverDomain.DriverDomains.DriverDomainPlans DriverDomains => new(Dom0, this, Directory, Pci);

    public GuestPlans Guests => new(Dom0, this, Directory);

    public GuestVifs Vifs => new(Dom0, this, Directory);

    /// <summary>What xl was asked, a line a command.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>Domains without xen-netback.</summary>
    public bool HasNetback { get; set; } = true;

    /// <summary>Whether xl devd runs in the driver domains.</summary>
    public bool HasDevd { get; set; } = true;

    /// <summary>The bridges in the driver domains.</summary>
    public HashSet<string> Bridges { get; } = ["xenbr0"];

    /// <summary>What the hotplug script complains of; null when it works.</summary>
    public string? ScriptError { get; set; }

    /// <summary>Whether guests have xen-netfront.</summary>
    public bool HasNetfront { get; set; } = true;

    /// <summary>The domain that backs every disk, whatever its configuration says; null for the one it names.</summary>
    public int? DiskBackend { get; set; }

    /// <summary>Whether domains shut down when asked.</summary>
    public bool ShutsDown { get; set; } = true;

    /// <summary>The letters xl list shows for domains other than dom0.</summary>
    public string StateLetters { get; set; } = "-b----";

    /// <summary>The letters of single domains, by domid.</summary>
    public Dictionary<int, string> Letters { get; } = [];

    /// <summary>Takes over an xl command: its result, or null to let it run. Called before it runs.</summary>
    public Func<string, XlResult?>? OnCommand { get; set; }

    public ValueTask<XlInstallation> FindAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new XlInstallation("/usr/sbin/xl", new Version(4, 17)));

    public ValueTask<XlInfo> GetInfoAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<XlResult> RunAsync(IReadOnlyList<string> arguments, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string line = string.Join(' ', arguments);
        if (line != "list")
        {
            Commands.Add(line);
        }

        return ValueTask.FromResult(OnCommand?.Invoke(line) ?? arguments[0] switch
        {
            "list" => Result(arguments, 0, List()),
            "create" => Create(arguments),
            "destroy" => Destroy(int.Parse(arguments[1], CultureInfo.InvariantCulture), arguments),
            "shutdown" => Shutdown(int.Parse(arguments[^1], CultureInfo.InvariantCulture), arguments),
            "network-attach" => Attach(arguments),
            "network-detach" => Detach(arguments),
            _ => throw new InvalidOperationException(line),
        });
    }

    /// <summary>A result of xl with error lines.</summary>
    public static XlResult Failure(string line, int exitCode, params string[] errors) => new(
        line.Split(' '), exitCode, string.Empty, [.. errors.Select(e => new XlMessage(XlSeverity.Error, null, null, e))]);

    /// <summary>Makes a domain run, as xl create does.</summary>
    public int Run(string name, bool driverDomain = false, string? pci = null, string type = "pv")
    {
        int domid = _nextDomid++;
        string home = $"/local/domain/{domid}";
        Store.Introduced.Add(domid);
        Store[$"{home}/vm"] = $"/vm/{Guid.NewGuid():D}";
        Store[$"{home}/memory/target"] = "393216";
        Store[$"/libxl/{domid}/type"] = type;
        Store[$"{home}/control/shutdown"] = string.Empty;
        if (driverDomain)
        {
            Store[$"{home}/libxl"] = string.Empty;
        }

        string[] devices = pci?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        for (int i = 0; i < devices.Length; i++)
        {
            Store[$"/local/domain/0/backend/pci/{domid}/0/dev-{i}"] = devices[i];
            Store[$"/local/domain/0/backend/pci/{domid}/0/num_devs"] = (i + 1).ToString(CultureInfo.InvariantCulture);
            Store[$"/libxl/pci/{devices[i].Replace(':', '-').Replace('.', '-')}/domid"] = domid.ToString(CultureInfo.InvariantCulture);
        }

        Store[$"{home}/name"] = name;
        return domid;
    }

    /// <summary>Ends a domain at once, as a crash or xl destroy does: what others know of it stays.</summary>
    public void Kill(int domid)
    {
        Store.Introduced.Remove(domid);
        foreach (string record in Store.Dump("/libxl/pci").Where(n => n.Value == $"{domid}" && n.Key.EndsWith("/domid", StringComparison.Ordinal)).Select(n => n.Key).ToList())
        {
            Store.Remove(record);
        }

        Store.Remove($"/libxl/{domid}");
        Store.Remove($"/local/domain/{domid}");
        Store.Fire("@releaseDomain");
    }

    /// <summary>Gives a guest a vif as libxl records it, in the states given.</summary>
    public void PutVif(int guest, int devid, int backend, string mac = "00:16:3e:00:00:01", string bridge = "xenbr0")
    {
        string back = $"/local/domain/{backend}/backend/vif/{guest}/{devid}";
        string front = $"/local/domain/{guest}/device/vif/{devid}";
        foreach ((string key, string value) in ((string, string)[])[("mac", mac), ("bridge", bridge), ("script", "/etc/xen/scripts/vif-bridge"),
            ("frontend", front), ("backend", back), ("state", "1")])
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
        await change.Plan.RunAsync(new HostHand(Dom0, this), cancellationToken);
        return await change.ReadBackAsync(CancellationToken.None);
    }

    /// <summary>The remains of probes anywhere in the store.</summary>
    public async Task<IEnumerable<string>> ProbeRemainsAsync()
    {
        await Dom0.SettleAsync();
        return Store.Dump().Keys.Where(k =>
            k.Contains("xendriverdomain/probe", StringComparison.Ordinal) || k.Contains("/backend/vif/0", StringComparison.Ordinal));
    }

    public void Dispose() => _clock.Dispose();

    private static XlResult Result(IReadOnlyList<string> arguments, int exitCode = 0, string output = "") => new(arguments, exitCode, output, []);

    [GeneratedRegex("^/local/domain/([0-9]+)/backend/vif/([0-9]+)/([0-9]+)/(state|online)$")]
    private static partial Regex BackendNode();

    [GeneratedRegex("^/local/domain/([0-9]+)/control/shutdown$")]
    private static partial Regex ShutdownNode();

    private string List()
    {
        StringBuilder text = new("Name                                        ID   Mem VCPUs\tState\tTime(s)\n");
        foreach (int domid in Store.Introduced.Order())
        {
            text.Append(CultureInfo.InvariantCulture, $"{Store[$"/local/domain/{domid}/name"],-40} {domid,5} {384,5} {1,5}     {(domid == 0 ? "r-----" : Letters.GetValueOrDefault(domid, StateLetters))} {1.0,7:F1}\n");
        }

        return text.ToString();
    }

    private XlResult Create(IReadOnlyList<string> arguments)
    {
        DomainConfiguration configuration = DomainConfiguration.FromXlConfig(XlConfigDocument.Parse(Files.Text(arguments[1])!));
        int domid = Run(configuration.Name, configuration.IsDriverDomain, string.Join(' ', configuration.PciDevices.Select(d => d.Address)));
        for (int i = 0; i < configuration.Vifs.Count; i++)
        {
            VifSpec vif = configuration.Vifs[i];
            PutVif(domid, i, Domid(vif.Backend), vif.Mac?.ToString() ?? $"00:16:3e:00:01:{i:x2}", vif.Bridge ?? "xenbr0");
        }

        for (int i = 0; i < configuration.Disks.Count; i++)
        {
            DiskSpec disk = configuration.Disks[i];
            int devid = 51712 + (16 * i);
            Store[$"/libxl/{domid}/device/vbd/{devid}/dev"] = disk.VirtualDevice!;
            Store[$"/libxl/{domid}/device/vbd/{devid}/backend"] =
                $"/local/domain/{DiskBackend ?? Domid(disk.Backend)}/backend/vbd/{domid}/{devid}";
        }

        return Result(arguments);
    }

    private int Domid(DomainRef? reference) => reference switch
    {
        null => 0,
        { Domid: { } domid } => domid,
        { Name: var name } => Store.Introduced.First(d => Store[$"/local/domain/{d}/name"] == name),
    };

    private XlResult Destroy(int domid, IReadOnlyList<string> arguments)
    {
        foreach (string vif in Store.Dump($"/libxl/{domid}/device/vif").Where(n => n.Key.EndsWith("/backend", StringComparison.Ordinal)).Select(n => n.Value).ToList())
        {
            Store.Remove(vif);
        }

        Kill(domid);
        return Result(arguments);
    }

    private XlResult Shutdown(int domid, IReadOnlyList<string> arguments)
    {
        if (ShutsDown)
        {
            Destroy(domid, arguments);
        }

        return Result(arguments);
    }

    private XlResult Attach(IReadOnlyList<string> arguments)
    {
        int guest = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        VifSpec spec = VifSpec.Parse(string.Join(',', arguments.Skip(2)));
        int devid = spec.DeviceId ?? 0;
        while (spec.DeviceId is null && Store[$"/libxl/{guest}/device/vif/{devid}/backend"] is not null)
        {
            devid++;
        }

        int backend = spec.Backend!.Value.Domid!.Value;
        PutVif(guest, devid, backend, spec.Mac!.Value.ToString(), spec.Bridge!);
        return Store[$"/local/domain/{backend}/backend/vif/{guest}/{devid}/state"] == "1"
            ? Failure(string.Join(' ', arguments), 1, $"unable to add device with path /local/domain/{backend}/backend/vif/{guest}/{devid}")
            : Result(arguments);
    }

    private XlResult Detach(IReadOnlyList<string> arguments)
    {
        (string guest, string devid) = (arguments[1], arguments[2]);
        string record = $"/libxl/{guest}/device/vif/{devid}";
        if (Store[$"{record}/backend"] is not { } back)
        {
            return Failure(string.Join(' ', arguments), 1, "Unknown device");
        }

        // libxl waits for devd to delete the back end, and without it leaves everything.
        if (Store[$"{back}/state"] is not null && !HasDevd)
        {
            return Failure(string.Join(' ', arguments), 1, $"unable to remove device with path {back}");
        }

        Store.Remove(back);
        Store.Remove($"/local/domain/{guest}/device/vif/{devid}");
        Store.Remove(record);
        return Result(arguments);
    }

    private void React(string path)
    {
        if (ShutdownNode().Match(path) is { Success: true } asked && Store[path] == "poweroff" && ShutsDown)
        {
            Destroy(int.Parse(asked.Groups[1].Value, CultureInfo.InvariantCulture), []);
        }

        if (BackendNode().Match(path) is { Success: true } hit)
        {
            string back = path[..path.LastIndexOf('/')];
            if (_reacting.Add(back))
            {
                Serve(int.Parse(hit.Groups[1].Value, CultureInfo.InvariantCulture), hit.Groups[2].Value, hit.Groups[3].Value, back);
                _reacting.Remove(back);
            }
        }
        else if (path.StartsWith("/local/domain/0/xendriverdomain/probe/", StringComparison.Ordinal) && Store[path] == "6"
            && Store[$"{path[..path.LastIndexOf('/')]}/backend"] is { } probed)
        {
            // netback lets go when the front end closes; devd then deletes the records of what is off line.
            Store[$"{probed}/state"] = "6";
            if (HasDevd && Store[$"{probed}/online"] == "0")
            {
                Store.Remove(probed);
            }
        }
    }

    // What netback, devd and the guest's netfront do with a new back end.
    private void Serve(int backend, string guest, string devid, string back)
    {
        if (!HasNetback || backend == 0 || Store[$"{back}/state"] != "1" || Store[$"{back}/online"] is not "1"
            || Store[$"{back}/frontend-id"] is null)
        {
            return;
        }

        Store[$"{back}/state"] = "2";
        if (!HasDevd)
        {
            return;
        }

        string? bridge = Store[$"{back}/bridge"];
        string? error = ScriptError ?? (bridge is null || !Bridges.Contains(bridge) ? $"Could not find bridge device {bridge}"
            : guest == "0" ? $"Writing /local/domain/0/device/vif/{devid}/mtu 1500 to xenstore failed." : null);
        if (error is not null)
        {
            Store[$"{back}/hotplug-error"] = error;
            Store[$"{back}/hotplug-status"] = "error";
            return;
        }

        Store[$"{back}/hotplug-status"] = "connected";
        if (HasNetfront)
        {
            Store[$"/local/domain/{guest}/device/vif/{devid}/state"] = "4";
            Store[$"{back}/state"] = "4";
        }
    }
}
