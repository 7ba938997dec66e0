using System.IO.Enumeration;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>A PCI driver that is loaded. The caller holds the machine's lock.</summary>
internal class PciDriver(DriverDescription description)
{
    private readonly List<DynamicId> _dynamicIds = [];

    /// <summary>Its directory below /sys/bus/pci/drivers.</summary>
    public string Name => description.Name;

    /// <summary>The module it is in, as the kernel spells it; null when it is built in.</summary>
    public string? Module => description.Module?.Replace('-', '_');

    /// <summary>Where its attributes are.</summary>
    public string Directory => $"/sys/bus/pci/drivers/{Name}";

    /// <summary>
    /// Whether the PCI core offers it a function: an override decides alone (pci_match_device, drivers/pci/pci-driver.c).
    /// </summary>
    public bool IsOffered(SimulatedFunction function) =>
        function.Override is { } only ? only == Name : Knows(function);

    /// <summary>Takes a function, or says why not.</summary>
    public virtual Errno? Probe(SimulatedFunction function) => null;

    /// <summary>Lets go of a function, which it still has.</summary>
    public virtual void Release(SimulatedFunction function)
    {
    }

    /// <summary>Adds its own attributes to the directory.</summary>
    public virtual void Show(Files.SimulatedFiles files)
    {
    }

    /// <summary>The store to new_id: "vendor device [subvendor subdevice class mask data]" (new_id_store).</summary>
    public Errno? AddId(string text)
    {
        if (DynamicId.TryParse(text) is not { } id)
        {
            return Errno.EINVAL;
        }

        if (_dynamicIds.Contains(id))
        {
            return Errno.EEXIST;
        }

        _dynamicIds.Add(id);
        return null;
    }

    /// <summary>The store to remove_id (remove_id_store).</summary>
    public Errno? RemoveId(string text) =>
        DynamicId.TryParse(text) is not { } id ? Errno.EINVAL : _dynamicIds.Remove(id) ? null : Errno.ENODEV;

    /// <summary>Whether its table of ids has the function.</summary>
    protected internal virtual bool Knows(SimulatedFunction function) =>
        _dynamicIds.Any(id => id.Matches(function.Description))
        || description.Aliases.Concat(description.OtherAliases).Any(alias =>
            FileSystemName.MatchesSimpleExpression(alias, function.Description.ModuleAlias, ignoreCase: false));
}
