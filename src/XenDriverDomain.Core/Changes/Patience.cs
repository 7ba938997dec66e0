namespace XenDriverDomain.Changes;

/// <summary>How long changes wait when nobody says otherwise: one number for each thing that is waited for.</summary>
public static class Patience
{
    /// <summary>
    /// Until what was asked for has come about: a domain has shut down, a driver domain serves, both ends of a device are connected. It is
    /// above all of libxl's own time-outs (40 s for a hotplug script, 60 s for a device model), and a driver domain boots within it.
    /// </summary>
    public static TimeSpan Effect { get; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Until a device is detached. libxl waits 10 s for each part of that (LIBXL_HOTPLUG_TIMEOUT), and a busy driver domain may need
    /// longer.
    /// </summary>
    public static TimeSpan Detach { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Until all of a change is undone that did not come to its end.</summary>
    public static TimeSpan Undo { get; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Until a device is attached or detached while a change is undone: less than <see cref="Undo"/>, which the other steps need, too.
    /// </summary>
    public static TimeSpan UndoOfDevice { get; } = TimeSpan.FromSeconds(40);
}
