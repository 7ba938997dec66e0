using System.Buffers.Binary;
using System.Text;
using System.Threading.Channels;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Client;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>
/// A xenstored whose every byte a test decides. What is sent can be cut to any size, so that the client sees the stream in
/// pieces.
/// </summary>
internal sealed class ScriptedServer : IXenStoreTransport
{
    private readonly Channel<byte[]> _requests = Channel.CreateUnbounded<byte[]>();
    private readonly Channel<byte[]> _replies = Channel.CreateUnbounded<byte[]>();
    /// <summary>The most bytes that one receive gives to the client.</summary>
    public int PieceSize { get; init; } = int.MaxValue;

    /// <summary>True once the client has closed its side.</summary>
    public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Connects a client.</summary>
    public async Task<XenStoreClient> ConnectAsync(TimeProvider? time = null, XenStoreOptions? options = null) =>
        await XenStoreClient.ConnectAsync(this, time ?? TimeProvider.System, options, CancellationToken.None);

    /// <summary>The next message of the client.</summary>
    public async Task<ScriptedRequest> NextAsync()
    {
        byte[] message = await _requests.Reader.ReadAsync();
        return new ScriptedRequest(MessageHeader.Read(message), message[MessageHeader.Size..]);
    }

    /// <summary>The number of messages that were sent and not taken by <see cref="NextAsync"/>.</summary>
    public int Unread => _requests.Reader.Count;

    /// <summary>Sends bytes as they are.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes) => _replies.Writer.TryWrite(bytes.ToArray());

    /// <summary>Sends a message.</summary>
    public void Send(uint type, uint request, uint transaction, ReadOnlySpan<byte> payload, uint? length = null)
    {
        byte[] message = new byte[MessageHeader.Size + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(message, type);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), request);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), transaction);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(12), length ?? (uint)payload.Length);
        payload.CopyTo(message.AsSpan(MessageHeader.Size));
        SendRaw(message);
    }

    /// <summary>Answers a request as a well-behaved server would.</summary>
    public void Reply(ScriptedRequest request, ReadOnlySpan<byte> payload) =>
        Send((uint)request.Header.Type, request.Header.RequestId, request.Header.TransactionId, payload);

    /// <summary>Answers a request with an error.</summary>
    public void Refuse(ScriptedRequest request, string error) =>
        Send(16, request.Header.RequestId, request.Header.TransactionId, Encoding.ASCII.GetBytes(error + "\0"));

    /// <summary>Sends a watch event.</summary>
    public void Fire(string path, string token) => Send(15, 0, 0, Encoding.ASCII.GetBytes($"{path}\0{token}\0"));

    /// <summary>Closes the stream; what was sent before still arrives.</summary>
    public void Close() => _replies.Writer.TryComplete();

    public ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken) => new(new ClientSide(this));

    private sealed class ClientSide(ScriptedServer server) : IXenStoreChannel
    {
        private ReadOnlyMemory<byte> _rest;

        public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
            server._requests.Writer.WriteAsync(message.ToArray(), cancellationToken);

        public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            while (_rest.IsEmpty)
            {
                ChannelReader<byte[]> replies = server._replies.Reader;
                if (!await replies.WaitToReadAsync(cancellationToken) || !replies.TryRead(out byte[]? bytes))
                {
                    return 0;
                }

                _rest = bytes;
            }

            int count = Math.Min(server.PieceSize, Math.Min(_rest.Length, buffer.Length));
            _rest[..count].CopyTo(buffer);
            _rest = _rest[count..];
            return count;
        }

        public ValueTask DisposeAsync()
        {
            server.Closed.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
