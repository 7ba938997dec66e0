using System.Globalization;
using XenDriverDomain.Hide;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>The modules of the kernel: which there are, which are loaded. The caller holds the machine's lock.</summary>
internal sealed class KernelModules
{
    private const string Options = "/etc/modprobe.d";

    private readonly HostDescription _host;
    private readonly SimulatedFiles _files;
    private readonly PciBus _bus;
    private readonly KernelLog _log;
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);

    public KernelModules(HostDescription host, SimulatedFiles files, PciBus bus, KernelLog log)
    {
        _host = host;
        _files = files;
        _bus = bus;
        _log = log;
        foreach ((string name, bool isLoaded) in host.OtherModules)
        {
            if (isLoaded)
            {
                LoadOther(Spelling(name));
            }
        }

        files.PutAttribute("/proc/modules", Show);
    }

    /// <summary>pciback while it is loaded.</summary>
    public PcibackDriver? Pciback => _bus.Drivers.OfType<PcibackDriver>().FirstOrDefault();

    /// <summary>True for a module that is loaded, or built in.</summary>
    public bool IsLoaded(string name) =>
        _others.Contains(Spelling(name)) || _bus.Drivers.Any(driver => driver.Module == Spelling(name));

    /// <summary>True for a module that could be loaded.</summary>
    public bool Exists(string name) => Spelling(name) == Spelling(PcibackDriver.ModuleName)
        || _host.OtherModules.Keys.Concat(_host.Drivers.Select(driver => driver.Module))
            .Any(one => one is not null && Spelling(one) == Spelling(name));

    /// <summary>True for pciback where the kernel has it built in: it cannot be unloaded.</summary>
    public bool IsBuiltIn(string name) => _host.IsPcibackBuiltIn && Spelling(name) == Spelling(PcibackDriver.ModuleName);

    /// <summary>Has pciback there from the start.</summary>
    public void LoadPcibackAtBoot() =>
        PcibackDriver.TryLoad(_bus, _files, _log, _host.PcibackParameters ?? PcibackParameters(), _host.IsPcibackBuiltIn);

    /// <summary>Loads a module that exists and is not loaded; false when it refuses its parameters.</summary>
    public bool Load(string name)
    {
        if (Spelling(name) == Spelling(PcibackDriver.ModuleName))
        {
            return PcibackDriver.TryLoad(_bus, _files, _log, PcibackParameters(), isBuiltIn: false) is not null;
        }

        foreach (DriverDescription driver in _host.Drivers.Where(one => one.Module is { } module && Spelling(module) == Spelling(name)))
        {
            _bus.Register(new PciDriver(driver));
        }

        if (_host.OtherModules.Keys.Any(one => Spelling(one) == Spelling(name)))
        {
            LoadOther(Spelling(name));
        }

        return true;
    }

    /// <summary>Unloads a module.</summary>
    public void Unload(string name)
    {
        foreach (PciDriver driver in _bus.Drivers.Where(one => one.Module == Spelling(name)).ToArray())
        {
            _bus.Unregister(driver);
        }

        if (_others.Remove(Spelling(name)))
        {
            _files.Remove($"/sys/module/{Spelling(name)}");
        }
    }

    /// <summary>The kernel takes - for _ in names of modules.</summary>
    public static string Spelling(string name) => name.Replace('-', '_');

    private void LoadOther(string name)
    {
        _others.Add(name);
        _files.MakeDirectory($"/sys/module/{name}");
    }

    // name size users used-by state address.
    private string Show() => string.Concat(
        _bus.Drivers.Select(driver => driver.Module).OfType<string>().Concat(_others).Distinct().Reverse()
            .Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} 65536 0 - Live 0x0000000000000000\n")));

    // modprobe gives what /etc/modprobe.d says, then what the kernel's command line says, which therefore wins.
    private Dictionary<string, string> PcibackParameters() => PcibackParameters(_files, _host.KernelCommandLine);

    /// <summary>The parameters that pciback is loaded with.</summary>
    /// <param name="files">dom0's files.</param>
    /// <param name="commandLine">The kernel's command line, which has the last word.</param>
    public static Dictionary<string, string> PcibackParameters(SimulatedFiles files, string commandLine)
    {
        Dictionary<string, string> parameters = new(StringComparer.Ordinal);
        foreach (string path in files.Names(Options).Where(name => name.EndsWith(".conf", StringComparison.Ordinal))
            .Select(name => $"{Options}/{name}"))
        {
            foreach (string[] words in (files.Text(path) ?? string.Empty).Split('\n')
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            {
                if (words is ["options", var module, .. var settings] && Spelling(module) == Spelling(PcibackDriver.ModuleName))
                {
                    foreach (string[] setting in settings.Select(setting => setting.Split('=', 2)))
                    {
                        parameters[setting[0]] = setting is [_, var value] ? value : "1";
                    }
                }
            }
        }

        foreach (string name in (string[])["permissive", "passthrough"])
        {
            foreach (string word in commandLine.Split(' '))
            {
                if (Spelling(word).StartsWith($"xen_pciback.{name}=", StringComparison.Ordinal))
                {
                    parameters[name] = word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..];
                }
            }
        }

        if (HideParameter.Find(commandLine) is { } hide)
        {
            parameters["hide"] = hide;
        }

        return parameters;
    }
}
