namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>Something failed that nobody foresaw: a fault of this product.</summary>
    public const string InternalError = nameof(InternalError);

    /// <summary>Something was given up because it took too long, and it is not known what it was waiting for.</summary>
    public const string OperationTimedOut = nameof(OperationTimedOut);
}
