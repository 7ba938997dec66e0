using System.Globalization;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl domid</c>.</summary>
internal sealed class DomidCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "domid";

    /// <inheritdoc/>
    public string Usage => "<DomainName>";

    /// <inheritdoc/>
    public string Description => "Convert a domain name to domain id";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, string.Empty, 1);
        if (DomainNames.Find(process, arguments.Rest[0]) is { } domid)
        {
            process.Print(domid.ToString(CultureInfo.InvariantCulture));
            return Task.FromResult(0);
        }

        process.Complain($"Can't get domid of domain name '{arguments.Rest[0]}', maybe this domain does not exist.");
        return Task.FromResult(1);
    }
}
