namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A step of a change failed for a reason that has no id of its own.</summary>
    public const string ChangeFailed = nameof(ChangeFailed);

    /// <summary>Somebody else changes the host.</summary>
    public const string Dom0Locked = nameof(Dom0Locked);
}
