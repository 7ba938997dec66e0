using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Domains;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Toolstack;

/// <summary>
/// One running xl: a command of somebody's, or the daemon that <c>xl create</c> leaves behind. It goes on within the events of the
/// simulated world, so that what it touches needs no lock.
/// </summary>
/// <param name="world">The host.</param>
/// <param name="run">The run of the program; null for a daemon.</param>
/// <param name="cancellationToken">Cancelled when it is killed.</param>
internal sealed class XlProcess(World world, ProgramRun? run, CancellationToken cancellationToken)
{
    private StringBuilder _output = new();
    private StringBuilder _errors = new();

    /// <summary>The host.</summary>
    public World World { get; } = world;

    /// <summary>xenstore, as dom0 sees it.</summary>
    public DomainStore Store { get; } = world.StoreOf(0);

    /// <summary>What it has printed, ended by an exit code.</summary>
    public CommandResult End(int exitCode) => new(exitCode, _output.ToString(), _errors.ToString());

    /// <summary>Prints a line.</summary>
    public void Print(string line) => _output.Append(line).Append('\n');

    /// <summary>Prints without a line's end.</summary>
    public void PrintText(string text) => _output.Append(text);

    /// <summary>Prints a line on standard error, as xl itself does.</summary>
    public void Complain(string line) => _errors.Append(line).Append('\n');

    /// <summary>libxl's error (libxl__log).</summary>
    /// <param name="place">File, line and function of libxl 4.17.</param>
    /// <param name="text">The message.</param>
    /// <param name="domid">The domain that it is about; null for none.</param>
    public void Error(string place, string text, int? domid = null) => Log("error", place, text, domid);

    /// <summary>libxl's warning.</summary>
    public void Warn(string place, string text) => Log("warning", place, text, null);

    /// <summary>libxl's information.</summary>
    public void Inform(string place, string text) => Log("info", place, text, null);

    /// <summary>Sleeps.</summary>
    public Task PauseAsync(TimeSpan time) => WaitAsync(World.PauseAsync(time, cancellationToken));

    /// <summary>Waits until a condition holds, looking whenever one of the paths changes; false when the time was over.</summary>
    public async Task<bool> UntilAsync(IReadOnlyList<string> paths, Func<bool> condition, TimeSpan timeout)
    {
        Task<bool> waiting = World.UntilAsync(paths, condition, timeout, cancellationToken);
        await WaitAsync(waiting).ConfigureAwait(false);
        return await waiting.ConfigureAwait(false);
    }

    /// <summary>Does several things at the same time, as libxl does with devices.</summary>
    /// <returns>What each of them returned.</returns>
    public async Task<IReadOnlyList<int>> TogetherAsync(IEnumerable<Func<XlProcess, Task<int>>> works)
    {
        // They wait by themselves while the process waits for them all: a run waits for one thing at a time.
        XlProcess part = new(World, null, cancellationToken) { _output = _output, _errors = _errors };
        Task<int[]> all = Task.WhenAll(works.Select(work => work(part)));
        await WaitAsync(all).ConfigureAwait(false);
        return await all.ConfigureAwait(false);
    }

    private Task WaitAsync(Task task) => run?.WaitAsync(task) ?? task;

    private void Log(string level, string place, string text, int? domid) =>
        Complain($"libxl: {level}: {place}: {(domid is null ? string.Empty : $"Domain {domid}:")}{text}");
}

/// <summary>xl ends on the spot (<c>exit()</c> in the middle of its work).</summary>
/// <param name="exitCode">Its exit code.</param>
internal sealed class XlExit(int exitCode) : Exception
{
    /// <summary>Its exit code.</summary>
    public int ExitCode { get; } = exitCode;
}
