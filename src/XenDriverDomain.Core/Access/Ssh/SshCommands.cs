using System.Text;

namespace XenDriverDomain.Access.Ssh;

/// <summary>Programs on a host reached by SSH.</summary>
internal sealed class SshCommands(SshConnection connection, TimeProvider time) : IDom0Commands
{
    public async ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        CommandErrors.Require(request);
        string arguments = string.Concat(request.Arguments.Select(argument => " " + PosixShell.Quote(argument)));
        string program = $"(exec \"$x\"{arguments})";
        string run = request.StandardInput.IsEmpty
            ? $"{program} </dev/null {PosixShell.Unguarded}"
            : $"{{ {PosixShell.Print(request.StandardInput.Span)}; }} {PosixShell.Unguarded} | {program} {PosixShell.Unguarded}";
        int patience = request.OnlyLooks ? 0 : (int)Math.Min(int.MaxValue, Math.Ceiling(request.Timeout.TotalSeconds));
        var script = new RemoteScript(
            $"if w {PosixShell.Quote(request.Program)}; then {PosixShell.Guarded(run, patience)}; else r={RemoteReply.NotFound}; fi")
        {
            Limit = request.OutputLimit,
            RunsProgram = true,
            OnlyLooks = request.OnlyLooks,
        };

        using var timeout = new CancellationTokenSource(request.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        RemoteReply reply;
        try
        {
            reply = await connection.RunAsync(script, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw CommandErrors.TimedOut(request);
        }

        return reply.Status == RemoteReply.NotFound
            ? throw CommandErrors.NotFound(request.Program)
            : new CommandResult(reply.Status, Encoding.UTF8.GetString(reply.Output), Encoding.UTF8.GetString(reply.Error))
            {
                Truncated = reply.Truncated,
            };
    }
}
