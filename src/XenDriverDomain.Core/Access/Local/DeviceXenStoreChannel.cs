using System.Runtime.InteropServices;
using System.Threading.Channels;
using XenDriverDomain.Access.Posix;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Access.Local;

/// <summary>
/// A connection to xenstored through the kernel's device (drivers/xen/xenbus/xenbus_dev_frontend.c): each message is exactly one
/// write, the answers come as a stream. One open file is one client.
/// </summary>
internal sealed class DeviceXenStoreChannel : IXenStoreChannel
{
    private readonly string _path;
    private readonly Descriptor _device;
    private readonly Descriptor _wake = Descriptor.NewEvent();
    private readonly Channel<byte[]> _received = Channel.CreateBounded<byte[]>(64);
    private readonly CancellationTokenSource _ending = new();
    private readonly Thread _reader;
    private ReadOnlyMemory<byte> _rest;
    private bool _disposed;

    private DeviceXenStoreChannel(string path, Descriptor device)
    {
        _path = path;
        _device = device;

        // The device cannot be awaited: a thread waits for it and for the end of the channel.
        _reader = new Thread(Read, maxStackSize: 256 * 1024) { IsBackground = true, Name = "xenbus reader" };
        _reader.Start();
    }

    /// <summary>Opens the device; an error number other than 0 comes with a null channel.</summary>
    public static int Open(string path, out DeviceXenStoreChannel? channel)
    {
        int error = Descriptor.Open(path, Libc.ReadWrite | Libc.NonBlocking, 0, out Descriptor? device);
        channel = error == 0 ? new DeviceXenStoreChannel(path, device!) : null;
        return error;
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        int count = _device.Write(message.Span);
        if (count < 0)
        {
            throw new HostFileException("write", _path, (Errno)(-count), Marshal.GetPInvokeErrorMessage(-count));
        }

        return count == message.Length ? ValueTask.CompletedTask : throw XenStoreTransportErrors.Lost(_path);
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_rest.IsEmpty)
        {
            if (_received.Reader.TryRead(out byte[]? data))
            {
                _rest = data;
            }
            else if (!await _received.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return 0;
            }
        }

        int count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _ending.CancelAsync().ConfigureAwait(false);
        _wake.Signal();
        _reader.Join();
        _device.Dispose();
        _wake.Dispose();
        _ending.Dispose();
    }

    private void Read()
    {
        Span<Libc.PollDescriptor> polled =
        [
            new() { Descriptor = _device.Number, Events = Libc.PollIn },
            new() { Descriptor = _wake.Number, Events = Libc.PollIn },
        ];
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                if (Libc.Poll(polled, -1) < 0 && Libc.LastError != Libc.Interrupted)
                {
                    return;
                }

                if (polled[1].Returned != 0)
                {
                    return;
                }

                int count = _device.Read(buffer);
                if (count == 0 || (count < 0 && count != -Libc.TryAgain))
                {
                    return;
                }

                if (count > 0)
                {
                    Deliver(buffer.AsSpan(0, count).ToArray());
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The channel is being disposed of.
        }
        finally
        {
            _received.Writer.TryComplete();
        }
    }

    private void Deliver(byte[] data)
    {
        if (!_received.Writer.TryWrite(data))
        {
            // The one who reads is behind: wait here, so that the kernel holds the rest.
            _received.Writer.WriteAsync(data, _ending.Token).AsTask().GetAwaiter().GetResult();
        }
    }
}
