using System.Globalization;
using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.XenStore.Client;

/// <summary>The errors of a connection to xenstored, in one place so that each is worded once.</summary>
internal static class XenStoreErrors
{
    private const string ConnectAgain = "Look whether xenstored is alive on dom0, then run the command again; it connects anew.";

    public static XenDriverDomainException TooLarge(MessageType type, string subject, int size) => new(
        ErrorIds.XenStoreRequestTooLarge,
        ErrorKind.InvalidArgument,
        $"The request to {type.ToWords()} {Text.Show(subject)} has {size} bytes; xenstore's protocol allows {MessageHeader.PayloadMax}.",
        "Write a shorter value: path, value and one byte between them must fit.",
        subject);

    public static XenDriverDomainException Protocol(string detail) => new(
        ErrorIds.XenStoreProtocolError,
        ErrorKind.Protocol,
        $"xenstored broke its protocol: {detail}. The connection was ended.",
        ConnectAgain);

    public static XenDriverDomainException NoReply(string request, TimeSpan limit) => new(
        ErrorIds.XenStoreNoReply,
        ErrorKind.Timeout,
        string.Create(
            CultureInfo.InvariantCulture,
            $"xenstored did not finish its answer to the request to {request} within {limit.TotalSeconds:0.###} s. The "
                + $"connection was ended."),
        ConnectAgain);

    public static XenDriverDomainException Lost(string how, Exception? cause = null) => new(
        ErrorIds.XenStoreConnectionLost,
        ErrorKind.Connection,
        $"The connection to xenstored was lost: {how}.",
        (cause as XenDriverDomainException)?.Remedy ?? ConnectAgain,
        target: null,
        cause);

    public static XenDriverDomainException Closed() => new(
        ErrorIds.XenStoreConnectionLost,
        ErrorKind.Connection,
        "The connection to xenstored was closed on this side.",
        "Connect to the host again.");

    public static XenDriverDomainException Conflict(int attempts) => new(
        ErrorIds.XenStoreTransactionConflict,
        ErrorKind.InUse,
        $"A transaction met a change by somebody else each of the {attempts} times it was tried.",
        "Try again when less is going on: domains may be starting or stopping.");

    public static XenDriverDomainException ListUnstable(string path, int restarts) => new(
        ErrorIds.XenStoreListUnstable,
        ErrorKind.InUse,
        $"The children of {path} changed each of the {restarts + 1} times their list was read.",
        "Try again when less is going on below that path.",
        path);

    public static XenDriverDomainException TreeTooLarge(string path, int limit) => new(
        ErrorIds.XenStoreTreeTooLarge,
        ErrorKind.InvalidState,
        $"There are more than {limit} nodes below {path}, the most that are read of it.",
        "Look with xenstore-ls what fills the tree; a domain may be flooding it.",
        path);
}
