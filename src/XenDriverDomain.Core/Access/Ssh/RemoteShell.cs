using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text;
using XenDriverDomain.Access.Posix;

namespace XenDriverDomain.Access.Ssh;

/// <summary>
/// One session on the far side that runs scripts, one after the other (<see cref="PosixShell.Prelude"/>). Starting a
/// session costs several programs there; a script in one that waits costs none but its own.
/// </summary>
internal sealed class RemoteShell : IOutputSink, IAsyncDisposable
{
    private const int NoiseLimit = 4096;
    private readonly Process _process;
    private readonly OutputPump _pump;
    private Func<string, Exception> _lost;
    private readonly object _sync = new();
    private readonly StringBuilder _noise = new();
    private RemoteOperation? _current;
    private bool _ended;

    private RemoteShell(Process process, Func<string, Exception> lost)
    {
        _process = process;
        _lost = lost;
        _pump = OutputPump.Start(
            ((PipeStream)process.StandardOutput.BaseStream).SafePipeHandle,
            ((PipeStream)process.StandardError.BaseStream).SafePipeHandle,
            this);
    }

    /// <summary>The shell's process id on the far side.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Its process group there.</summary>
    public int ProcessGroup { get; private set; }

    /// <summary>Whether the shell leads its group, so that killing the group reaches its programs and nobody else.</summary>
    public bool LeadsGroup => ProcessId > 1 && ProcessId == ProcessGroup;

    /// <summary>Whether the session still stands.</summary>
    public bool IsAlive
    {
        get
        {
            lock (_sync)
            {
                return !_ended;
            }
        }
    }

    /// <summary>What ssh complained while no script ran.</summary>
    public string Noise
    {
        get
        {
            lock (_sync)
            {
                return _noise.ToString();
            }
        }
    }

    /// <summary>Starts ssh and waits until the far side reads scripts.</summary>
    /// <param name="ssh">How to start ssh, given the command for the far side.</param>
    /// <param name="newSession">Whether the shell must make a session of its own.</param>
    /// <param name="lost">Makes the error of a session that ended, from what ssh complained.</param>
    /// <param name="cancellationToken">Ends the wait, and ssh.</param>
    public static async Task<RemoteShell> StartAsync(
        Func<string, ProcessStartInfo> ssh, bool newSession, Func<string, Exception> lost, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var process = new Process { StartInfo = ssh(PosixShell.Start(newSession)) };
        process.Start();
        var shell = new RemoteShell(process, lost);
        try
        {
            RemoteReply reply = await shell.RunAsync(new RemoteScript(PosixShell.Prelude), cancellationToken).ConfigureAwait(false);
            shell.ReadIdentity(Encoding.ASCII.GetString(reply.Output));
            return shell;
        }
        catch
        {
            await shell.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs one script. After a cancellation the shell is in the middle of it and must be disposed of.</summary>
    public async Task<RemoteReply> RunAsync(RemoteScript script, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string marker = NewMarker();
        var operation = new RemoteOperation(marker, script.Limit, script.StopAtLimit);
        lock (_sync)
        {
            if (_ended)
            {
                throw _lost(_noise.ToString());
            }

            _current = operation;
        }

        _ = FeedAsync(Encoding.UTF8.GetBytes(
            $"{script.Text}; printf '\\0{marker}%03d\\0' \"$r\"; printf '\\0{marker}000\\0' >&2\n"));
        return await operation.Reply.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    void IOutputSink.Take(int stream, ReadOnlySpan<byte> data)
    {
        lock (_sync)
        {
            if (_current is { Reply.IsCompleted: false } operation)
            {
                operation.Take(stream, data);
            }
            else if (_noise.Length < NoiseLimit)
            {
                _noise.Append(Encoding.UTF8.GetString(data));
            }
        }
    }

    void IOutputSink.End()
    {
        RemoteOperation? operation;
        string noise;
        lock (_sync)
        {
            _ended = true;
            operation = _current;
            noise = _noise.ToString();
        }

        if (operation is { Reply.IsCompleted: false })
        {
            operation.Fail(_lost(noise + operation.ErrorText));
        }
    }

    /// <summary>Changes the error of a session that ends from now on.</summary>
    public void WhenLost(Func<string, Exception> lost)
    {
        lock (_sync)
        {
            _lost = lost;
        }
    }

    /// <summary>Asks ssh to end, which takes its sockets with it, and ends it when it does not within a moment.</summary>
    public async ValueTask EndAsync(int signal)
    {
        if (IsAlive && Libc.Kill(_process.Id, signal) == 0)
        {
            await Task.WhenAny(_pump.Completion, Task.Delay(TimeSpan.FromSeconds(1))).ConfigureAwait(false);
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends ssh, and with it the session; a program that still runs on the far side is not touched.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }

        _pump.Finish();
        await _pump.Completion.ConfigureAwait(false);
        _process.Dispose();
    }

    /// <summary>Begins with a letter: a digit after printf's <c>\0</c> would belong to the escape.</summary>
    private static string NewMarker() => "M" + Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    private async Task FeedAsync(byte[] text)
    {
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(text).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // The session has ended; its outputs tell.
        }
    }

    private void ReadIdentity(string output)
    {
        // Whatever a login script printed comes before the last NUL.
        string[] words = output[(output.LastIndexOf('\0') + 1)..].Split(' ');
        if (words.Length == 2
            && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int group))
        {
            ProcessId = process;
            ProcessGroup = group;
        }
    }
}
