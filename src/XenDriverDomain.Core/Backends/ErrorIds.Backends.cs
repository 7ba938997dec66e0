namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A text is no unicast Ethernet address.</summary>
    public const string MacAddressMalformed = nameof(MacAddressMalformed);
}
