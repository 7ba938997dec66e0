using System.Collections.Concurrent;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Access.Posix;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Time;

namespace XenDriverDomain.Simulation.Programs;

/// <summary>The programs of the simulated dom0, found by name in the search path or by their absolute path.</summary>
internal sealed class ProgramTable : IDom0Commands
{
    private readonly ConcurrentDictionary<string, ISimulatedProgram> _programs = new(StringComparer.Ordinal);
    private readonly SimulatedTime _time;
    private readonly IFaults _faults;
    private readonly List<CancellationTokenSource> _running = [];

    /// <summary>True when dom0's kernel is gone, and nothing runs any more.</summary>
    internal Func<bool> HasCrashed { get; init; } = () => false;

    /// <summary>A table without programs.</summary>
    /// <param name="time">The clock of time-outs.</param>
    /// <param name="faults">Decides what befalls programs.</param>
    public ProgramTable(SimulatedTime time, IFaults faults)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(faults);
        _time = time;
        _faults = faults;
    }

    /// <summary>Installs programs; one with the same path is replaced.</summary>
    /// <param name="programs">The programs.</param>
    public void Add(params ISimulatedProgram[] programs)
    {
        ArgumentNullException.ThrowIfNull(programs);
        foreach (ISimulatedProgram program in programs)
        {
            _programs[program.Path] = program;
        }
    }

    /// <summary>Ends all that runs, as a host does that boots anew.</summary>
    public void EndAll()
    {
        lock (_running)
        {
            foreach (CancellationTokenSource run in _running.ToArray())
            {
                run.Cancel();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        CommandErrors.Require(request);
        cancellationToken.ThrowIfCancellationRequested();
        if (HasCrashed())
        {
            throw Files.SimulatedFiles.Lost();
        }

        ISimulatedProgram program = Find(request.Program) ?? throw CommandErrors.NotFound(request.Program);
        using CancellationTokenSource timeout = new(request.Timeout, _time);
        using CancellationTokenSource power = new();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken, power.Token);
        lock (_running)
        {
            _running.Add(power);
        }

        ProgramRun run = new(request, _time);
        try
        {
            return Limit(await RunOrFailAsync(program, run, either.Token).ConfigureAwait(false), request.OutputLimit);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw power.IsCancellationRequested ? Files.SimulatedFiles.Lost("it booted") : CommandErrors.TimedOut(request);
        }
        finally
        {
            lock (_running)
            {
                _running.Remove(power);
            }

            run.End();
        }
    }

    private static CommandResult Limit(CommandResult result, int limit)
    {
        string output = Cut(result.StandardOutput, limit), errors = Cut(result.StandardError, limit);
        return result with
        {
            StandardOutput = output,
            StandardError = errors,
            Truncated = output.Length < result.StandardOutput.Length || errors.Length < result.StandardError.Length,
        };
    }

    private static string Cut(string text, int limit)
    {
        if (Encoding.UTF8.GetMaxByteCount(text.Length) <= limit || Encoding.UTF8.GetByteCount(text) <= limit)
        {
            return text;
        }

        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text).AsSpan(0, limit));
    }

    private async ValueTask<CommandResult> RunOrFailAsync(ISimulatedProgram program, ProgramRun run, CancellationToken token)
    {
        ProgramFault? fault = _faults.OnRun(program.Path[(program.Path.LastIndexOf('/') + 1)..], run.Arguments);
        CommandResult? result = null;
        if (fault is null or { AfterWork: true })
        {
            result = await program.RunAsync(run, token).ConfigureAwait(false);
        }

        if (fault is null)
        {
            return result!;
        }

        if (fault.Result is null)
        {
            await run.WaitAsync(Task.Delay(Timeout.InfiniteTimeSpan, token)).ConfigureAwait(false);
        }

        return fault.Result!;
    }

    private ISimulatedProgram? Find(string program)
    {
        if (program.StartsWith('/'))
        {
            // A dom0 of today has one directory for both names.
            return _programs.GetValueOrDefault(
                program.StartsWith("/bin/", StringComparison.Ordinal) || program.StartsWith("/sbin/", StringComparison.Ordinal)
                    ? "/usr" + program
                    : program);
        }

        return ProgramSearch.ExtendedPath(null).Split(':')
            .Select(directory => _programs.GetValueOrDefault($"{directory}/{program}"))
            .FirstOrDefault(found => found is not null);
    }
}
