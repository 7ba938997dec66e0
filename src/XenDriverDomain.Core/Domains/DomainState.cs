namespace XenDriverDomain.Domains;

/// <summary>What a domain is doing (xl list's letters r b p s c d).</summary>
public enum DomainState
{
    /// <summary>Running or ready to run.</summary>
    Running,

    /// <summary>Waiting for something; idle.</summary>
    Blocked,

    /// <summary>Paused by the administrator.</summary>
    Paused,

    /// <summary>Shut down but not yet gone.</summary>
    Shutdown,

    /// <summary>Crashed and kept for inspection.</summary>
    Crashed,

    /// <summary>Being destroyed.</summary>
    Dying,

    /// <summary>
    /// Not asked for, or not to be found out: xenstore knows which domains there are, but only xl (the hypervisor) what they do.
    /// </summary>
    Unknown,
}
