using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl pci-assignable-remove</c>.</summary>
internal sealed class PciAssignableRemoveCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "pci-assignable-remove";

    /// <inheritdoc/>
    public string Usage => "[options] <BDF>|NAME";

    /// <inheritdoc/>
    public string Description => "Remove a device from being assignable";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, "r", 1);
        string word = arguments.Rest[0];
        PciAddress? named = AssignablePci.FindByName(process, word);
        PciAddress address = default;
        if (named is null && !PciAddress.TryParse(word.Split(',', '@')[0], out address))
        {
            process.Complain($"pci-assignable-remove: malformed BDF '{word}'");
            return Task.FromResult(2);
        }

        return Task.FromResult(AssignablePci.Remove(process, named ?? address, arguments.Has('r')) ? 0 : 1);
    }
}
