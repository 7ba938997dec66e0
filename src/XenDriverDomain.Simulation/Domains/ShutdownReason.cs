namespace XenDriverDomain.Simulation.Domains;

/// <summary>Why a domain stopped by itself (xen/include/public/sched.h, SHUTDOWN_*).</summary>
internal enum ShutdownReason
{
    /// <summary>It powered itself off.</summary>
    Poweroff = 0,

    /// <summary>It wants to be started anew.</summary>
    Reboot = 1,

    /// <summary>It asked to be saved.</summary>
    Suspend = 2,

    /// <summary>It crashed.</summary>
    Crash = 3,
}
