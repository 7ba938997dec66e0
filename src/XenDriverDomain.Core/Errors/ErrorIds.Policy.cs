namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A field of the configuration space breaks a rule of pciback's.</summary>
    public const string PciQuirkFieldMalformed = nameof(PciQuirkFieldMalformed);

    /// <summary>pciback does not have the device, so that nothing can be set for it.</summary>
    public const string PciNotSeized = nameof(PciNotSeized);

    /// <summary>pciback handles that register already, in another way.</summary>
    public const string PciQuirkRegisterTaken = nameof(PciQuirkRegisterTaken);

    /// <summary>pciback did not take a field.</summary>
    public const string PciQuirkFailed = nameof(PciQuirkFailed);

    /// <summary>pciback did not make a device permissive.</summary>
    public const string PciPermissiveFailed = nameof(PciPermissiveFailed);

    /// <summary>A rule of a PCI policy is malformed.</summary>
    public const string PciPolicyRuleMalformed = nameof(PciPolicyRuleMalformed);

    /// <summary>There is no such policy file.</summary>
    public const string PciPolicyNotFound = nameof(PciPolicyNotFound);

    /// <summary>A policy without rules was given.</summary>
    public const string PciPolicyEmpty = nameof(PciPolicyEmpty);

    /// <summary>The host's init system did not take the policy's unit.</summary>
    public const string PciPolicyNotEnabled = nameof(PciPolicyNotEnabled);
}
