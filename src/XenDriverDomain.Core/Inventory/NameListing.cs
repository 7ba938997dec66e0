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
        return Find(
            names.Interfaces, name, dom0, ("network interface", "interfaces"),
            (ErrorIds.InterfaceNotFound, ErrorIds.InterfaceHasNoPciDevice),
            "a card that pciback or a domain has shows none there", "Get-XenPciDevice -Class Network");
    }

    /// <summary>The disk, partition or volume with a name, or with a path below /dev.</summary>
    /// <param name="names">dom0's names.</param>
    /// <param name="name">What is asked for; upper and lower case count only where both are there.</param>
    /// <param name="dom0">The host's id.</param>
    /// <exception cref="XenDriverDomainException">DiskNotFound; DiskHasNoPciDevice with what it is instead.</exception>
    public static KernelName FindDisk(KernelNames names, string name, string dom0)
    {
        ArgumentNullException.ThrowIfNull(names);
        return Find(
            names.Disks, name, dom0, ("disk", "disks"), (ErrorIds.DiskNotFound, ErrorIds.DiskHasNoPciDevice),
            "a controller that pciback or a domain has shows none there", "Get-XenPciDevice -Class Storage, Usb");
    }

    private static KernelName Find(
        IReadOnlyList<KernelName> all,
        string name,
        string dom0,
        (string One, string Several) kind,
        (string NotFound, string HasNoPciDevice) ids,
        string reason,
        string command)
    {
        ArgumentNullException.ThrowIfNull(name);
        KernelName? found = all.FirstOrDefault(one => one.Names.Contains(name, StringComparer.Ordinal))
            ?? all.FirstOrDefault(one => one.Names.Contains(name, StringComparer.OrdinalIgnoreCase));
        return found is { Functions.Count: > 0 } ? found : throw new XenDriverDomainException(
            found is null ? ids.NotFound : ids.HasNoPciDevice,
            ErrorKind.NotFound,
            found is null
                ? $"{dom0} has no {kind.One} '{Shown(name)}'."
                : $"No card of {dom0} is behind {Shown(found.Name)}: it is {found.What}.",
            Suggest(all, name, kind.Several, reason, command),
            name);
    }

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
        string[] nearest = [.. there.OrderBy(other => NearNames.Distance(plain, other)).ThenBy(other => other, StringComparer.Ordinal)];
        string shown = string.Join(", ", nearest.Take(MostSuggestions).Select(Shown))
            + (nearest.Length > MostSuggestions ? $" and {nearest.Length - MostSuggestions} more" : string.Empty);
        return (nearest.Length == 0 ? $"No card gives dom0 any {kind}" : $"The {kind} of cards there, the nearest first: {shown}")
            + $" ({reason}). {command} shows the cards.";
    }

    private static string Shown(string name) => Text.Show(name, LongestShown);
}
