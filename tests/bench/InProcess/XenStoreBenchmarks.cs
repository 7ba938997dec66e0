using System.Buffers.Binary;
using System.Text;
using System.Threading.Channels;
using BenchmarkDotNet.Attributes;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Client;

namespace XenDriverDomain.Bench;

/// <summary>Requests of a client and their answers over the wire's format, to a peer in memory that answers at once.</summary>
[MemoryDiagnoser]
public class XenStoreBenchmarks
{
    private const int Requests = 1000;
    private static readonly XenStorePath s_path = XenStorePath.Parse("/local/domain/0/backend/vif/1/0/state");
    private readonly EchoChannel _bare = new();
    private readonly byte[] _request = EchoChannel.Message(2, 1, Encoding.ASCII.GetBytes(s_path + "\0"));
    private readonly byte[] _buffer = new byte[64 * 1024];
    private XenStoreClient? _client;

    /// <summary>Connects.</summary>
    [GlobalSetup]
    public async Task SetupAsync() => _client = await XenStoreClient.ConnectAsync(new EchoTransport(), TimeProvider.System, null, default);

    /// <summary>Ends the connection.</summary>
    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _client!.DisposeAsync();
        await _bare.DisposeAsync();
    }

    /// <summary>The same bytes there and back, without encoding and decoding them.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Requests)]
    public async Task<int> BareChannelAsync()
    {
        int sum = 0;
        for (int i = 0; i < Requests; i++)
        {
            await _bare.SendAsync(_request, default);
            sum += await _bare.ReceiveAsync(_buffer, default);
        }

        return sum;
    }

    /// <summary>A node read.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public async Task<int> ReadNodeAsync()
    {
        int sum = 0;
        for (int i = 0; i < Requests; i++)
        {
            sum += (await _client!.TryReadAsync(s_path, default))!.Length;
        }

        return sum;
    }

    /// <summary>As many, all of them under way at once.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public async Task<int> ReadNodesAtOnceAsync()
    {
        Task<byte[]?>[] reads = [.. Enumerable.Range(0, Requests).Select(_ => _client!.TryReadAsync(s_path, default).AsTask())];
        return (await Task.WhenAll(reads)).Sum(value => value!.Length);
    }

    private sealed class EchoTransport : IXenStoreTransport
    {
        public ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult<IXenStoreChannel>(new EchoChannel());
    }

    // Answers each request with a value of one byte (xen/include/public/io/xs_wire.h: type, request, transaction, length).
    private sealed class EchoChannel : IXenStoreChannel
    {
        private readonly Channel<byte[]> _answers = Channel.CreateUnbounded<byte[]>();

        public static byte[] Message(uint type, uint request, ReadOnlySpan<byte> payload)
        {
            byte[] message = new byte[16 + payload.Length];
            BinaryPrimitives.WriteUInt32LittleEndian(message, type);
            BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), request);
            BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), payload.Length);
            payload.CopyTo(message.AsSpan(16));
            return message;
        }

        public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => _answers.Writer.WriteAsync(
            Message(
                BinaryPrimitives.ReadUInt32LittleEndian(message.Span),
                BinaryPrimitives.ReadUInt32LittleEndian(message.Span[4..]),
                "4"u8),
            cancellationToken);

        public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (!await _answers.Reader.WaitToReadAsync(cancellationToken))
            {
                return 0;
            }

            byte[] answer = await _answers.Reader.ReadAsync(cancellationToken);
            answer.CopyTo(buffer);
            return answer.Length;
        }

        public ValueTask DisposeAsync()
        {
            _answers.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }
    }
}
