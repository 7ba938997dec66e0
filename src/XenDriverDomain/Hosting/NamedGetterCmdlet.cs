using System.Globalization;
using XenDriverDomain.Binding;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Hosting;

/// <summary>The base of cmdlets that show domains, all of them or those whose name, pattern or domid is asked for.</summary>
/// <typeparam name="T">What is shown.</typeparam>
public abstract class NamedGetterCmdlet<T> : Dom0Cmdlet
{
    /// <summary>Finds all on a host.</summary>
    private protected abstract Task<IReadOnlyList<T>> ListAsync(HostSession host, CancellationToken cancellationToken);

    /// <summary>The name and the domid of one.</summary>
    private protected abstract (string Name, int? Domid) Identify(T item);

    /// <summary>The error of a name that nothing has.</summary>
    private protected abstract XenDriverDomainException NotFound(string name);

    /// <summary>Writes those of each host that are asked for; a name without a wildcard that nothing has is an error.</summary>
    private protected void WriteNamed(string[]? names) => ForEachHost(host =>
    {
        IReadOnlyList<T> all = Wait((_, token) => ListAsync(host, token));
        if (names is null)
        {
            WriteObject(all, enumerateCollection: true);
            return;
        }

        foreach (string name in names)
        {
            TryFor(name, () => WriteObject(Select(all, name), enumerateCollection: true));
        }
    });

    private List<T> Select(IReadOnlyList<T> all, string name)
    {
        List<T> found = [.. all.Where(item => Matches(name, Identify(item)))];
        return found.Count > 0 || NamePattern.HasWildcard(name) ? found : throw NotFound(name);
    }

    private static bool Matches(string asked, (string Name, int? Domid) item) =>
        NamePattern.Matches(asked, item.Name)
        || string.Equals(asked, item.Domid?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
