using System.Globalization;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Hide;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>
/// Xen's PCI back end in dom0, the part that takes functions from dom0 (drivers/xen/xen-pciback/pci_stub.c of Linux 6.1). The caller
/// holds the machine's lock.
/// </summary>
internal sealed class PcibackDriver : PciDriver
{
    /// <summary>The directory's name; the module is called otherwise.</summary>
    public const string DriverName = "pciback";

    /// <summary>The module's name.</summary>
    public const string ModuleName = "xen-pciback";

    private readonly PciBus _bus;
    private readonly KernelLog _log;
    private readonly bool _isAlwaysPermissive;
    private readonly List<PciAddress> _slots = [];

    // The newest first, as list_add has it.
    private readonly List<SeizedFunction> _seized = [];

    // xen_pcibk_quirks (conf_space_quirks.c), the oldest first: the functions that were ever probed, but for those whose entry a release
    // has freed. An entry holds no reference, and need not be that of a function which pciback still has.
    private readonly List<SimulatedFunction> _entries = [];

    private PcibackDriver(PciBus bus, KernelLog log, bool isAlwaysPermissive)
        : base(new DriverDescription(DriverName, ModuleName, true))
    {
        _bus = bus;
        _log = log;
        _isAlwaysPermissive = isAlwaysPermissive;
    }

    /// <summary>Loads the driver with its parameters; null when it refuses, as it does for a single malformed element of hide=.</summary>
    public static PcibackDriver? TryLoad(
        PciBus bus, SimulatedFiles files, KernelLog log, IReadOnlyDictionary<string, string> parameters, bool isBuiltIn)
    {
        string? hide = parameters.GetValueOrDefault("hide");
        PcibackDriver driver = new(bus, log, parameters.GetValueOrDefault("permissive") is "1" or "Y" or "y");
        if (hide is not null)
        {
            HideList list = HideList.Parse(hide);
            if (list.Fault is { } fault)
            {
                log.Say($"xen_pciback: Error parsing pci_devs_to_hide at \"{hide[fault.Position..]}\"");
                return null;
            }

            foreach (HideElement element in list.Elements)
            {
                driver.AddSlots(element.ToString().Trim('(', ')'));
            }
        }

        bool isPassthrough = parameters.GetValueOrDefault("passthrough") is "1" or "Y" or "y";
        string folder = "/sys/module/xen_pciback/parameters";
        if (!isBuiltIn)
        {
            files.PutAttribute("/sys/module/xen_pciback/initstate", () => "live\n");
        }

        files.PutAttribute(folder + "/hide", () => (hide ?? "(null)") + "\n");
        files.PutAttribute(folder + "/passthrough", () => isPassthrough ? "Y\n" : "N\n");
        files.PutAttribute(folder + "/permissive", () => driver._isAlwaysPermissive ? "Y\n" : "N\n");
        log.Say($"xen_pciback: backend is {(isPassthrough ? "passthrough" : "vpci")}");
        bus.Register(driver);
        return driver;
    }

    /// <inheritdoc/>
    public override void Show(SimulatedFiles files)
    {
        Put("new_slot", null, AddSlots);
        Put("remove_slot", null, RemoveSlots);
        Put("slots", () => Lines(_slots), null);
        Put(
            "permissive", () => Lines(_seized.Where(one => one.IsPermissive)),
            text => Change(text, Errno.ENODEV, one => one.IsPermissive = true));
        Put(
            "allow_interrupt_control",
            () => Lines(_seized.Where(one => one.AllowsInterruptControl)),
            text => Change(text, Errno.ENODEV, one => one.AllowsInterruptControl = true));
        Put("quirks", ShowQuirks, AddQuirk);
        Put("irq_handlers", ShowHandlers, null);
        Put("irq_handler_state", null, text => Change(text, Errno.ENOENT, ToggleHandler));

        void Put(string name, Func<string>? show, Func<string, Errno?>? store) =>
            files.PutAttribute($"{Directory}/{name}", show is null ? null : () => Page(show()), store);
    }

    /// <inheritdoc/>
    public override Errno? Probe(SimulatedFunction function)
    {
        if (!IsListed(function))
        {
            if (function.Override != DriverName)
            {
                return Errno.ENODEV;
            }

            _slots.Add(function.Address);
        }

        _log.Say($"pciback {function}: xen_pciback: seizing device");

        // xen_pcibk_config_init_dev makes the entry before pci_enable_device can fail, and what cleans up after that leaves it there.
        _entries.Add(function);
        if (function.CannotBeEnabled)
        {
            _log.Say($"pciback {function}: can't change power state from D3cold to D0 (config space inaccessible)");
            return Errno.EIO;
        }

        _seized.Insert(0, new SeizedFunction(function) { IsPermissive = _isAlwaysPermissive });
        return null;
    }

    /// <inheritdoc/>
    public override void Release(SimulatedFunction function)
    {
        if (function.Domid is { } domid)
        {
            _log.Say($"pciback {function}: xen_pciback: ****** removing device {function} while still in-use by domain {domid}! ******");
            _log.Say($"pciback {function}: xen_pciback: ****** driver domain may still access this device's i/o resources!");
            _log.Say($"pciback {function}: xen_pciback: ****** shutdown driver domain before binding device");
            _log.Say($"pciback {function}: xen_pciback: ****** to other drivers or domains");
        }

        _seized.RemoveAll(one => one.Function == function);

        // xen_pcibk_config_quirk_release: the first entry with the same ids, whosever it is.
        int first = _entries.FindIndex(one => IdsOf(one) == IdsOf(function));
        if (first >= 0)
        {
            _entries.RemoveAt(first);
        }
    }

    /// <summary>What it has been told; before it is given what it has.</summary>
    public void List(PcibackDescription told)
    {
        _slots.Clear();
        _slots.AddRange(told.Slots);
    }

    /// <summary>What it has been told of functions that it has.</summary>
    public void Mark(PcibackDescription told)
    {
        foreach (SeizedFunction seized in _seized)
        {
            seized.IsPermissive |= told.Permissive.Contains(seized.Function.Address);
            seized.AllowsInterruptControl |= told.AllowInterruptControl.Contains(seized.Function.Address);
        }

        foreach (string quirk in told.Quirks)
        {
            AddQuirk(quirk);
        }
    }

    /// <summary>The front end of a function is gone (pcistub_put_pci_dev): the fields that were added go with it.</summary>
    public void ForgetGuest(SimulatedFunction function)
    {
        foreach (SeizedFunction seized in _seized.Where(one => one.Function == function))
        {
            seized.AllowsInterruptControl = false;
            seized.Quirks.Clear();
        }
    }

    /// <inheritdoc/>
    protected internal override bool Knows(SimulatedFunction function) => true;

    private static string Lines<T>(IEnumerable<T> items) => string.Concat(items.Select(item => $"{item}\n"));

    // scnprintf into one page, whose last byte is the zero.
    private static string Page(string text) => text.Length < PciBus.PageSize ? text : text[..(PciBus.PageSize - 1)];

    // A bridge in the list makes all that is behind it eligible (pcistub_match).
    private bool IsListed(SimulatedFunction function)
    {
        for (SimulatedFunction? one = function; one is not null; one = one.Description.Parent is { } bridge ? _bus.Find(bridge) : null)
        {
            if (_slots.Contains(one.Address))
            {
                return true;
            }
        }

        return false;
    }

    private Errno? AddSlots(string text)
    {
        if (SlotPattern.TryParse(text) is not { } pattern)
        {
            return Errno.EINVAL;
        }

        if (pattern.Expand(out IReadOnlyList<PciAddress> addresses) is { } failure)
        {
            return failure;
        }

        _slots.AddRange(addresses.Where(address => !_slots.Contains(address)));
        return null;
    }

    private Errno? RemoveSlots(string text) => SlotPattern.TryParse(text) is not { } pattern ? Errno.EINVAL
        : _slots.RemoveAll(pattern.Matches) > 0 ? null : Errno.ENOENT;

    private Errno? Change(string text, Errno notThere, Action<SeizedFunction> change)
    {
        if (SlotPattern.TryParse(text) is not { } pattern)
        {
            return Errno.EINVAL;
        }

        if (Find(pattern) is not { } seized)
        {
            return notThere;
        }

        change(seized);
        return null;
    }

    private SeizedFunction? Find(SlotPattern pattern) =>
        pattern.Exact() is { } address ? _seized.Find(one => one.Function.Address == address) : null;

    private Errno? AddQuirk(string text)
    {
        if (!QuirkField.TryParse(text, out SlotPattern? slot, out QuirkField? field) || !field!.IsValid)
        {
            return Errno.EINVAL;
        }

        if (Find(slot!) is not { } seized)
        {
            return Errno.ENODEV;
        }

        // A register that it handles already is passed over without a word (conf_space.c, xen_pcibk_config_add_field_offset).
        if (QuirkField.Header.Concat(seized.Quirks).All(known => known.Register != field.Register))
        {
            seized.Quirks.Add(field);
        }

        return null;
    }

    private static (ushort, ushort, ushort, ushort) IdsOf(SimulatedFunction function) => (
        function.Description.VendorId,
        function.Description.DeviceId,
        function.Description.SubsystemVendorId,
        function.Description.SubsystemDeviceId);

    // quirks_show takes each entry's function for one that pciback has, and what its driver keeps of it for pciback's own.
    private string ShowQuirks()
    {
        StringBuilder text = new();
        foreach (SimulatedFunction function in _entries)
        {
            FunctionDescription what = function.Description;
            if (_seized.Find(one => one.Function == function) is not { } seized)
            {
                throw function.Binding is null
                    ? _log.Panic("BUG: kernel NULL pointer dereference, address: 0000000000000000", "quirks_show+0x95/0x140 [xen_pciback]")
                    : _log.Panic(
                        "general protection fault, probably for non-canonical address 0x3a31000031687475: 0000 [#1] PREEMPT SMP NOPTI",
                        "quirks_show+0xe1/0x140 [xen_pciback]");
            }

            PciAddress address = what.Address;
            text.Append(CultureInfo.InvariantCulture, $"{address.Bus:x2}:{address.Device:x2}.{address.Function:x1}\n")
                .Append(
                    CultureInfo.InvariantCulture,
                    $"\t{what.VendorId:x4}:{what.DeviceId:x4}:{what.SubsystemVendorId:x4}:{what.SubsystemDeviceId:x4}\n");
            foreach (QuirkField field in QuirkField.Header.Concat(seized.Quirks))
            {
                text.Append(CultureInfo.InvariantCulture, $"\t\t{field}\n");
            }
        }

        return text.ToString();
    }

    private string ShowHandlers() => Lines(_seized.Select(one =>
        $"{one.Function}:{(one.IsHandlerOn ? "on" : "off")}:{(one.IsAcknowledging ? "ack" : "not ack")}ing:0"));

    private static void ToggleHandler(SeizedFunction seized)
    {
        seized.IsHandlerOn = !seized.IsHandlerOn;
        seized.IsAcknowledging |= seized.IsHandlerOn;
    }
}
