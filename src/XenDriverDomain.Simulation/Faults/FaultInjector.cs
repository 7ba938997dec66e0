using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Faults;

/// <summary>Carries out a <see cref="FaultPlan"/> on one host: counts the occasions, each fault by itself.</summary>
internal sealed class FaultInjector : IFaults
{
    private const int Killed = 137;

    private readonly Counted<WriteFault>[] _writes;
    private readonly Counted<CommandFault>[] _commands;
    private readonly Counted<StoreDropFault>[] _drops;

    /// <summary>An injector that has counted nothing yet.</summary>
    public FaultInjector(FaultPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _writes = [.. plan.Faults.OfType<WriteFault>().Select(f => new Counted<WriteFault>(f))];
        _commands = [.. plan.Faults.OfType<CommandFault>().Select(f => new Counted<CommandFault>(f))];
        _drops = [.. plan.Faults.OfType<StoreDropFault>().Select(f => new Counted<StoreDropFault>(f))];
    }

    /// <inheritdoc/>
    public Errno? OnWrite(string path)
    {
        Errno? errno = null;
        foreach (Counted<WriteFault> fault in _writes)
        {
            if (Matches(fault.Fault.Path, path) && fault.Strikes(fault.Fault.Nth))
            {
                errno ??= fault.Fault.Errno;
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
        foreach (Counted<CommandFault> fault in _commands)
        {
            if (Matches(fault.Fault.Program, program) && Begins(fault.Fault.Arguments, line) && fault.Strikes(fault.Fault.Nth))
            {
                what ??= Of(fault.Fault);
            }
        }

        return what;
    }

    /// <inheritdoc/>
    public bool OnStoreRequest()
    {
        bool drop = false;
        foreach (Counted<StoreDropFault> fault in _drops)
        {
            drop |= fault.Strikes(fault.Fault.AfterRequests + 1);
        }

        return drop;
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

    private sealed class Counted<T>(T fault)
    {
        private int _occasions;

        public T Fault { get; } = fault;

        public bool Strikes(int? nth)
        {
            int occasion = Interlocked.Increment(ref _occasions);
            return nth is null || nth == occasion;
        }
    }
}
