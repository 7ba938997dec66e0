using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Snapshots;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>What pciback had been told.</summary>
internal static class PcibackFacts
{
    /// <summary>Its lists; null when it was not there.</summary>
    public static PcibackDescription? Read(RecordedFiles files, HostSnapshot snapshot)
    {
        if (!files.Has(PcibackPaths.Directory))
        {
            return null;
        }

        // A record of a binding that was over names a lower number than one of the last.
        ILookup<PciAddress, FieldsRecord> records = Records(files, snapshot.XenStore ?? new Dictionary<string, string>())
            .ToLookup(record => record.Address);
        Dictionary<PciAddress, long> inodes = records.ToDictionary(
            function => function.Key, function => function.Max(record => record.Binding));
        return new PcibackDescription(List(files, "slots"), List(files, "permissive"), List(files, "allow_interrupt_control"))
        {
            Quirks =
            [
                .. Quirks(files),
                .. records.SelectMany(function => function.Where(record => record.Binding == inodes[function.Key])
                    .SelectMany(record => record.Fields.Select(one => $"{function.Key}-{one.Field}"))),
            ],
            Inodes = inodes,
        };
    }

    // What was written down of fields, in xenstore and by the script.
    private static IEnumerable<FieldsRecord> Records(RecordedFiles files, IReadOnlyDictionary<string, string> store)
    {
        foreach ((string path, FileText file) in files.Files)
        {
            if (FieldsRecord.ScriptFolders.Any(folder => path.StartsWith(folder + "/", StringComparison.Ordinal))
                && FieldsRecord.TryReadScript(path, file.Text) is { } record)
            {
                yield return record;
            }
        }

        string root = OwnRecords.Pci + "/";
        foreach ((string path, string value) in store)
        {
            if (path.StartsWith(root, StringComparison.Ordinal) && path[root.Length..].Split('/') is [var key, "binding"]
                && PciAddress.TryParseXenStoreKey(key, out PciAddress address) && FieldsRecord.TryReadBinding(value, out long binding))
            {
                string fields = $"{FieldsRecord.FolderOf(address)}/field/";
                yield return new FieldsRecord(
                    address, binding, null,
                    [.. FieldsRecord.Parse(store.Where(n => n.Key.StartsWith(fields, StringComparison.Ordinal)).Select(n => n.Value))]);
            }
        }
    }

    // What older versions recorded of pciback's own list: BB:DD.F, its ids, its fields: a line each, the latter two behind tabs.
    private static List<string> Quirks(RecordedFiles files)
    {
        List<string> found = [];
        string function = string.Empty;
        foreach (string line in files.Lines($"{PcibackPaths.Directory}/quirks"))
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
        foreach (string line in files.Lines($"{PcibackPaths.Directory}/{attribute}"))
        {
            if (PciAddress.TryParse(line, out PciAddress address))
            {
                found.Add(address);
            }
        }

        return found;
    }
}
