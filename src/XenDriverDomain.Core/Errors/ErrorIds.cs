namespace XenDriverDomain.Errors;

/// <summary>
/// The constant ids of all errors and findings, one per cause, as they appear in an ErrorRecord, in a finding and in
/// about_XenDriverDomain_Errors. Each subject has a part of this class. A test finds every id raised, asserted and documented.
/// </summary>
public static partial class ErrorIds
{
}
