namespace XenDriverDomain.Simulation.Faults;

/// <summary>What befalls a program.</summary>
public enum CommandFaultKind
{
    /// <summary>It does nothing and never ends.</summary>
    Hang,

    /// <summary>It does nothing and ends with an exit code and a message.</summary>
    Fail,

    /// <summary>It does its work, and is killed (exit code 137) before it could say so.</summary>
    Die,

    /// <summary>It does nothing, says nothing, and ends with exit code 0.</summary>
    Lie,
}
