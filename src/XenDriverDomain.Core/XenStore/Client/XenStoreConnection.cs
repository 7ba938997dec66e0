using System.Globalization;
using System.Threading.Channels;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.XenStore.Client;

/// <summary>
/// A pipelined connection: one loop sends requests in the order of their ids, one receives and hands each reply to its request and
/// each event to its watch. The first thing that goes wrong ends the connection, and everybody who waits or comes later gets it.
/// </summary>
internal sealed class XenStoreConnection : IAsyncDisposable
{
    private static readonly TimeSpan s_closeTimeout = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly IXenStoreChannel _channel;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly Channel<PendingRequest> _outgoing =
        Channel.CreateUnbounded<PendingRequest>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Dictionary<uint, PendingRequest> _pending = [];
    private readonly Dictionary<uint, XenStoreWatch> _watches = [];
    private readonly ITimer _deadline;
    private readonly Task _loops;
    private Func<XenDriverDomainException>? _failure;
    private Task _closing = Task.CompletedTask;
    private uint _lastRequest;
    private uint _lastToken;
    private long? _partialSince;
    private bool _deadlineArmed;

    public XenStoreConnection(IXenStoreChannel channel, TimeProvider time, XenStoreOptions options)
    {
        options.Validate();
        _channel = channel;
        _time = time;
        Options = options;
        _slots = new SemaphoreSlim(options.MaxOutstanding);
        _deadline = time.CreateTimer(_ => CheckDeadline(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loops = Task.WhenAll(Task.Run(SendLoopAsync), Task.Run(ReceiveLoopAsync));
    }

    public XenStoreOptions Options { get; }

    public TimeProvider Time => _time;

    public bool IsBroken => Volatile.Read(ref _failure) is not null;

    /// <summary>
    /// Sends a request and waits for its reply. After a cancellation the reply is still taken off the stream, and the request
    /// counts as outstanding until then.
    /// </summary>
    /// <param name="type">What is asked.</param>
    /// <param name="transaction">The transaction it belongs to, or 0.</param>
    /// <param name="subject">The path or domain it is about, for messages.</param>
    /// <param name="payload">The payload, at most 4,096 bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Reply> RequestAsync(
        MessageType type, uint transaction, string subject, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (payload.Length > MessageHeader.PayloadMax)
        {
            throw XenStoreErrors.TooLarge(type, subject, payload.Length);
        }

        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        PendingRequest request;
        try
        {
            request = Enqueue(type, transaction, subject, payload.Span);
        }
        catch
        {
            _slots.Release();
            throw;
        }

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((PendingRequest)state!).Cancel(token), request);
        return await request.Completion.ConfigureAwait(false);
    }

    /// <summary>Makes a watch known under a new token, before the request that registers it is sent.</summary>
    public XenStoreWatch AddWatch(string path)
    {
        lock (_gate)
        {
            ThrowIfBroken();
            XenStoreWatch watch = new(this, path, ++_lastToken);
            _watches.Add(_lastToken, watch);
            return watch;
        }
    }

    /// <summary>Forgets a watch; events that are under way for it are dropped.</summary>
    public void RemoveWatch(uint token)
    {
        lock (_gate)
        {
            _watches.Remove(token);
        }
    }

    /// <summary>The watches that are known now.</summary>
    public IReadOnlyList<XenStoreWatch> Watches()
    {
        lock (_gate)
        {
            return [.. _watches.Values];
        }
    }

    /// <summary>Ends the connection because a payload made no sense, and returns the error to throw.</summary>
    public XenDriverDomainException Break(string detail)
    {
        Fail(() => XenStoreErrors.Protocol(detail));
        return XenStoreErrors.Protocol(detail);
    }

    public async ValueTask DisposeAsync()
    {
        Fail(XenStoreErrors.Closed);

        // A channel that ignores its cancellation must not hold up whoever disposes.
        await Task.WhenAll(_closing, _loops).WaitAsync(s_closeTimeout, _time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void ThrowIfBroken()
    {
        if (_failure is { } failure)
        {
            // A new exception for each caller: one that is thrown twice mixes its stack traces.
            throw failure();
        }
    }

    private PendingRequest Enqueue(MessageType type, uint transaction, string subject, ReadOnlySpan<byte> payload)
    {
        byte[] message = new byte[MessageHeader.Size + payload.Length];
        payload.CopyTo(message.AsSpan(MessageHeader.Size));
        lock (_gate)
        {
            ThrowIfBroken();
            do
            {
                _lastRequest++;
            }
            while (_lastRequest == 0 || _pending.ContainsKey(_lastRequest));

            MessageHeader header = new(type, _lastRequest, transaction, (uint)payload.Length);
            header.Write(message);
            PendingRequest request = new(header, subject, message, _time.GetTimestamp());
            _pending.Add(_lastRequest, request);
            _outgoing.Writer.TryWrite(request);
            ArmDeadline(Options.RequestTimeout);
            return request;
        }
    }

    private async Task SendLoopAsync()
    {
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(_lifetime.Token).ConfigureAwait(false))
            {
                while (_outgoing.Reader.TryRead(out PendingRequest? request))
                {
                    if (request.Completion.IsCompleted)
                    {
                        // Cancelled before it left: xenstored need not hear of it.
                        Forget(request.Header.RequestId);
                        continue;
                    }

                    await _channel.SendAsync(request.Message, _lifetime.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (!AnyError.IsFatal(e))
        {
            Fail(() => XenStoreErrors.Lost($"sending failed, {AnyError.WordsFor(e).TrimEnd('.')}", e));
        }
    }

    private async Task ReceiveLoopAsync()
    {
        MessageReader reader = new(_channel, OnPartial);
        try
        {
            while (await reader.ReadHeaderAsync(_lifetime.Token).ConfigureAwait(false) is { } header)
            {
                if (header.Type == MessageType.WatchEvent)
                {
                    CheckLength(header, MessageHeader.PayloadMax);
                    byte[] body = await reader.ReadPayloadAsync((int)header.Length, _lifetime.Token).ConfigureAwait(false);
                    Route(body);
                    continue;
                }

                PendingRequest request = Match(header);
                byte[] payload = await reader.ReadPayloadAsync((int)header.Length, _lifetime.Token).ConfigureAwait(false);
                Complete(request, header, payload);
            }

            Fail(() => XenStoreErrors.Lost("xenstored closed it"));
        }
        catch (XenDriverDomainException e) when (e.ErrorId is ErrorIds.XenStoreProtocolError or ErrorIds.XenStoreUnavailable)
        {
            Fail(() => new XenDriverDomainException(e.ErrorId, e.Kind, e.Message, e.Remedy, e.Target));
        }
        catch (Exception e) when (!AnyError.IsFatal(e))
        {
            Fail(
                () => XenStoreErrors.Lost(
                    e is CutMessageException ? e.Message : $"receiving failed, {AnyError.WordsFor(e).TrimEnd('.')}", e));
        }
    }

    private PendingRequest Match(MessageHeader header)
    {
        PendingRequest? request;
        lock (_gate)
        {
            _pending.TryGetValue(header.RequestId, out request);
        }

        if (request is null)
        {
            throw XenStoreErrors.Protocol($"a reply to request {header.RequestId}, which is not outstanding");
        }

        if (header.Type != request.Header.Type && header.Type != MessageType.Error)
        {
            throw XenStoreErrors.Protocol(
                $"a reply of type {(uint)header.Type} to the request to {request.Describe()}, which is of type "
                    + $"{(uint)request.Header.Type}");
        }

        if (header.TransactionId != request.Header.TransactionId)
        {
            throw XenStoreErrors.Protocol(
                $"a reply for transaction {header.TransactionId} to the request to {request.Describe()} of transaction "
                    + $"{request.Header.TransactionId}");
        }

        // oxenstored keeps the limit of the payload on the ring only and sends a long list whole over its socket
        // (tools/ocaml/xenstored/connection.ml, send_reply).
        bool maybeLong = header.Type is MessageType.Directory or MessageType.Control;
        CheckLength(header, maybeLong ? Options.MaxListBytes : MessageHeader.PayloadMax);
        return request;
    }

    private static void CheckLength(MessageHeader header, int limit)
    {
        if (header.Length > limit)
        {
            throw XenStoreErrors.Protocol($"a message of type {(uint)header.Type} with {header.Length} bytes, where {limit} are allowed");
        }
    }

    private void Complete(PendingRequest request, MessageHeader header, byte[] payload)
    {
        Reply reply = new(payload, null);
        if (header.Type == MessageType.Error)
        {
            if (!PayloadReader.TryReadError(payload, out string error))
            {
                throw XenStoreErrors.Protocol($"an error without a proper name in reply to the request to {request.Describe()}");
            }

            reply = new Reply([], error);
        }

        Forget(header.RequestId);
        request.Complete(reply);
    }

    private void Forget(uint requestId)
    {
        bool mine;
        lock (_gate)
        {
            mine = _pending.Remove(requestId);
            DisarmDeadline();
        }

        if (mine)
        {
            _slots.Release();
        }
    }

    private void Route(byte[] payload)
    {
        // The ids in the header of an event are not looked at: Linux's device leaves them as they were on its stack
        // (drivers/xen/xenbus/xenbus_dev_frontend.c, watch_fired).
        if (!PayloadReader.TryReadEvent(payload, out string path, out string token))
        {
            throw XenStoreErrors.Protocol("a watch event without a proper path and token");
        }

        XenStoreWatch? watch;
        lock (_gate)
        {
            if (!uint.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) || number == 0
                || number > _lastToken)
            {
                throw XenStoreErrors.Protocol("a watch event with a token that was never given");
            }

            // Events may still be under way when a watch ends; those have nowhere to go.
            _watches.TryGetValue(number, out watch);
        }

        watch?.Offer(path);
    }

    private void OnPartial(bool partial)
    {
        lock (_gate)
        {
            _partialSince = partial ? _time.GetTimestamp() : null;
            if (partial)
            {
                ArmDeadline(Options.RequestTimeout);
            }
            else
            {
                DisarmDeadline();
            }
        }
    }

    private void ArmDeadline(TimeSpan due)
    {
        // One timer serves all requests: it looks for the oldest when it fires, instead of being set anew for each.
        if (!_deadlineArmed && _failure is null)
        {
            _deadlineArmed = true;
            _deadline.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private void DisarmDeadline()
    {
        // Nobody waits any more. On a simulated host's clock a timer that is left over would be somebody who does.
        if (_deadlineArmed && _pending.Count == 0 && _partialSince is null && _failure is null)
        {
            _deadlineArmed = false;
            _deadline.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void CheckDeadline()
    {
        string what = "finish a message";
        lock (_gate)
        {
            _deadlineArmed = false;
            PendingRequest? oldest = _pending.Values.MinBy(request => request.Started);
            long? since = _partialSince;
            if (oldest is not null)
            {
                what = oldest.Describe();
                since = Math.Min(oldest.Started, since ?? long.MaxValue);
            }

            if (since is not { } start)
            {
                return;
            }

            TimeSpan left = Options.RequestTimeout - _time.GetElapsedTime(start);
            if (left > TimeSpan.Zero)
            {
                // Never less than the granularity of a timer, or it would fire in vain.
                ArmDeadline(left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left);
                return;
            }
        }

        Fail(() => XenStoreErrors.NoReply(what, Options.RequestTimeout));
    }

    private void Fail(Func<XenDriverDomainException> failure)
    {
        PendingRequest[] requests;
        XenStoreWatch[] watches;
        lock (_gate)
        {
            if (_failure is not null)
            {
                return;
            }

            Volatile.Write(ref _failure, failure);
            requests = [.. _pending.Values];
            watches = [.. _watches.Values];
            _pending.Clear();
            _watches.Clear();
            _outgoing.Writer.TryComplete();
            _deadline.Dispose();
            _closing = Task.Run(CloseAsync);
        }

        foreach (PendingRequest request in requests)
        {
            request.Fail(failure());
            _slots.Release();
        }

        foreach (XenStoreWatch watch in watches)
        {
            watch.End(failure);
        }
    }

    private async Task CloseAsync()
    {
        await _lifetime.CancelAsync().ConfigureAwait(false);
        try
        {
            await _channel.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or XenDriverDomainException)
        {
            // It is being given up; how it closes changes nothing.
        }
    }
}
