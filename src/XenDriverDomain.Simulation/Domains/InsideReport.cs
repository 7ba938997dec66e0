using System.Globalization;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Machine;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// What the inside of a driver domain tells of itself, below <c>data/driver-domain</c>: all of it when something is new, and a heartbeat
/// every five seconds.
/// </summary>
/// <param name="kernel">The domain's kernel.</param>
/// <param name="domain">The domain.</param>
/// <param name="inside">Its inside.</param>
/// <param name="words">What it was told to be.</param>
internal sealed class InsideReport(Kernel kernel, SimulatedDomain domain, Inside inside, KernelWords words)
{
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(5);

    private readonly string _root = $"{kernel.Home}/data/driver-domain";
    private readonly Dictionary<string, string> _written = new(StringComparer.Ordinal);
    private TimeSpan _started;
    private int _devdStarts;

    /// <summary>Whether xl devd runs.</summary>
    public bool HasDevd { get; private set; }

    /// <summary>Its init has begun.</summary>
    public void Begin()
    {
        _started = kernel.World.Time.Elapsed;
        Write("protocol", "1");
        Write("state", "starting");
    }

    /// <summary>All that it makes is there: from now on its heart beats.</summary>
    public void Run()
    {
        Write("state", "running");
        Tell();
        Beat();
    }

    /// <summary>xl devd has been started, or has ended.</summary>
    public void TellDevd(bool runs)
    {
        _devdStarts += runs && !HasDevd ? 1 : 0;
        HasDevd = runs;
    }

    /// <summary>Tells what is new.</summary>
    public void Tell()
    {
        Write("role", inside.Role);
        Write("image", inside.Image);
        Write("kernel", inside.Release);
        Write("xen", inside.Xen);
        Write("devd", HasDevd ? "running" : "stopped");
        Write("devd-starts", _devdStarts.ToString(CultureInfo.InvariantCulture));
        if (words.Forward is null && inside.Role != "disk")
        {
            Write("bridge", words.BridgeName);
        }

        if (inside.Complaint is { } complaint)
        {
            Write("error", complaint);
        }

        PciAddress[] cards = inside.HasLoaded("xen-pcifront") ? [.. domain.Functions] : [];
        for (int i = 0; i < cards.Length; i++)
        {
            TellCard($"card/{i}", cards[i], i);
        }

        for (int gone = cards.Length; _written.ContainsKey($"card/{gone}/address"); gone++)
        {
            kernel.Store.Remove($"{_root}/card/{gone}");
            foreach (string node in _written.Keys.Where(node => node.StartsWith($"card/{gone}/", StringComparison.Ordinal)).ToArray())
            {
                _written.Remove(node);
            }
        }
    }

    // The functions are on a bus of their own there (drivers/xen/xen-pciback/vpci.c).
    private void TellCard(string node, PciAddress address, int slot)
    {
        SimulatedMachine machine = kernel.World.Machine;
        string driver = machine.DriversOf(address).FirstOrDefault(inside.HasLoaded) ?? string.Empty;
        Write($"{node}/address", string.Create(CultureInfo.InvariantCulture, $"0000:00:{slot:x2}.0"));
        Write($"{node}/driver", driver);
        if (driver.Length == 0 || machine.Find(address)?.Description is not { } function
            || function.Children.FirstOrDefault(child => child.Path.StartsWith("net/", StringComparison.Ordinal)) is not { } nic)
        {
            return;
        }

        bool isPort = words.Bridge.Length > 0 && words.HasUplink;
        Write($"{node}/interface", string.Create(CultureInfo.InvariantCulture, $"eth{slot}"));
        Write($"{node}/mac", nic.Attributes.GetValueOrDefault("address", string.Empty));
        Write($"{node}/carrier", machine.HasLink(address) && words.HasUplink ? "1" : "0");
        if (isPort)
        {
            Write($"{node}/bridge", words.Bridge);
        }
    }

    private void Beat()
    {
        Tell();
        Write("heartbeat", ((long)(kernel.World.Time.Elapsed - _started).TotalSeconds).ToString(CultureInfo.InvariantCulture));
        kernel.After(s_beat, Beat);
    }

    private void Write(string node, string value)
    {
        if (_written.GetValueOrDefault(node) != value && kernel.Store.Write($"{_root}/{node}", value))
        {
            _written[node] = value;
        }
    }
}
