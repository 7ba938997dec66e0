using System.Globalization;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Session;

namespace XenDriverDomain.Cmdlets;

/// <summary>The base of cmdlets that show domains, all of them or those whose name, pattern or domid is asked for.</summary>
public abstract class NamedGetterCmdlet : Dom0Cmdlet
{
    /// <summary>Writes those of each host that are asked for; a name without a wildcard that nothing has is an error.</summary>
    /// <param name="names">What is asked for; null for all.</param>
    /// <param name="listAsync">Finds all on a host.</param>
    /// <param name="identify">The name and the domid of one.</param>
    /// <param name="notFound">The error of a name that nothing has, given the host, the name and those that there are.</param>
    private protected void WriteNamed<T>(
        string[]? names,
        Func<HostSession, CancellationToken, Task<IReadOnlyList<T>>> listAsync,
        Func<T, (string Name, int? Domid)> identify,
        Func<string, string, IEnumerable<string>, XenDriverDomainException> notFound) => ForEachHost(host =>
    {
        IReadOnlyList<T> all = Wait((_, token) => listAsync(host, token));
        if (names is null)
        {
            WriteObject(all, enumerateCollection: true);
            return;
        }

        foreach (string name in names)
        {
            TryFor(name, () =>
            {
                List<T> found = [.. all.Where(item => Matches(name, identify(item)))];
                bool isMissing = found.Count == 0 && !NamePattern.HasWildcard(name);
                WriteObject(
                    isMissing ? throw notFound(host.Dom0.Id, name, all.Select(item => identify(item).Name)) : found,
                    enumerateCollection: true);
            });
        }
    });

    private static bool Matches(string asked, (string Name, int? Domid) item) =>
        NamePattern.Matches(asked, item.Name)
        || string.Equals(asked, item.Domid?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
