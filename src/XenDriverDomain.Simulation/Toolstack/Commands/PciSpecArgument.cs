using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary>The device that <c>xl pci-attach</c> and <c>pci-detach</c> are about.</summary>
internal static class PciSpecArgument
{
    /// <summary>Reads it, or ends xl.</summary>
    public static PciSpec Read(XlProcess process, IXlCommand command, string text)
    {
        try
        {
            return PciSpec.Parse(text);
        }
        catch (XenDriverDomainException)
        {
            process.Complain($"{command.Name}: malformed PCI_SPEC_STRING \"{text}\"");
            throw new XlExit(2);
        }
    }
}
