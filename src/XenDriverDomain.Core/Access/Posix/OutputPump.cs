using System.Runtime.InteropServices;

namespace XenDriverDomain.Access.Posix;


/// <summary>
/// Reads a process's two outputs on a thread of its own. A thread, because .NET reads pipes with blocking calls on pool threads
/// that nothing can interrupt, and a daemon that inherited a pipe holds it open for as long as it lives.
/// </summary>
internal sealed class OutputPump : IDisposable
{
    /// <summary>A pipe never holds more (/proc/sys/fs/pipe-max-size), so what a process left in it fits.</summary>
    private const int MostLeftInPipe = 1024 * 1024;

    private readonly SafeHandle[] _outputs;
    private readonly IOutputSink _sink;
    private readonly Descriptor _wake = Descriptor.NewEvent();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _disposing = new();
    private bool _ended;

    private OutputPump(SafeHandle output, SafeHandle error, IOutputSink sink)
    {
        _outputs = [output, error];
        _sink = sink;
    }

    /// <summary>Ends when the thread has ended.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Starts to read.</summary>
    public static OutputPump Start(SafeHandle output, SafeHandle error, IOutputSink sink)
    {
        var pump = new OutputPump(output, error, sink);
        new Thread(pump.Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "output pump" }.Start();
        return pump;
    }

    /// <summary>Takes what is in the pipes now and ends, whoever still holds their other ends.</summary>
    public void Finish()
    {
        lock (_disposing)
        {
            if (!_ended)
            {
                _wake.Signal();
            }
        }
    }

    public void Dispose() => Finish();

    private void Run()
    {
        bool[] held = new bool[2];
        byte[] buffer = new byte[64 * 1024];
        try
        {
            for (int i = 0; i < 2; i++)
            {
                _outputs[i].DangerousAddRef(ref held[i]);
            }

            Pump(buffer);
        }
        catch (ObjectDisposedException)
        {
            // The process was disposed of before the thread got to run.
        }
        finally
        {
            for (int i = 0; i < 2; i++)
            {
                if (held[i])
                {
                    _outputs[i].DangerousRelease();
                }
            }

            lock (_disposing)
            {
                _ended = true;
                _wake.Dispose();
            }

            _sink.End();
            _completion.SetResult();
        }
    }

    private void Pump(byte[] buffer)
    {
        Span<Libc.PollDescriptor> polled = stackalloc Libc.PollDescriptor[3];
        for (int i = 0; i < 2; i++)
        {
            polled[i] = new() { Descriptor = (int)_outputs[i].DangerousGetHandle(), Events = Libc.PollIn };
        }

        polled[2] = new() { Descriptor = _wake.Number, Events = Libc.PollIn };
        bool finishing = false;
        int left = MostLeftInPipe * 2;
        while (polled[0].Descriptor >= 0 || polled[1].Descriptor >= 0)
        {
            int ready = Libc.Poll(polled, finishing ? 0 : -1);
            if (ready < 0 && Libc.LastError == Libc.Interrupted)
            {
                continue;
            }

            bool any = false;
            for (int i = 0; i < 2 && ready > 0; i++)
            {
                if (polled[i].Descriptor < 0 || polled[i].Returned == 0)
                {
                    continue;
                }

                int count = Descriptor.Read(polled[i].Descriptor, buffer);
                if (count <= 0)
                {
                    // poll(2) ignores negative descriptors.
                    polled[i].Descriptor = -1;
                    continue;
                }

                any = true;
                left -= finishing ? count : 0;
                _sink.Take(i, buffer.AsSpan(0, count));
            }

            if (ready < 0 || (finishing && (!any || left <= 0)))
            {
                return;
            }

            if (!finishing && polled[2].Returned != 0)
            {
                finishing = true;
                polled[2].Descriptor = -1;
            }
        }
    }
}

/// <summary>Takes what a process prints, as it comes.</summary>
internal interface IOutputSink
{
    /// <summary>Some bytes of standard output (0) or standard error (1); called on the pump's thread.</summary>
    void Take(int stream, ReadOnlySpan<byte> data);

    /// <summary>No more will come: both streams ended, or the pump was told to finish.</summary>
    void End();
}
