using XenDriverDomain.Access;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Roots;

/// <summary>
/// What was read of a root: names, links and small texts, by their paths inside. A link leads to where it would lead if the root were
/// <c>/</c>: one that is absolute never to a file of dom0's own.
/// </summary>
internal sealed class RootTree
{
    // include/linux/namei.h, MAXSYMLINKS.
    private const int MostLinks = 40;

    // Where a circle of links leads: no name is that.
    private const string Nowhere = "/..";

    private readonly Dictionary<string, SortedSet<string>> _children = new(StringComparer.Ordinal) { ["/"] = NewNames() };
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>A root of which nothing is known yet.</summary>
    /// <param name="root">Where it is mounted on dom0, without a slash at the end.</param>
    public RootTree(string root) => Root = root;

    /// <summary>Where it is mounted on dom0.</summary>
    public string Root { get; }

    /// <summary>A path inside as dom0 has it; links on the way to it are resolved first.</summary>
    /// <exception cref="XenDriverDomainException">RootNotRecognised: the links lead in a circle.</exception>
    /// <param name="path">A path inside.</param>
    /// <param name="followLast">False to leave the last component as it is.</param>
    public string OnHost(string path, bool followLast = true) => Resolve(path, followLast) is var real && real != Nowhere
        ? Root + real
        : throw new XenDriverDomainException(
            ErrorIds.RootNotRecognised,
            ErrorKind.InvalidState,
            $"The links on the way to {path} in {Root} lead in a circle, or above the root.",
            "Mend the links in the root, or give another root.",
            Root);

    /// <summary>Where a path leads, were it there or not: without links, as far as they are known.</summary>
    /// <param name="path">A path inside.</param>
    /// <param name="followLast">False to leave the last component as it is.</param>
    public string Resolve(string path, bool followLast = true)
    {
        List<string> way = [];
        Stack<string> rest = new(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        int links = 0;
        while (rest.TryPop(out string? name))
        {
            if (name == "..")
            {
                // Above the root there is the root.
                way.RemoveRange(Math.Max(0, way.Count - 1), way.Count > 0 ? 1 : 0);
                continue;
            }

            if (name == ".")
            {
                continue;
            }

            string here = $"/{string.Join('/', way.Append(name))}";
            if (_links.TryGetValue(here, out string? target) && (followLast || rest.Count > 0))
            {
                if (++links > MostLinks)
                {
                    return Nowhere;
                }

                if (target.StartsWith('/'))
                {
                    way.Clear();
                }

                foreach (string part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                {
                    rest.Push(part);
                }

                continue;
            }

            way.Add(name);
        }

        return $"/{string.Join('/', way)}";
    }

    /// <summary>Whether something is there, links followed.</summary>
    public bool Exists(string path) => Has(Resolve(path));

    /// <summary>Whether there is such a name; a link that leads nowhere is one.</summary>
    public bool HasName(string path) => Has(Resolve(path, followLast: false));

    /// <summary>The first of some paths that is there; null when none is.</summary>
    public string? First(params IEnumerable<string> paths) => paths.FirstOrDefault(Exists);

    /// <summary>What a link says; null when the path is none.</summary>
    public string? TargetOf(string path) => _links.GetValueOrDefault(Resolve(path, followLast: false));

    /// <summary>The beginning of a file that was read; null when it was not.</summary>
    public string? Text(string path) => _texts.GetValueOrDefault(Resolve(path));

    /// <summary>The names that a pattern matches, in order, as they are reached: without links but the last.</summary>
    public IReadOnlyList<string> Match(string pattern)
    {
        List<string> found = ["/"];
        foreach (string part in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found =
            [
                .. from parent in found.Select(path => Resolve(path)).Distinct()
                   from name in part.Contains('*', StringComparison.Ordinal)
                       ? _children.GetValueOrDefault(parent)?.Where(child => BulkPath.Matches(part, child)) ?? []
                       : _children.GetValueOrDefault(parent)?.Contains(part) == true ? [part] : []
                   select parent == "/" ? $"/{name}" : $"{parent}/{name}",
            ];
        }

        return found;
    }

    /// <summary>Takes in a name, unless the way to it is by a link, where dom0 has followed it to a place of its own choice.</summary>
    internal void AddName(string path)
    {
        if (Resolve(path, followLast: false) != path)
        {
            return;
        }

        while (path != "/")
        {
            string parent = HostPath.Parent(path);
            if (!_children.TryGetValue(parent, out SortedSet<string>? names))
            {
                _children[parent] = names = NewNames();
            }

            if (!names.Add(path[(path.LastIndexOf('/') + 1)..]))
            {
                return;
            }

            path = parent;
        }
    }

    /// <summary>Takes in a link; one on the way to which is another link is none of this tree's.</summary>
    internal void AddLink(string path, string target)
    {
        if (Resolve(path, followLast: false) == path)
        {
            _links[path] = target;
            AddName(path);
        }
    }

    /// <summary>Takes in the beginning of a file.</summary>
    internal void AddText(string path, string text) => _texts[path] = text;

    /// <summary>The links that match a pattern.</summary>
    internal IEnumerable<string> LinksLike(string pattern) => _links.Keys.Where(link => BulkPath.MatchesAll(pattern, link));

    /// <summary>All links.</summary>
    internal IEnumerable<string> Links => _links.Keys;

    private static SortedSet<string> NewNames() => new(StringComparer.Ordinal);

    private bool Has(string path) =>
        path == "/" || _children.GetValueOrDefault(HostPath.Parent(path))?.Contains(path[(path.LastIndexOf('/') + 1)..]) == true;
}
