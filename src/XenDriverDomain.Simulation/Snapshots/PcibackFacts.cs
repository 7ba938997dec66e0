using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>What pciback had been told.</summary>
internal static class PcibackFacts
{
    /// <summary>Its lists; null when it was not there.</summary>
    public static PcibackDescription? Read(RecordedFiles files) => files.Has(RecordedFiles.Pciback)
        ? new PcibackDescription(List(files, "slots"), List(files, "permissive"), List(files, "allow_interrupt_control"))
        {
            Quirks = Quirks(files),
        }
        : null;

    // BB:DD.F, its ids, its fields: a line each, the latter two behind tabs.
    private static List<string> Quirks(RecordedFiles files)
    {
        List<string> found = [];
        string function = string.Empty;
        foreach (string line in files.Lines($"{RecordedFiles.Pciback}/quirks"))
        {
            if (!line.StartsWith('\t'))
            {
                function = line;
            }
            else if (line.StartsWith("\t\t", StringComparison.Ordinal))
            {
                found.Add($"{function}-{line.Trim()}");
            }
        }

        return found;
    }

    private static List<PciAddress> List(RecordedFiles files, string attribute)
    {
        List<PciAddress> found = [];
        foreach (string line in files.Lines($"{RecordedFiles.Pciback}/{attribute}"))
        {
            if (PciAddress.TryParse(line, out PciAddress address))
            {
                found.Add(address);
            }
        }

        return found;
    }
}
