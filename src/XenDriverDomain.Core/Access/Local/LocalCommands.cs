using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using XenDriverDomain.Access.Posix;

namespace XenDriverDomain.Access.Local;

/// <summary>Programs on the host this process runs on.</summary>
/// <remarks>
/// A program gets a session of its own where <c>setsid</c> is installed, so that Ctrl+C on the terminal does not reach it and its
/// whole group can be killed; descendants that left the group are found by their parents.
/// </remarks>
internal sealed class LocalCommands : IDom0Commands
{
    private const int SigKill = 9;
    private readonly TimeProvider _time;
    private readonly string _searchPath;

    /// <summary>Programs from the process's own PATH and the system directories.</summary>
    /// <param name="time">The clock of the time-outs.</param>
    public LocalCommands(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _searchPath = ProgramSearch.ExtendedPath(Environment.GetEnvironmentVariable("PATH"));
    }

    /// <inheritdoc/>
    public async ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        CommandErrors.Require(request);
        cancellationToken.ThrowIfCancellationRequested();
        string program = ProgramSearch.Find(request.Program, _searchPath) ?? throw CommandErrors.NotFound(request.Program);
        string? setsid = ProgramSearch.Find("setsid", _searchPath);

        // Process.WaitForExitAsync would wait for the readers of its events, too, of which there are none.
        TaskCompletionSource exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var process = new Process { StartInfo = Describe(program, setsid, request.Arguments), EnableRaisingEvents = true };
        process.Exited += (_, _) => exited.TrySetResult();
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new HostFileException("run", program, (Errno)exception.NativeErrorCode, exception.Message);
        }

        var output = new LimitedOutput(request.OutputLimit);
        using OutputPump pump = OutputPump.Start(
            ((PipeStream)process.StandardOutput.BaseStream).SafePipeHandle,
            ((PipeStream)process.StandardError.BaseStream).SafePipeHandle,
            output);
        Task feeding = FeedAsync(process, request.StandardInput);

        using var timeout = new CancellationTokenSource(request.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await exited.Task.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill(process, ownGroup: setsid is not null);
            cancellationToken.ThrowIfCancellationRequested();
            throw CommandErrors.TimedOut(request);
        }
        finally
        {
            pump.Finish();
            await pump.Completion.ConfigureAwait(false);
            process.StandardInput.BaseStream.Dispose();
            _ = feeding.ContinueWith(task => task.Exception, TaskScheduler.Default);
        }

        return new CommandResult(
            process.ExitCode, Encoding.UTF8.GetString(output.ToArray(0)), Encoding.UTF8.GetString(output.ToArray(1)))
        {
            Truncated = output.Truncated,
        };
    }

    private ProcessStartInfo Describe(string program, string? setsid, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(setsid ?? program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        if (setsid is not null)
        {
            start.ArgumentList.Add(program);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LC_ALL"] = "C";
        start.Environment["PATH"] = _searchPath;
        return start;
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> input)
    {
        // Raw bytes: the writer that .NET wraps around the stream would encode them.
        Stream stream = process.StandardInput.BaseStream;
        try
        {
            if (!input.IsEmpty)
            {
                await stream.WriteAsync(input).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // The program ended, or closed its input, before it had read everything: its own business.
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void Kill(Process process, bool ownGroup)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            if (ownGroup)
            {
                _ = Libc.Kill(-process.Id, SigKill);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or AggregateException)
        {
            // It ended by itself in this very moment.
        }
    }
}
