using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Time;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.Simulation.XenStore;

/// <summary>
/// A connection to the simulated xenstored, seen from both ends: the client sends bytes and receives bytes, the store sends
/// messages. The store's lock guards it.
/// </summary>
internal sealed class StoreConnection : IXenStoreChannel
{
    private const string Name = "the simulated xenstored";

    private readonly StoreState _state;
    private readonly SimulatedTime _time;
    private readonly IFaults _faults;
    private readonly RequestHandler _handler;
    private readonly LinkedList<byte[]> _outgoing = [];
    private byte[] _incoming = [];
    private int _sent;
    private TaskCompletionSource? _receiver;
    private bool _closed;

    /// <summary>Opens a connection.</summary>
    /// <param name="state">The store, whose lock is held.</param>
    /// <param name="domain">Whose it is.</param>
    /// <param name="time">The clock that is to know of the traffic.</param>
    /// <param name="faults">Decides when it is dropped.</param>
    public StoreConnection(StoreState state, StoreDomain domain, SimulatedTime time, IFaults faults)
    {
        _state = state;
        _time = time;
        _faults = faults;
        Domain = domain;
        _handler = new RequestHandler(state, this);
        state.Connections.Add(this);
    }

    /// <summary>Whose it is.</summary>
    public StoreDomain Domain { get; }

    /// <inheritdoc/>
    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using (_time.Busy())
        {
            lock (_state.Gate)
            {
                if (_closed)
                {
                    throw XenStoreTransportErrors.Lost(Name);
                }

                Take([.. _incoming, .. message.Span]);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task ready;
            lock (_state.Gate)
            {
                if (_closed)
                {
                    return 0;
                }

                if (_outgoing.First is { } first)
                {
                    return Give(first.Value, buffer.Span);
                }

                _receiver ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                ready = _receiver.Task;
            }

            await ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_state.Gate)
        {
            Drop();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Sends a message with the type and the ids of a header.</summary>
    public void Send(MessageHeader header, ReadOnlySpan<byte> payload)
    {
        byte[] message = new byte[MessageHeader.Size + payload.Length];
        (header with { Length = (uint)payload.Length }).Write(message);
        payload.CopyTo(message.AsSpan(MessageHeader.Size));
        _outgoing.AddLast(message);
        WakeReceiver();
    }

    /// <summary>Tells of a watch event; one that is the same as one not yet taken is left out, except special ones.</summary>
    public void SendEvent(string path, string token)
    {
        byte[] payload = Encoding.Latin1.GetBytes($"{path}\0{token}\0");
        if (payload.Length > MessageHeader.PayloadMax || (!StorePaths.IsSpecial(path) && IsPending(payload)))
        {
            return;
        }

        Send(new MessageHeader(MessageType.WatchEvent, 0, 0, 0), payload);
    }

    /// <summary>Ends the watches and transactions, and forgets what was on its way.</summary>
    public void Reset()
    {
        _handler.Reset();
        _outgoing.Clear();
        _incoming = [];
        _sent = 0;
    }

    /// <summary>Ends the connection.</summary>
    public void Drop()
    {
        _closed = true;
        Reset();
        _state.Connections.Remove(this);
        WakeReceiver();
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= MessageHeader.Size)
        {
            MessageHeader header = MessageHeader.Read(bytes);
            if (header.Length > MessageHeader.PayloadMax)
            {
                Drop();
                return;
            }

            int size = MessageHeader.Size + (int)header.Length;
            if (bytes.Length < size)
            {
                break;
            }

            if (_faults.OnStoreRequest())
            {
                Drop();
                return;
            }

            _handler.Handle(header, bytes[MessageHeader.Size..size]);
            bytes = bytes[size..];
            if (_closed)
            {
                return;
            }
        }

        _incoming = bytes.ToArray();
    }

    private int Give(byte[] message, Span<byte> buffer)
    {
        _time.Touch();
        int count = Math.Min(buffer.Length, message.Length - _sent);
        message.AsSpan(_sent, count).CopyTo(buffer);
        _sent += count;
        if (_sent == message.Length)
        {
            _outgoing.RemoveFirst();
            _sent = 0;
        }

        return count;
    }

    private bool IsPending(ReadOnlySpan<byte> payload)
    {
        foreach (byte[] message in _outgoing)
        {
            if (MessageHeader.Read(message).Type == MessageType.WatchEvent && message.AsSpan(MessageHeader.Size).SequenceEqual(payload))
            {
                return true;
            }
        }

        return false;
    }

    private void WakeReceiver()
    {
        _time.Touch();
        _receiver?.TrySetResult();
        _receiver = null;
    }
}
