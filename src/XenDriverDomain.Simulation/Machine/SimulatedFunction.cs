using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>A PCI function of a running machine. What changes is guarded by the machine's lock.</summary>
internal sealed class SimulatedFunction
{
    internal SimulatedFunction(FunctionDescription description, string directory)
    {
        Description = description;
        Directory = directory;
        ResetMethods = [.. description.ResetMethods];
    }

    /// <summary>What it is.</summary>
    public FunctionDescription Description { get; }

    /// <summary>Its address.</summary>
    public PciAddress Address => Description.Address;

    /// <summary>The driver that has it; null for none.</summary>
    public string? Driver => Binding?.Name;

    /// <summary>The only driver that may take it (driver_override); null for any.</summary>
    public string? Override { get; internal set; }

    /// <summary>The domain that Xen has given it to; null while dom0 or the quarantine has it.</summary>
    public int? Domid { get; internal set; }

    /// <summary>True in Xen's quarantine (dom_io); a domain that gets it from there gives it back there.</summary>
    public bool IsQuarantined { get; internal set; }

    /// <summary>True for one that pciback cannot enable, which ends its probe late.</summary>
    internal bool CannotBeEnabled { get; set; }

    /// <summary>
    /// True while message-signalled interrupts are set up for another one than the driver made for it: a PV guest's, by pciback.
    /// </summary>
    internal bool UsesMessages { get; set; }

    /// <summary>False for a network card whose cable is out.</summary>
    internal bool HasLink { get; set; } = true;

    /// <summary>Its directory below /sys/devices.</summary>
    internal string Directory { get; }

    /// <summary>The driver that has it.</summary>
    internal PciDriver? Binding { get; set; }

    /// <summary>The ways to reset it that are in use now.</summary>
    internal List<string> ResetMethods { get; set; }

    /// <summary>How many virtual functions it has now.</summary>
    internal int VirtualFunctionCount { get; set; }

    /// <summary>True from the boot on until a driver lets go of it: what start-up scripts have set up is still there.</summary>
    internal bool IsAsBooted { get; set; } = true;

    /// <summary>The address.</summary>
    public override string ToString() => Address.ToString();
}
