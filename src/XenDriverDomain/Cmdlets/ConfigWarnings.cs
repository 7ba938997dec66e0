using System.Management.Automation;
using XenDriverDomain.Configuration;

namespace XenDriverDomain.Cmdlets;

/// <summary>What cmdlets that carry a configuration over say about it.</summary>
internal static class ConfigWarnings
{
    /// <summary>Names what -Force left out.</summary>
    internal static void WriteLeftOut(Cmdlet cmdlet, XenDomainConfig config)
    {
        foreach (ConversionEntry entry in config.Conversion.Where(e => e.Action == ConversionAction.Refused))
        {
            string place = entry.Line is null ? string.Empty : $"{entry.Location}: ";
            cmdlet.WriteWarning($"{place}{entry.Setting} is left out: {entry.Reason}.");
        }
    }
}
