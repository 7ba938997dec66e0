using XenDriverDomain.Access;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Xl;

/// <summary>Programs that answer as told; a program that is not listed is not installed.</summary>
internal sealed class ScriptedCommands : IDom0Commands
{
    private readonly Dictionary<string, CommandResult> _answers = new(StringComparer.Ordinal);

    public List<CommandRequest> Requests { get; } = [];

    /// <summary>What <c>program arguments…</c> prints.</summary>
    public ScriptedCommands Answer(string commandLine, int exitCode, string output = "", string error = "")
    {
        _answers[commandLine] = new CommandResult(exitCode, output, error);
        return this;
    }

    public ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Requests.Add(request);
        return _answers.TryGetValue(string.Join(' ', [request.Program, .. request.Arguments]), out CommandResult? result)
            ? ValueTask.FromResult(result)
            : throw new XenDriverDomainException(
                ErrorIds.HostCommandNotFound, ErrorKind.NotInstalled, $"No {request.Program}.", "Install it.", request.Program);
    }
}
