using System.Diagnostics;
using System.Net.Sockets;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Access.Posix;

/// <summary>A connection to xenstored through its Unix socket, or through a forwarded one.</summary>
internal sealed class SocketXenStoreChannel : IXenStoreChannel
{
    // xenstored lets one connection wait (listen(2) with 1), and a connect that does not block, as .NET's, fails with EAGAIN where one
    // does. libxenstore's blocks, which nothing could cancel; nothing tells when it is one's turn.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromMilliseconds(10);

    private readonly Socket _socket;
    private readonly string _name;
    private readonly Func<Exception>? _refusal;
    private bool _received;

    private SocketXenStoreChannel(Socket socket, string name, Func<Exception>? refusal)
    {
        _socket = socket;
        _name = name;
        _refusal = refusal;
    }

    /// <summary>Connects; the system's socket errors leave as they are.</summary>
    /// <param name="path">The socket on this machine.</param>
    /// <param name="name">The socket's name for a person.</param>
    /// <param name="refusal">
    /// What an end before the first byte means; null when it is only an end. A forwarder accepts a connection before it knows
    /// whether its far side will.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async ValueTask<SocketXenStoreChannel> ConnectAsync(
        string path, string name, Func<Exception>? refusal, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
                return new SocketXenStoreChannel(socket, name, refusal);
            }
            catch (Exception exception)
            {
                socket.Dispose();
                if (exception is not SocketException { SocketErrorCode: SocketError.WouldBlock }
                    || Stopwatch.GetElapsedTime(begun) > s_patience)
                {
                    throw;
                }
            }

            await Task.Delay(s_retryAfter, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            while (!message.IsEmpty)
            {
                int sent = await _socket.SendAsync(message, SocketFlags.None, cancellationToken).ConfigureAwait(false);
                message = message[sent..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw XenStoreTransportErrors.Lost(_name, exception);
        }
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count;
        try
        {
            count = await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            count = 0;
        }

        if (count == 0 && !_received && _refusal is not null)
        {
            throw _refusal();
        }

        _received |= count > 0;
        return count;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
