namespace XenDriverDomain.Simulation.Domains;

/// <summary>How long things take in the simulated world: about what an ordinary machine needs.</summary>
internal static class Timings
{
    /// <summary>Until a program runs: fork, exec, the dynamic linker.</summary>
    public static readonly TimeSpan ProgramStart = TimeSpan.FromMilliseconds(20);

    /// <summary>Until a kernel has seen a xenstore event and acted upon it.</summary>
    public static readonly TimeSpan KernelReaction = TimeSpan.FromMilliseconds(5);

    /// <summary>Reading a kernel and building a domain of it.</summary>
    public static readonly TimeSpan DomainBuild = TimeSpan.FromMilliseconds(800);

    /// <summary>What is left of a domain's memory to be freed.</summary>
    public static readonly TimeSpan DomainTeardown = TimeSpan.FromMilliseconds(150);

    /// <summary>From the first instruction to the first process.</summary>
    public static readonly TimeSpan KernelBoot = TimeSpan.FromMilliseconds(1500);

    /// <summary>From the first process to the next step of its script.</summary>
    public static readonly TimeSpan BootStep = TimeSpan.FromMilliseconds(250);

    /// <summary>A driver probing its card.</summary>
    public static readonly TimeSpan CardProbe = TimeSpan.FromMilliseconds(400);

    /// <summary>From the request to shut down until the kernel has stopped.</summary>
    public static readonly TimeSpan ShutDown = TimeSpan.FromMilliseconds(900);

    /// <summary>A hotplug script.</summary>
    public static readonly TimeSpan HotplugScript = TimeSpan.FromMilliseconds(300);

    /// <summary>After how long the inside of dom0's files starts an xl devd again that has ended.</summary>
    public static readonly TimeSpan DevdRestart = TimeSpan.FromSeconds(1);

    /// <summary>How often the guests' client sends a ping through each vif.</summary>
    public static readonly TimeSpan Ping = TimeSpan.FromMilliseconds(250);

    /// <summary>After how long without a reply the client says so.</summary>
    public static readonly TimeSpan PingSilence = TimeSpan.FromMilliseconds(1200);

    /// <summary>Until the toolstack's daemon notices that a domain has shut down.</summary>
    public static readonly TimeSpan MonitorReaction = TimeSpan.FromMilliseconds(100);

    /// <summary>From the firmware to a dom0 that answers.</summary>
    public static readonly TimeSpan HostBoot = TimeSpan.FromSeconds(40);

    /// <summary>xl's pause before it starts a domain anew.</summary>
    public static readonly TimeSpan BeforeRestart = TimeSpan.FromSeconds(2);

    /// <summary>How long libxl waits for a device to come (LIBXL_INIT_TIMEOUT) and to go (LIBXL_DESTROY_TIMEOUT).</summary>
    public static readonly TimeSpan LibxlDevice = TimeSpan.FromSeconds(10);
}
