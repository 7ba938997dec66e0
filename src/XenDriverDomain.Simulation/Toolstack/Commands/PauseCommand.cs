namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl pause</c> and <c>xl unpause</c>.</summary>
/// <param name="pause">True for pause.</param>
internal sealed class PauseCommand(bool pause) : IXlCommand
{
    /// <inheritdoc/>
    public string Name => pause ? "pause" : "unpause";

    /// <inheritdoc/>
    public string Usage => "<Domain>";

    /// <inheritdoc/>
    public string Description => pause ? "Pause execution of a domain" : "Unpause a paused domain";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, string.Empty, 1);
        if (process.World.Hypervisor.Find(DomainArgument.Find(process, arguments.Rest[0])) is { Domid: > 0 } domain)
        {
            if (pause)
            {
                domain.Pause();
            }
            else
            {
                domain.Unpause();
            }
        }

        return Task.FromResult(0);
    }
}
