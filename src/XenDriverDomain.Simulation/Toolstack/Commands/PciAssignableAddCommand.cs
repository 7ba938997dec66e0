using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl pci-assignable-add</c>.</summary>
internal sealed class PciAssignableAddCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "pci-assignable-add";

    /// <inheritdoc/>
    public string Usage => "[options] <BDF>";

    /// <inheritdoc/>
    public string Description => "Make a device assignable for pci-passthru";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, "n:", 1, ("name", 'n'));

        // xl's parser takes no notice of what follows the address.
        string word = arguments.Rest[0].Split(',', '@')[0];
        if (!PciAddress.TryParse(word, out PciAddress address))
        {
            process.Complain($"pci-assignable-add: malformed BDF \"{arguments.Rest[0]}\"");
            return Task.FromResult(2);
        }

        return Task.FromResult(AssignablePci.Add(process, address, arguments.Value('n')) ? 0 : 1);
    }
}
