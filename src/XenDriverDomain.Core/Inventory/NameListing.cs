using XenDriverDomain.Errors;
using XenDriverDomain.Pci.Uses;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Inventory;

/// <summary>One interface or disk of dom0's out of a listing of all.</summary>
public static class NameListing
{
    private const int MostSuggestions = 12;
    private const int LongestShown = 80;

    /// <summary>The network interface with a name.</summary>
    /// <param name="names">dom0's names.</param>
    /// <param name="name">What is asked for; upper and lower case count only where both are there.</param>
    /// <param name="dom0">The host's id.</param>
    /// <exception cref="XenDriverDomainException">InterfaceNotFound; InterfaceHasNoPciDevice with what it is instead.</exception>
    public static KernelName FindInterface(KernelNames names, string name, string dom0)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(name);
        if (Find(names.Interfaces, name) is { Functions.Count: > 0 } found)
        {
            return found;
        }

        string remedy = Suggest(
            names.Interfaces, name, "interfaces", "a card that pciback or a domain has shows none there",
            "Get-XenPciDevice -Class Network");
        throw Find(names.Interfaces, name) is { } other
            ? new XenDriverDomainException(ErrorIds.InterfaceHasNoPciDevice, ErrorKind.NotFound, NoCard(other, dom0), remedy, name)
            : new XenDriverDomainException(
                ErrorIds.InterfaceNotFound, ErrorKind.NotFound, $"{dom0} has no network interface '{Shown(name)}'.", remedy, name);
    }

    /// <summary>The disk, partition or volume with a name, or with a path below /dev.</summary>
    /// <param name="names">dom0's names.</param>
    /// <param name="name">What is asked for; upper and lower case count only where both are there.</param>
    /// <param name="dom0">The host's id.</param>
    /// <exception cref="XenDriverDomainException">DiskNotFound; DiskHasNoPciDevice with what it is instead.</exception>
    public static KernelName FindDisk(KernelNames names, string name, string dom0)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(name);
        if (Find(names.Disks, name) is { Functions.Count: > 0 } found)
        {
            return found;
        }

        string remedy = Suggest(
            names.Disks, name, "disks", "a controller that pciback or a domain has shows none there",
            "Get-XenPciDevice -Class Storage, Usb");
        throw Find(names.Disks, name) is { } other
            ? new XenDriverDomainException(ErrorIds.DiskHasNoPciDevice, ErrorKind.NotFound, NoCard(other, dom0), remedy, name)
            : new XenDriverDomainException(
                ErrorIds.DiskNotFound, ErrorKind.NotFound, $"{dom0} has no disk '{Shown(name)}'.", remedy, name);
    }

    private static string NoCard(KernelName name, string dom0) =>
        $"No card of {dom0} is behind {Shown(name.Name)}: it is {name.What}.";

    private static KernelName? Find(IReadOnlyList<KernelName> all, string name) =>
        all.FirstOrDefault(one => one.Names.Contains(name, StringComparer.Ordinal))
        ?? all.FirstOrDefault(one => one.Names.Contains(name, StringComparer.OrdinalIgnoreCase));

    private static string Suggest(IReadOnlyList<KernelName> all, string name, string kind, string reason, string command)
    {
        // Of what stands in the same folder, such as /dev/disk/by-id, the names that are there; of others the kernel's.
        string folder = name[..(name.LastIndexOf('/') + 1)];
        string[] there =
        [
            .. all.Where(one => one.Functions.Count > 0)
                .SelectMany(one => folder.Length > "/dev/".Length
                    ? one.Names.Where(other => other.StartsWith(folder, StringComparison.Ordinal))
                    : one.IsHardware ? [one.Name] : []),
        ];
        if (there.Length == 0)
        {
            there = [.. all.Where(one => one.IsHardware).Select(one => one.Name)];
        }

        string plain = name.StartsWith("/dev/", StringComparison.Ordinal) && folder.Length == "/dev/".Length ? name[folder.Length..] : name;
        string[] nearest = [.. there.OrderBy(other => Distance(plain, other)).ThenBy(other => other, StringComparer.Ordinal)];
        string shown = string.Join(", ", nearest.Take(MostSuggestions).Select(Shown))
            + (nearest.Length > MostSuggestions ? $" and {nearest.Length - MostSuggestions} more" : string.Empty);
        return (nearest.Length == 0 ? $"No card gives dom0 any {kind}" : $"The {kind} of cards there, the nearest first: {shown}")
            + $" ({reason}). {command} shows the cards.";
    }

    private static string Shown(string name) => Text.Show(name, LongestShown);

    // How many letters have to be put in, taken out or changed (Levenshtein); names are short, and what is typed is cut.
    private static int Distance(string asked, string name)
    {
        ReadOnlySpan<char> from = asked.AsSpan(0, Math.Min(asked.Length, LongestShown));
        int[] row = [.. Enumerable.Range(0, name.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int before = row[0];
            row[0] = i;
            for (int j = 1; j <= name.Length; j++)
            {
                int changed = before + (char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(name[j - 1]) ? 0 : 1);
                before = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
