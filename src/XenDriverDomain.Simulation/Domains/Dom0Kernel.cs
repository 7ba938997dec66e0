namespace XenDriverDomain.Simulation.Domains;

/// <summary>The part of dom0's kernel that serves domains: xen-netback, and pciback's end of the PCI front ends.</summary>
internal sealed class Dom0Kernel
{
    public Dom0Kernel(World world)
    {
        Kernel kernel = new(world, 0);
        Dom0Bridges bridges = new(world.Machine);
        Netback = world.Machine.Host.OtherModules.GetValueOrDefault("xen-netback") ? new Netback(kernel, bridges) : null;
        Script = new VifScript(kernel, bridges, () => Netback);
        _ = new PcibackBackend(kernel);
    }

    /// <summary>dom0's network back end; null when its module is not loaded.</summary>
    public Netback? Netback { get; }

    /// <summary>The hotplug script, which libxl itself runs in dom0.</summary>
    public VifScript Script { get; }
}
