using XenDriverDomain.Access;

namespace XenDriverDomain.Images;

/// <summary>
/// The symbolic links of a host, asked for as they are met, and where a path is when directories of the root are links (<c>/bin</c> to
/// <c>usr/bin</c>), as on most distributions of today.
/// </summary>
/// <param name="files">The host's files.</param>
internal sealed class HostLinks(IDom0Files files)
{
    private readonly Dictionary<string, string?> _targets = new(StringComparer.Ordinal);

    /// <summary>
    /// Adds what was read together with something else: links that were asked for, and names, which are none where no link is.
    /// </summary>
    public void Add(BulkAnswer answer)
    {
        foreach ((string path, string target) in answer.Links)
        {
            _targets[path] = target;
        }

        foreach (string name in answer.Names)
        {
            _targets.TryAdd(name, null);
        }
    }

    /// <summary>The target of a link of which it is known; null for what is none, or is not known.</summary>
    public string? Known(string path) => _targets.GetValueOrDefault(path);

    /// <summary>The target of a link, as it is stored; null for what is none.</summary>
    public async ValueTask<string?> TargetAsync(string path, CancellationToken cancellationToken)
    {
        if (!_targets.ContainsKey(path))
        {
            Add(await files.ReadManyAsync(new BulkQuery([], [path], [path]), cancellationToken).ConfigureAwait(false));
            _targets.TryAdd(path, null);
        }

        return _targets[path];
    }

    /// <summary>A path with the links among the directories above it followed, as far as they are known.</summary>
    public string Place(string path)
    {
        for (int hops = 0; hops < 16; hops++)
        {
            int end = Enumerable.Range(1, path.Length - 1)
                .FirstOrDefault(i => path[i] == '/' && _targets.GetValueOrDefault(path[..i]) is not null);
            if (end == 0)
            {
                return path;
            }

            path = Join(path[..end], _targets[path[..end]]!) + path[end..];
        }

        return path;
    }

    /// <summary>Where a link leads.</summary>
    /// <param name="link">The link.</param>
    /// <param name="target">Its target, as it is stored.</param>
    public static string Join(string link, string target)
    {
        List<string> parts = target.StartsWith('/')
            ? []
            : [.. HostPath.Parent(link).Split('/', StringSplitOptions.RemoveEmptyEntries)];
        foreach (string part in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("." or ".."))
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }
}
