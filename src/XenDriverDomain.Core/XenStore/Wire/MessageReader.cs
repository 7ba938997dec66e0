namespace XenDriverDomain.XenStore.Wire;

/// <summary>
/// Cuts the byte stream of a channel into headers and payloads. Memory grows with what has arrived, never with what a header
/// claims will come.
/// </summary>
internal sealed class MessageReader(IXenStoreChannel channel, Action<bool> onPartial)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _partial;

    /// <summary>The next header, or null at the end of the stream between two messages.</summary>
    /// <exception cref="CutMessageException">The stream ends in the middle of the header.</exception>
    public async ValueTask<MessageHeader?> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        SetPartial(false);
        while (_end - _start < MessageHeader.Size)
        {
            SetPartial(_end > _start);
            if (await ReceiveAsync(cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            return _end == _start
                ? null
                : throw new CutMessageException($"the stream ended after {_end - _start} of the {MessageHeader.Size} bytes of a header");
        }

        MessageHeader header = MessageHeader.Read(_buffer.AsSpan(_start));
        _start += MessageHeader.Size;
        return header;
    }

    /// <summary>The payload that follows a header; its length must have been checked by the caller.</summary>
    /// <exception cref="CutMessageException">The stream ends in the middle of the payload.</exception>
    public async ValueTask<byte[]> ReadPayloadAsync(int length, CancellationToken cancellationToken)
    {
        byte[] payload = length == 0 ? [] : new byte[Math.Min(length, _buffer.Length)];
        int filled = 0;
        while (true)
        {
            int take = Math.Min(length - filled, _end - _start);
            if (filled + take > payload.Length)
            {
                Array.Resize(ref payload, (int)Math.Min(length, Math.Max(2L * payload.Length, filled + take)));
            }

            _buffer.AsSpan(_start, take).CopyTo(payload.AsSpan(filled));
            _start += take;
            filled += take;
            if (filled == length)
            {
                return payload;
            }

            SetPartial(true);
            if (!await ReceiveAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new CutMessageException($"the stream ended after {filled} of the {length} bytes of a payload");
            }
        }
    }

    private async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        int received = await channel.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += received;
        return received > 0;
    }

    private void SetPartial(bool partial)
    {
        // A message whose head is here and whose rest stays out is a stall that somebody has to time.
        if (partial != _partial)
        {
            _partial = partial;
            onPartial(partial);
        }
    }
}

/// <summary>The stream ended in the middle of a message; the message says where, to go on after a colon.</summary>
internal sealed class CutMessageException(string message) : IOException(message);
