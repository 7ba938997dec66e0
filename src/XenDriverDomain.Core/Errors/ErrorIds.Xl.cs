namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>There is no xl on the host.</summary>
    public const string XlNotFound = nameof(XlNotFound);

    /// <summary>xl is there but cannot work: not root, not dom0, or xenstored is missing.</summary>
    public const string XlNotUsable = nameof(XlNotUsable);

    /// <summary>An xl command did not bring about what it should have.</summary>
    public const string XlCommandFailed = nameof(XlCommandFailed);

    /// <summary>xl printed something that could not be understood.</summary>
    public const string XlOutputNotUnderstood = nameof(XlOutputNotUnderstood);
}
