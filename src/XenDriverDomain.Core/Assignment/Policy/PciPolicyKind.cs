namespace XenDriverDomain.Assignment.Policy;

/// <summary>What a rule of the policy lets a guest do.</summary>
public enum PciPolicyKind
{
    /// <summary>Write all of the configuration space.</summary>
    Permissive,

    /// <summary>Write one field of the configuration space.</summary>
    Quirk,
}
