namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl block-list</c>; it shows no disks, be there some.</summary>
internal sealed class BlockListCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "block-list";

    /// <inheritdoc/>
    public string Usage => "<Domain(s)>";

    /// <inheritdoc/>
    public string Description => "List virtual block devices for a domain";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, string.Empty, 1);
        process.Print("Vdev  BE  handle state evt-ch ring-ref BE-path                       ");
        foreach (string word in arguments.Rest)
        {
            DomainArgument.Find(process, word);
        }

        return Task.FromResult(0);
    }
}
