using System.Net.Sockets;

namespace XenDriverDomain.Errors;

/// <summary>
/// Makes an error of this product's of whatever was thrown, so that no user ever meets the words of .NET. What was thrown is kept
/// as the inner exception, for whoever looks for the fault.
/// </summary>
public static class AnyError
{
    private const string Report =
        "Run the same command again. If it fails again, please report it, with the command and with what Get-Error shows after it.";

    /// <summary>True when nothing can go on after it, so that it must not be caught.</summary>
    public static bool IsFatal(Exception e) => e is OutOfMemoryException or AccessViolationException;

    /// <summary>The error; what is one already comes back as it is.</summary>
    /// <param name="thrown">What was thrown.</param>
    /// <param name="doing">What was being done, as the beginning of a sentence: "Get-XenGuest", "The step "Write FILE"".</param>
    /// <param name="host">The host on which it was done; null for none.</param>
    /// <param name="target">What the user named; null for the host.</param>
    public static XenDriverDomainException From(Exception thrown, string doing, string? host = null, object? target = null)
    {
        Exception cause = Unwrap(thrown);
        if (cause is XenDriverDomainException ours)
        {
            return ours;
        }

        string id = IdOf(cause);
        return new XenDriverDomainException(
            id,
            KindOf(id),
            $"{doing} failed{(host is null ? string.Empty : $" on {host}")}: {WordsFor(cause)}",
            RemedyFor(id),
            target ?? host,
            cause);
    }

    /// <summary>Why something failed, as a sentence that goes on after a colon.</summary>
    public static string WordsFor(Exception thrown) => Unwrap(thrown) switch
    {
        XenDriverDomainException ours => ours.Message,
        OperationCanceledException or TimeoutException => "it took too long and was given up.",
        Exception e when IsOfConnection(e) => "the connection that it used broke, or was closed.",
        _ => "a fault of this module, not of the host.",
    };

    /// <summary>The id of the error.</summary>
    public static string IdOf(Exception thrown) => Unwrap(thrown) switch
    {
        XenDriverDomainException ours => ours.ErrorId,
        OperationCanceledException or TimeoutException => ErrorIds.OperationTimedOut,
        Exception e when IsOfConnection(e) => ErrorIds.ConnectionLost,
        _ => ErrorIds.InternalError,
    };

    private static ErrorKind KindOf(string id) => id switch
    {
        ErrorIds.OperationTimedOut => ErrorKind.Timeout,
        ErrorIds.ConnectionLost => ErrorKind.Connection,
        _ => ErrorKind.Internal,
    };

    private static string RemedyFor(string id) => id switch
    {
        ErrorIds.OperationTimedOut => "Look at dom0's state (xl list, dmesg) and run the command again.",
        ErrorIds.ConnectionLost => "Look whether the host is up, then connect to it again with Connect-XenDom0.",
        _ => Report,
    };

    private static bool IsOfConnection(Exception e) => e is IOException or SocketException or ObjectDisposedException;

    private static Exception Unwrap(Exception e)
    {
        while (e is AggregateException { InnerExceptions.Count: 1 } one)
        {
            e = one.InnerExceptions[0];
        }

        return e;
    }
}
