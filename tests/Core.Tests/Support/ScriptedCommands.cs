using XenDriverDomain.Access;

namespace XenDriverDomain.Tests.Support;

/// <summary>Programs of a dom0 that answer as the test says; a program that nobody scripted is not installed.</summary>
internal sealed class ScriptedCommands : IDom0Commands
{
    private readonly Dictionary<string, Func<CommandRequest, CommandResult>> _programs = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly List<CommandRequest> _requests = [];

    /// <summary>What was run, oldest first.</summary>
    public IReadOnlyList<CommandRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Scripts a program.</summary>
    public ScriptedCommands On(string program, Func<CommandRequest, CommandResult> answer)
    {
        _programs[program] = answer;
        return this;
    }

    /// <summary>Scripts a program that prints something and succeeds.</summary>
    public ScriptedCommands On(string program, string output) => On(program, _ => new CommandResult(0, output, string.Empty));

    public ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _requests.Add(request);
        }

        return _programs.TryGetValue(request.Program, out Func<CommandRequest, CommandResult>? answer)
            ? ValueTask.FromResult(answer(request))
            : throw CommandErrors.NotFound(request.Program);
    }
}
