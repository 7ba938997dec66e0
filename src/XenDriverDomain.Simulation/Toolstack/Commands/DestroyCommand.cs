using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl destroy</c>.</summary>
internal sealed class DestroyCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "destroy";

    /// <inheritdoc/>
    public string Usage => "[options] <Domain>";

    /// <inheritdoc/>
    public string Description => "Terminate a domain immediately";

    /// <inheritdoc/>
    public async Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, "f", 1);
        int domid = DomainArgument.Find(process, arguments.Rest[0]);
        if (domid == 0)
        {
            process.Complain("Not destroying domain 0; use -f to force.\nThis can only be done when using a disaggregated hardware domain "
                + "and toolstack.\n");
            return 1;
        }

        int code = await DomainDestruction.RunAsync(process, domid).ConfigureAwait(false);
        if (code != LibxlError.None)
        {
            process.Complain($"destroy failed (rc={code})");
            return 1;
        }

        return 0;
    }
}
