using System.Collections.Immutable;
using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Faults;

/// <summary>
/// Carries out a <see cref="FaultPlan"/> on one host: counts the occasions, each fault by itself. What goes wrong may change at any time.
/// </summary>
internal sealed class FaultInjector : IFaults
{
    private const int Killed = 137;

    private ImmutableArray<Counted> _faults;
    private volatile bool _sleeps;

    /// <summary>An injector that has counted nothing yet.</summary>
    public FaultInjector(FaultPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _faults = [.. plan.Faults.Select(fault => new Counted(fault))];
    }

    /// <summary>What goes wrong now.</summary>
    public FaultPlan Plan => new([.. _faults.Select(counted => counted.Fault)]);

    /// <summary>True while nothing goes wrong and nothing is counted.</summary>
    public bool Sleeps
    {
        get => _sleeps;
        set => _sleeps = value;
    }

    /// <summary>One thing more goes wrong; its counting begins now.</summary>
    public void Add(Fault fault) =>
        ImmutableInterlocked.Update(ref _faults, static (faults, added) => faults.Add(added), new Counted(fault));

    /// <summary>It goes wrong no longer.</summary>
    /// <returns>False when it did not.</returns>
    public bool Remove(Fault fault)
    {
        Counted? found = _faults.LastOrDefault(counted => counted.Fault == fault);
        return found is not null
            && ImmutableInterlocked.Update(ref _faults, static (faults, removed) => faults.Remove(removed), found);
    }

    /// <inheritdoc/>
    public Errno? OnWrite(string path)
    {
        Errno? errno = null;
        foreach ((WriteFault fault, Counted counted) in Awake<WriteFault>())
        {
            if (Matches(fault.Path, path) && counted.Strikes(fault.Nth))
            {
                errno ??= fault.Errno;
            }
        }

        return errno;
    }

    /// <inheritdoc/>
    public ProgramFault? OnRun(string program, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        string line = string.Join(' ', arguments);
        ProgramFault? what = null;
        foreach ((CommandFault fault, Counted counted) in Awake<CommandFault>())
        {
            if (Matches(fault.Program, program) && Begins(fault.Arguments, line) && counted.Strikes(fault.Nth))
            {
                what ??= Of(fault);
            }
        }

        return what;
    }

    /// <inheritdoc/>
    public bool OnStoreRequest()
    {
        bool drop = false;
        foreach ((StoreDropFault fault, Counted counted) in Awake<StoreDropFault>())
        {
            drop |= counted.Strikes(fault.AfterRequests + 1);
        }

        return drop;
    }

    private IEnumerable<(T Fault, Counted Counted)> Awake<T>()
        where T : Fault
    {
        if (_sleeps)
        {
            yield break;
        }

        foreach (Counted counted in _faults)
        {
            if (counted.Fault is T fault)
            {
                yield return (fault, counted);
            }
        }
    }

    private static ProgramFault Of(CommandFault fault) => fault.What switch
    {
        CommandFaultKind.Hang => new ProgramFault(null, AfterWork: false),
        CommandFaultKind.Die => new ProgramFault(new CommandResult(Killed, string.Empty, string.Empty), AfterWork: true),
        CommandFaultKind.Lie => new ProgramFault(new CommandResult(0, string.Empty, string.Empty), AfterWork: false),
        _ => new ProgramFault(
            new CommandResult(fault.ExitCode, string.Empty, fault.Message.Length > 0 ? fault.Message + "\n" : string.Empty),
            AfterWork: false),
    };

    // "create" means every create, whatever follows; a word ends where a blank does.
    private static bool Begins(string pattern, string line) =>
        pattern.Length == 0 || Matches(pattern, line) || Matches(pattern + " *", line);

    private static bool Matches(string pattern, string text)
    {
        string[] parts = pattern.Split('*');
        if (parts.Length == 1)
        {
            return pattern == text;
        }

        if (!text.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        int at = parts[0].Length;
        foreach (string part in parts[1..^1])
        {
            int found = text.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return text.Length - at >= parts[^1].Length && text.EndsWith(parts[^1], StringComparison.Ordinal);
    }

    private sealed class Counted(Fault fault)
    {
        private int _occasions;

        public Fault Fault { get; } = fault;

        public bool Strikes(int? nth)
        {
            int occasion = Interlocked.Increment(ref _occasions);
            return nth is null || nth == occasion;
        }
    }
}
