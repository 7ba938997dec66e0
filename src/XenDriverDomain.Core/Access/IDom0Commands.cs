namespace XenDriverDomain.Access;

/// <summary>Programs on dom0, run by argument vector, never through a shell of the caller's making.</summary>
internal interface IDom0Commands
{
    /// <summary>
    /// Runs a program to its end. A time-out or a cancellation ends the whole process tree, on a remote dom0 too, before the
    /// exception leaves; one that <see cref="CommandRequest.OnlyLooks"/> soon after it at the latest. An exit code other than 0 is a
    /// result, not an exception.
    /// </summary>
    ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken);
}
