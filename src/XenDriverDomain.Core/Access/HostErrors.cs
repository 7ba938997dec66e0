using XenDriverDomain.Errors;

namespace XenDriverDomain.Access;

/// <summary>Errors about a host as a whole that are the same however it is reached.</summary>
internal static class HostErrors
{
    /// <summary>Somebody disconnected from it.</summary>
    public static XenDriverDomainException Closed(string id) => new(
        ErrorIds.ConnectionLost,
        ErrorKind.Connection,
        $"The connection to {id} was closed on this side while it was used.",
        "Connect to it again with Connect-XenDom0.",
        id);
}
