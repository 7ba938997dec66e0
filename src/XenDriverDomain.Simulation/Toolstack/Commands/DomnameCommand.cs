using System.Globalization;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl domname</c>.</summary>
internal sealed class DomnameCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "domname";

    /// <inheritdoc/>
    public string Usage => "<DomainId>";

    /// <inheritdoc/>
    public string Description => "Convert a domain id to domain name";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, string.Empty, 1);
        if (!int.TryParse(arguments.Rest[0], NumberStyles.None, CultureInfo.InvariantCulture, out int domid))
        {
            process.Complain("Invalid domain id.\n");
            return Task.FromResult(1);
        }

        if (DomainNames.Of(process, domid) is { } name)
        {
            process.Print(name);
            return Task.FromResult(0);
        }

        process.Complain($"Can't get domain name of domain id '{domid}', maybe this domain does not exist.");
        return Task.FromResult(1);
    }
}
