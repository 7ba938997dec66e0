using System.Net.Sockets;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>A connection on which a test sends any bytes as a request, one at a time.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly IXenStoreChannel _channel;
    private readonly MessageReader _reader;
    private uint _lastRequest;

    private RawConnection(IXenStoreChannel channel)
    {
        _channel = channel;
        _reader = new MessageReader(channel, _ => { });
    }

    /// <summary>The events that came while replies were awaited, not yet taken.</summary>
    public List<byte[]> Events { get; } = [];

    /// <summary>Opens a connection, and waits until the server has accepted it: it has no room for two that wait.</summary>
    public static async Task<RawConnection> OpenAsync(IXenStoreTransport transport)
    {
        RawConnection connection = new(await transport.OpenAsync(CancellationToken.None));
        await connection.TakeEventsAsync();
        return connection;
    }

    /// <summary>Sends a request and gives its reply; null when the server ended the connection.</summary>
    public async Task<(MessageType Type, byte[] Payload)?> AskAsync(MessageType type, uint transaction, byte[] payload)
    {
        byte[] message = new byte[MessageHeader.Size + payload.Length];
        new MessageHeader(type, ++_lastRequest, transaction, (uint)payload.Length).Write(message);
        payload.CopyTo(message, MessageHeader.Size);
        await _channel.SendAsync(message, CancellationToken.None);
        while (await ReadHeaderAsync() is { } header)
        {
            byte[] body = await _reader.ReadPayloadAsync((int)header.Length, CancellationToken.None);
            if (header.Type == MessageType.WatchEvent)
            {
                Events.Add(body);
                continue;
            }

            Assert.Equal(_lastRequest, header.RequestId);
            Assert.Equal(transaction, header.TransactionId);
            return (header.Type, body);
        }

        return null;
    }

    /// <summary>Asks something harmless, so that all events that were sent before have come.</summary>
    public async Task<List<byte[]>> TakeEventsAsync()
    {
        await AskAsync(MessageType.GetDomainPath, 0, "0\0"u8.ToArray());
        List<byte[]> events = [.. Events];
        Events.Clear();
        return events;
    }

    private async Task<MessageHeader?> ReadHeaderAsync()
    {
        try
        {
            return await _reader.ReadHeaderAsync(CancellationToken.None);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // An end, too: the server had not read everything.
            return null;
        }
    }

    public ValueTask DisposeAsync() => _channel.DisposeAsync();
}
