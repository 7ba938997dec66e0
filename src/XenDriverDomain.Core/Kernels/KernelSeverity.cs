namespace XenDriverDomain.Kernels;

/// <summary>What a finding about a kernel means for the role.</summary>
public enum KernelSeverity
{
    /// <summary>The kernel fits; something must be seen to when it is used.</summary>
    Information,

    /// <summary>The kernel fits, and lacks something that many installations need.</summary>
    Warning,

    /// <summary>The kernel does not fit the role.</summary>
    Error,
}
