namespace XenDriverDomain.Errors;

/// <summary>
/// The constant ids of all errors, one per cause, as they appear in an ErrorRecord and in about_XenDriverDomain_Errors.
/// Each area of the core declares its own in a part of this class that lies beside its code.
/// </summary>
public static partial class ErrorIds
{
}
