using XenDriverDomain.Pci;
using XenDriverDomain.Pci.Uses;
using XenDriverDomain.Session;

namespace XenDriverDomain.Binding;

/// <summary>
/// How interfaces and disks are asked for: one exactly (an error when there is none, or no card behind it), or by a pattern.
/// </summary>
internal static class KernelNamePattern
{
    /// <summary>The functions that a name or pattern stands for.</summary>
    /// <param name="all">dom0's names.</param>
    /// <param name="asked">The name or pattern.</param>
    /// <param name="find">Finds a name without wildcards, or throws.</param>
    internal static IEnumerable<PciAddress> Select(IReadOnlyList<KernelName> all, string asked, Func<string, KernelName> find) =>
        NamePattern.HasWildcard(asked)
            ? all.Where(one => one.Names.Any(name => NamePattern.Matches(asked, name))).SelectMany(one => one.Functions)
            : find(asked).Functions;
}
