using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Domains;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Hosts;

/// <summary>A guest that a described host has: xl makes it when the host has booted, and brings it into its state.</summary>
/// <param name="Name">Its name.</param>
internal sealed record GuestDescription(string Name)
{
    /// <summary>How it is virtualised.</summary>
    public DomainType Type { get; init; } = DomainType.PV;

    /// <summary>True for a driver domain, which serves; false for a client, which pings through each vif.</summary>
    public bool IsDriverDomain { get; init; }

    /// <summary>What has become of it.</summary>
    public GuestState State { get; init; }

    /// <summary>Its memory in MiB.</summary>
    public int MemoryMB { get; init; } = 256;

    /// <summary>Its virtual CPUs.</summary>
    public int Vcpus { get; init; } = 1;

    /// <summary>The functions that it has.</summary>
    public IReadOnlyList<PciAddress> Cards { get; init; } = [];

    /// <summary>Its network interfaces.</summary>
    public IReadOnlyList<VifSpec> Vifs { get; init; } = [];

    /// <summary>The bridge that a driver domain is expected to have inside.</summary>
    public string Bridge { get; init; } = "xenbr0";

    /// <summary>What does not work in it.</summary>
    public IReadOnlyList<GuestPart> Broken { get; init; } = [];

    /// <summary>False for one that is only a configuration file.</summary>
    public bool HasRun => State != GuestState.Configured;
}

/// <summary>What has become of a described guest.</summary>
internal enum GuestState
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It is paused.</summary>
    Paused,

    /// <summary>It has crashed, and is kept (on_crash = "preserve").</summary>
    Crashed,

    /// <summary>It has shut down, and is kept (on_poweroff = "preserve").</summary>
    ShutDown,

    /// <summary>It ran, and was destroyed with xl destroy: whom it served is orphaned.</summary>
    Destroyed,

    /// <summary>It is a configuration file, and was never started.</summary>
    Configured,
}

/// <summary>A part of a guest that can be broken.</summary>
internal enum GuestPart
{
    /// <summary>xl devd does not run.</summary>
    Devd,

    /// <summary>xen-netback is not loaded.</summary>
    Netback,

    /// <summary>The bridge that is expected is not there; one of another name is.</summary>
    Bridge,

    /// <summary>The hotplug script fails.</summary>
    Script,

    /// <summary>It is deaf to requests to shut down.</summary>
    Shutdown,
}
