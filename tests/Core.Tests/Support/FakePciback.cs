using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Support;

/// <summary>
/// The kernel's PCI driver core and its pciback driver over <see cref="MemoryFiles"/>: bind, unbind, driver_override, new_slot,
/// remove_slot and their errnos (drivers/base/bus.c, drivers/xen/xen-pciback/pci_stub.c).
/// </summary>
internal sealed class FakePciback
{
    private const string Pciback = "pciback";
    private readonly Dictionary<string, string?> _drivers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _overrides = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);
    private readonly List<string> _slots = [];
    private readonly Sabotage _sabotage;

    public FakePciback(Sabotage sabotage, bool loaded = true)
    {
        _sabotage = sabotage;
        Files.Put("/proc/self/status", "Name:\tsh\nUid:\t0\t0\t0\t0\n").Put("/proc/xen/capabilities", "control_d\n")
            .Put("/sys/hypervisor/type", "xen\n").Put("/proc/cmdline", "root=/dev/sda quiet\n");
        if (loaded)
        {
            Load();
        }
    }

    /// <summary>The tree.</summary>
    public MemoryFiles Files { get; } = new();

    /// <summary>Devices whose reset fails, so that pciback refuses them (EIO from bind).</summary>
    public HashSet<string> CannotSeize { get; } = [];

    /// <summary>The addresses in pciback's list.</summary>
    public IReadOnlyList<string> Slots => _slots;

    /// <summary>Loads pciback.</summary>
    public void Load()
    {
        AddDriver(Pciback);
        string directory = "/sys/bus/pci/drivers/pciback";
        Files.Put(directory + "/slots", string.Empty).Put(directory + "/permissive", string.Empty)
            .Put(directory + "/new_slot", string.Empty).Put(directory + "/remove_slot", string.Empty);
        Hook(directory + "/new_slot", text => NewSlot(text));
        Hook(directory + "/remove_slot", text => RemoveSlot(text));
        Hook(directory + "/permissive", text => _drivers.GetValueOrDefault(text) == Pciback ? null : Errno.ENODEV);
    }

    /// <summary>Unloads pciback.</summary>
    public void Unload() => Files.Remove("/sys/bus/pci/drivers/pciback");

    /// <summary>Loads a driver.</summary>
    public FakePciback AddDriver(string name)
    {
        string directory = $"/sys/bus/pci/drivers/{name}";
        Files.Put(directory + "/bind", string.Empty).Put(directory + "/unbind", string.Empty);
        Hook(directory + "/bind", text => Bind(text, name));
        Hook(directory + "/unbind", text => Unbind(text, name));
        return this;
    }

    /// <summary>Adds a device; <paramref name="below"/> is the address of the bridge it is behind.</summary>
    public FakePciback AddDevice(
        string address, string? driver, string classCode = "0x020000", bool express = true, bool reset = true, string? below = null)
    {
        string folder = $"{(below is null ? "/sys/devices/pci0000:00" : _folders[below])}/{address}";
        _folders[address] = folder;
        _drivers[address] = null;
        Files.Put(folder + "/vendor", "0x8086\n").Put(folder + "/device", "0x10d3\n").Put(folder + "/class", classCode + "\n")
            .Put(folder + "/irq", "0\n").Put(folder + "/driver_override", "(null)\n")
            .Link($"/sys/bus/pci/devices/{address}", "../../../" + folder["/sys/".Length..]);
        if (express)
        {
            Files.Put(folder + "/max_link_speed", "2.5 GT/s PCIe\n");
        }

        if (reset)
        {
            Files.Put(folder + "/reset", string.Empty).Put(folder + "/reset_method", "flr bus\n");
        }

        Hook(folder + "/driver_override", text => SetOverride(address, text));
        if (driver is not null)
        {
            SetDriver(address, driver);
        }

        return this;
    }

    /// <summary>The driver that has the device.</summary>
    public string? DriverOf(string address) => _drivers.GetValueOrDefault(address);

    /// <summary>All that can be seen, for comparing before and after.</summary>
    public string Describe()
    {
        StringBuilder text = new();
        foreach ((string address, string? driver) in _drivers.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            text.AppendLine($"{address} driver={driver} override={_overrides.GetValueOrDefault(address)}");
        }

        return text.Append("slots=").AppendJoin(' ', _slots).ToString();
    }

    public Errno? NewSlot(string text)
    {
        if (!PciAddress.TryParse(text, out _))
        {
            return Errno.EINVAL;
        }

        if (!_slots.Contains(text))
        {
            _slots.Add(text);
        }

        ShowSlots();
        return null;
    }

    public Errno? RemoveSlot(string text)
    {
        bool there = _slots.Remove(text);
        ShowSlots();
        return there ? null : Errno.ENOENT;
    }

    public Errno? Bind(string address, string driver)
    {
        if (!_drivers.TryGetValue(address, out string? now))
        {
            return Errno.ENODEV;
        }

        if (now is not null)
        {
            return Errno.EBUSY;
        }

        string? only = _overrides.GetValueOrDefault(address);
        if (only is not null && only != driver)
        {
            return Errno.ENODEV;
        }

        if (driver == Pciback && !_slots.Contains(address) && only != Pciback)
        {
            return Errno.ENODEV;
        }

        if (driver == Pciback && CannotSeize.Contains(address))
        {
            return Errno.EIO;
        }

        SetDriver(address, driver);
        return null;
    }

    public Errno? Unbind(string address, string driver)
    {
        if (_drivers.GetValueOrDefault(address) != driver)
        {
            return Errno.ENODEV;
        }

        SetDriver(address, null);
        return null;
    }

    public void SetDriver(string address, string? driver)
    {
        Files.Remove($"/sys/bus/pci/drivers/{_drivers[address] ?? "-"}/{address}");
        Files.Remove($"{_folders[address]}/driver");
        _drivers[address] = driver;
        if (driver is not null)
        {
            Files.Link($"/sys/bus/pci/drivers/{driver}/{address}", "../../../../" + _folders[address]["/sys/".Length..]);
            Files.Link($"{_folders[address]}/driver", $"../../../bus/pci/drivers/{driver}");
        }
    }

    private Errno? SetOverride(string address, string text)
    {
        if (text.Length == 0)
        {
            _overrides.Remove(address);
        }
        else
        {
            _overrides[address] = text;
        }

        Files.Put($"{_folders[address]}/driver_override", _overrides.GetValueOrDefault(address, "(null)") + "\n");
        return null;
    }

    private void ShowSlots() =>
        Files.Put("/sys/bus/pci/drivers/pciback/slots", string.Concat(_slots.Select(s => s + "\n")));

    private void Hook(string path, Func<string, Errno?> effect) =>
        Files.OnWrite(path, text => _sabotage.Strikes($"{path}={text}") ? Errno.EIO : effect(text));
}
