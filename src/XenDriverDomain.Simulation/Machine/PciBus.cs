using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>
/// The kernel's driver core for the PCI bus: which functions and drivers there are, and who has whom (drivers/base/bus.c, dd.c,
/// drivers/pci/pci-sysfs.c of Linux 6.1). The caller holds the machine's lock.
/// </summary>
internal sealed class PciBus
{
    /// <summary>The most that an attribute shows or takes.</summary>
    public const int PageSize = 4096;

    private const string Directory = "/sys/bus/pci";

    private readonly SimulatedFiles _files;
    private readonly ChildDevices _children;
    private readonly Action<SimulatedFunction> _tell;
    private readonly Dictionary<PciAddress, FunctionDescription> _unplugged = [];

    // By address.
    private readonly List<SimulatedFunction> _functions = [];

    // In the order of loading, in which a function is offered to them.
    private readonly List<PciDriver> _drivers = [];
    private bool _isAutoProbing = true;

    /// <summary>An empty bus.</summary>
    /// <param name="files">Where it shows itself.</param>
    /// <param name="children">What drivers make of functions.</param>
    /// <param name="tell">Called under the lock when a function got or lost a driver.</param>
    public PciBus(SimulatedFiles files, ChildDevices children, Action<SimulatedFunction> tell)
    {
        _files = files;
        _children = children;
        _tell = tell;
        files.MakeDirectory(Directory + "/devices");
        files.MakeDirectory(Directory + "/drivers");
        files.PutAttribute(Directory + "/drivers_probe", null, Probe);
        files.PutAttribute(
            Directory + "/drivers_autoprobe",
            () => _isAutoProbing ? "1\n" : "0\n",
            text =>
            {
                _isAutoProbing = !text.StartsWith('0');
                return null;
            });
        files.PutAttribute(Directory + "/rescan", null, text =>
        {
            if (StoredText.Number(text) is not { } number)
            {
                return Errno.EINVAL;
            }

            if (number != 0)
            {
                Rescan();
            }

            return null;
        });
    }

    /// <summary>The functions by address.</summary>
    public IReadOnlyList<SimulatedFunction> Functions => _functions;

    /// <summary>The drivers that are loaded.</summary>
    public IReadOnlyList<PciDriver> Drivers => _drivers;

    /// <summary>One function, or null.</summary>
    public SimulatedFunction? Find(PciAddress address) => _functions.Find(one => one.Address == address);

    /// <summary>A function is plugged in; no driver is offered it yet.</summary>
    public SimulatedFunction Add(FunctionDescription description)
    {
        PciAddress address = description.Address;
        string parent = description.Parent is { } bridge
            ? Find(bridge)!.Directory
            : description.Root ?? string.Create(CultureInfo.InvariantCulture, $"/sys/devices/pci{address.Domain:x4}:{address.Bus:x2}");
        SimulatedFunction function = new(description, $"{parent}/{address}") { Override = description.AtStart?.Override };
        _functions.Insert(_functions.FindLastIndex(one => one.Address.CompareTo(address) < 0) + 1, function);
        new FunctionDirectory(_files, this, function).Create();
        return function;
    }

    /// <summary>Offers a function without a driver to all of them.</summary>
    public void Attach(SimulatedFunction function)
    {
        foreach (PciDriver driver in _drivers)
        {
            if (function.Binding is not null)
            {
                return;
            }

            if (driver.IsOffered(function))
            {
                Take(driver, function);
            }
        }
    }

    /// <summary>Gives a function to a driver by name, as the boot did.</summary>
    public void AttachAtBoot(SimulatedFunction function, string driver)
    {
        if (_drivers.Find(one => one.Name == driver) is { } found)
        {
            Take(found, function);
        }
    }

    /// <summary>Brings a function into the state in which the boot left it.</summary>
    public void Settle(SimulatedFunction function, FunctionState state)
    {
        if (function.Driver != state.Driver)
        {
            Detach(function);
            function.IsAsBooted = false;
            if (state.Driver is { } driver)
            {
                AttachAtBoot(function, driver);
            }
        }

        function.Domid = state.Domid;
        function.IsQuarantined = state.IsQuarantined;
        SetMessages(function, state.UsesMessages);
    }

    /// <summary>
    /// Sets message-signalled interrupts up for a PV guest, or gives them back (pciback_ops.c, xen_pcibk_enable_msi and its like), where
    /// the function can raise some: where its own driver uses them.
    /// </summary>
    public void SetMessages(SimulatedFunction function, bool inUse)
    {
        if (function.UsesMessages == inUse
            || function.Description.Children.FirstOrDefault(child => child.Path == Parts.MessageDirectory) is not { } messages
            || function.Driver is not { } driver || driver == function.Description.Driver)
        {
            return;
        }

        function.UsesMessages = inUse;
        if (inUse)
        {
            _children.Add(function.Directory, messages, isConfigured: false);
        }
        else
        {
            _children.Remove(function.Directory, messages);
        }
    }

    /// <summary>A driver is loaded and offered all functions without one.</summary>
    public void Register(PciDriver driver)
    {
        _drivers.Add(driver);
        _files.MakeDirectory(driver.Directory);
        _files.PutAttribute(driver.Directory + "/bind", null, text => Bind(driver, text));
        _files.PutAttribute(driver.Directory + "/unbind", null, text => Unbind(driver, text));
        _files.PutAttribute(driver.Directory + "/new_id", null, text => AddId(driver, text));
        _files.PutAttribute(driver.Directory + "/remove_id", null, driver.RemoveId);
        _files.PutAttribute(driver.Directory + "/uevent", null, _ => null);
        if (driver.Module is { } module)
        {
            string link = driver.Directory + "/module";
            _files.MakeDirectory($"/sys/module/{module}");
            _files.Link(link, SysLink.Target(link, $"/sys/module/{module}"));
        }

        driver.Show(_files);
        AttachAll(driver);
    }

    /// <summary>A driver is unloaded and lets go of all it has.</summary>
    public void Unregister(PciDriver driver)
    {
        foreach (SimulatedFunction function in Functions.Where(one => one.Binding == driver).ToArray())
        {
            Detach(function);
        }

        _drivers.Remove(driver);
        _files.Remove(driver.Directory);
        if (driver.Module is { } module)
        {
            _files.Remove($"/sys/module/{module}");
        }
    }

    /// <summary>Unplugs a function and all that is behind it, as a store to its remove attribute does.</summary>
    public void Remove(SimulatedFunction function)
    {
        foreach (SimulatedFunction below in Functions.Where(one => one.Description.Parent == function.Address).Reverse().ToArray())
        {
            Remove(below);
        }

        if (!_functions.Contains(function))
        {
            return;
        }

        Detach(function);
        SetVirtualFunctions(function, 0);
        _functions.Remove(function);
        if (function.Description.PhysicalFunction is null)
        {
            _unplugged[function.Address] = function.Description;
        }

        _files.Remove($"{Directory}/devices/{function}");
        _files.Remove(function.Directory);
    }

    /// <summary>Takes a function and all that is behind it out of the machine: no rescan finds it.</summary>
    /// <returns>What has gone, the function itself last.</returns>
    public IReadOnlyList<SimulatedFunction> PullOut(SimulatedFunction function)
    {
        SimulatedFunction[] before = [.. _functions];
        Remove(function);
        SimulatedFunction[] gone = [.. before.Except(_functions).OrderBy(one => one == function)];
        foreach (SimulatedFunction one in gone)
        {
            _unplugged.Remove(one.Address);
        }

        return gone;
    }

    /// <summary>Puts functions into the machine and finds them.</summary>
    public void PutIn(IReadOnlyList<FunctionDescription> functions)
    {
        foreach (FunctionDescription function in functions)
        {
            _unplugged[function.Address] = function;
        }

        Rescan();
    }

    /// <summary>Puts a network card's cable in, or takes it out; what the kernel shows follows where dom0 has the card.</summary>
    public void SetLink(SimulatedFunction function, bool isIn)
    {
        function.HasLink = isIn;
        foreach (ChildDevice child in function.Description.Children.Where(child => child.Path.StartsWith("net/", StringComparison.Ordinal)))
        {
            string attribute = $"{function.Directory}/{child.Path}/operstate";
            if (_files.Exists(attribute))
            {
                string state = isIn && function.IsAsBooted && child.ConfiguredAttributes.TryGetValue("operstate", out string? configured)
                    ? configured
                    : "down";
                _files.PutAttribute(attribute, () => state + "\n");
            }
        }
    }

    /// <summary>Finds what was unplugged, and offers it to the drivers.</summary>
    public void Rescan()
    {
        SimulatedFunction[] found =
        [
            .. _unplugged.Values.OrderBy(one => one.Address)
                .Where(one => one.Parent is not { } bridge || Find(bridge) is not null || _unplugged.ContainsKey(bridge))
                .OrderBy(one => Depth(one)).Select(Add),
        ];
        foreach (SimulatedFunction function in found)
        {
            _unplugged.Remove(function.Address);
            function.IsAsBooted = false;
            AttachIfAutomatic(function);
        }
    }

    /// <summary>Makes or removes the virtual functions of a function (SR-IOV).</summary>
    public void SetVirtualFunctions(SimulatedFunction function, int count)
    {
        if (function.Description.VirtualFunctions is not { } what || count == function.VirtualFunctionCount)
        {
            return;
        }

        for (int i = 0; i < function.VirtualFunctionCount; i++)
        {
            if (Find(AddressOf(function, what, i)) is { } old)
            {
                Remove(old);
            }

            _files.Remove($"{function.Directory}/virtfn{i}");
        }

        function.VirtualFunctionCount = count;
        for (int i = 0; i < count; i++)
        {
            PciAddress address = AddressOf(function, what, i);
            SimulatedFunction made = Add(
                what.Known.FirstOrDefault(known => known.Address == address) ?? Describe(function.Description, what, address, i));
            made.IsAsBooted = false;
            _files.Link($"{function.Directory}/virtfn{i}", SysLink.Target($"{function.Directory}/virtfn{i}", made.Directory));
            _files.Link($"{made.Directory}/physfn", SysLink.Target($"{made.Directory}/physfn", function.Directory));
            AttachIfAutomatic(made);
        }
    }

    private static PciAddress AddressOf(SimulatedFunction function, VirtualFunctionsDescription what, int number)
    {
        int id = ((function.Address.Bus << 8) | (function.Address.Device << 3) | function.Address.Function) + what.Offset
            + (number * what.Stride);
        return new PciAddress(function.Address.Domain, id >> 8, (id >> 3) & 0x1f, id & 7);
    }

    private static FunctionDescription Describe(
        FunctionDescription physical, VirtualFunctionsDescription what, PciAddress address, int number) => new(address)
        {
            Parent = physical.Parent,
            PhysicalFunction = physical.Address,
            VendorId = physical.VendorId,
            DeviceId = what.DeviceId,
            SubsystemVendorId = physical.SubsystemVendorId,
            SubsystemDeviceId = physical.SubsystemDeviceId,
            ClassCode = physical.ClassCode,
            Revision = physical.Revision,
            ResetMethods = ["flr"],
            Driver = what.Driver,
            Children = what.InterfacePattern is null
                ? []
                : [Parts.NetworkInterface(
                    string.Format(CultureInfo.InvariantCulture, what.InterfacePattern, number),
                    $"52:54:00:d0:{address.Bus:x2}:{number:x2}")],
        };

    private int Depth(FunctionDescription function) => function.Parent is not { } bridge ? 0
        : 1 + (_unplugged.TryGetValue(bridge, out FunctionDescription? above) ? Depth(above) : 0);

    private SimulatedFunction? Named(string text) =>
        _functions.Find(function => function.ToString() == StoredText.Line(text));

    // bind_store, __driver_probe_device.
    private Errno? Bind(PciDriver driver, string text)
    {
        if (Named(text) is not { } function || !driver.IsOffered(function))
        {
            return Errno.ENODEV;
        }

        return function.Binding is not null ? Errno.EBUSY : Take(driver, function);
    }

    // unbind_store.
    private Errno? Unbind(PciDriver driver, string text)
    {
        if (Named(text) is not { } function || function.Binding != driver)
        {
            return Errno.ENODEV;
        }

        Detach(function);
        return null;
    }

    // drivers_probe_store: that nobody wants the function is no error.
    private Errno? Probe(string text)
    {
        if (Named(text) is not { } function)
        {
            return Errno.ENODEV;
        }

        Attach(function);
        return null;
    }

    private Errno? AddId(PciDriver driver, string text)
    {
        Errno? failure = driver.AddId(text);
        if (failure is null)
        {
            AttachAll(driver);
        }

        return failure;
    }

    private void AttachIfAutomatic(SimulatedFunction function)
    {
        if (_isAutoProbing)
        {
            Attach(function);
        }
    }

    private void AttachAll(PciDriver driver)
    {
        if (!_isAutoProbing)
        {
            return;
        }

        foreach (SimulatedFunction function in Functions.Where(one => one.Binding is null && driver.IsOffered(one)).ToArray())
        {
            Take(driver, function);
        }
    }

    private Errno? Take(PciDriver driver, SimulatedFunction function)
    {
        if (driver.Probe(function) is { } failure)
        {
            return failure;
        }

        function.Binding = driver;
        string name = function.ToString();
        _files.Link($"{driver.Directory}/{name}", SysLink.Target($"{driver.Directory}/{name}", function.Directory));
        _files.Link($"{function.Directory}/driver", SysLink.Target($"{function.Directory}/driver", driver.Directory));
        if (driver.Name == function.Description.Driver)
        {
            foreach (ChildDevice child in function.Description.Children)
            {
                _children.Add(function.Directory, child, function.IsAsBooted);
            }
        }

        _tell(function);
        return null;
    }

    private void Detach(SimulatedFunction function)
    {
        if (function.Binding is not { } driver)
        {
            return;
        }

        driver.Release(function);
        SetMessages(function, inUse: false);
        if (driver.Name == function.Description.Driver)
        {
            // The driver of a physical function takes the virtual ones back.
            SetVirtualFunctions(function, 0);
            foreach (ChildDevice child in function.Description.Children)
            {
                _children.Remove(function.Directory, child);
            }
        }

        function.IsAsBooted = false;
        function.Binding = null;
        _files.Remove($"{driver.Directory}/{function}");
        _files.Remove($"{function.Directory}/driver");
        _tell(function);
    }
}
