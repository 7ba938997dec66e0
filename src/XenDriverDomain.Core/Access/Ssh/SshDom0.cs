using XenDriverDomain.XenStore;

namespace XenDriverDomain.Access.Ssh;

/// <summary>Makes the <see cref="Dom0"/> of a host that is reached by SSH.</summary>
internal static class SshDom0
{
    /// <summary>
    /// Connects; the errors are those of <see cref="SshConnection.ConnectAsync(SshOptions, TimeProvider, CancellationToken)"/>.
    /// </summary>
    /// <param name="options">The host and the way to it.</param>
    /// <param name="time">The clock of every wait.</param>
    /// <param name="openStore">Makes the xenstore client when it is first asked for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Dom0> ConnectAsync(
        SshOptions options,
        TimeProvider time,
        Func<Dom0, CancellationToken, ValueTask<IXenStoreClient>> openStore,
        CancellationToken cancellationToken)
    {
        SshConnection connection = await SshConnection.ConnectAsync(options, time, cancellationToken).ConfigureAwait(false);
        return new Dom0(
            connection.Id, connection.Files, connection.Commands, connection.XenStoreTransport, openStore, time, connection)
        {
            Lock = connection.Lock,
        };
    }
}
