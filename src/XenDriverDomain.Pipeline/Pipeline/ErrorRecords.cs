using System.Management.Automation;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Pipeline;

/// <summary>The one place where errors of the core become error records.</summary>
internal static class ErrorRecords
{
    /// <summary>The record of an error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="target">What it happened to; null for what the error itself says.</param>
    /// <param name="message">How it is shown: its message, with the host where there are several.</param>
    /// <param name="remedy">What can be done: its remedy, or what a cmdlet knows better.</param>
    internal static ErrorRecord From(XenDriverDomainException error, object? target, string message, string remedy) =>
        new(error, error.ErrorId, CategoryOf(error.Kind), target ?? error.Target)
        {
            // PowerShell's error views show both.
            ErrorDetails = new ErrorDetails(message) { RecommendedAction = remedy },
        };

    private static ErrorCategory CategoryOf(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        ErrorKind.InUse => ErrorCategory.ResourceBusy,
        ErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        ErrorKind.NotInstalled => ErrorCategory.NotInstalled,
        ErrorKind.Connection => ErrorCategory.ConnectionError,
        ErrorKind.Timeout => ErrorCategory.OperationTimeout,
        ErrorKind.InvalidState => ErrorCategory.InvalidOperation,
        ErrorKind.Protocol => ErrorCategory.ProtocolError,
        ErrorKind.Device => ErrorCategory.DeviceError,
        ErrorKind.NotSupported => ErrorCategory.NotImplemented,
        ErrorKind.ChangeFailed => ErrorCategory.OperationStopped,
        ErrorKind.Internal => ErrorCategory.InvalidResult,
        _ => ErrorCategory.InvalidResult,
    };
}
