namespace XenDriverDomain.Domains;

/// <summary>What happens when reserved device memory (RMRR) cannot be mapped as it must be (xl-pci-configuration(5), rdm_policy).</summary>
public enum RdmPolicy
{
    /// <summary>The domain does not start.</summary>
    Strict,

    /// <summary>A warning is logged and the domain starts; risky.</summary>
    Relaxed,
}
