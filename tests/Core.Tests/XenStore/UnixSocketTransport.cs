using System.Net.Sockets;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>The least that reaches a xenstored by its Unix socket.</summary>
internal sealed class UnixSocketTransport(string path) : IXenStoreTransport
{
    public async ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Only one connection may wait for a real server. Where one does, ConnectAsync, which never blocks, gives up with EAGAIN.
            await Task.Run(() => socket.Connect(new UnixDomainSocketEndPoint(path)), cancellationToken).WaitAsync(cancellationToken);
            return new SocketChannel(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class SocketChannel(Socket socket) : IXenStoreChannel
    {
        public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            while (!message.IsEmpty)
            {
                message = message[await socket.SendAsync(message, SocketFlags.None, cancellationToken)..];
            }
        }

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
