using System.Text;
using XenDriverDomain.Access;

namespace XenDriverDomain.Tests.Support;

/// <summary>
/// The files of a dom0 in memory: directories, files and symbolic links, resolved as a kernel does. A test makes a write have an
/// effect with <see cref="OnWrite"/>, and an operation fail with <see cref="FailRead"/> and <see cref="FailWrite"/>. What was done
/// is in <see cref="Writes"/> and <see cref="Calls"/>.
/// </summary>
public sealed class MemoryFiles : IDom0Files
{
    private const int MostLinks = 40;

    private readonly Lock _lock = new();
    private readonly MemoryNode _root = MemoryNode.Directory();
    private readonly Dictionary<string, Func<string, Errno?>> _onWrite = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Errno> _failRead = new(StringComparer.Ordinal);
    private readonly List<(string Path, string Text)> _writes = [];
    private readonly List<string> _calls = [];

    /// <summary>Each store that succeeded, oldest first, by the canonical path it reached.</summary>
    public IReadOnlyList<(string Path, string Text)> Writes
    {
        get
        {
            lock (_lock)
            {
                return [.. _writes];
            }
        }
    }

    /// <summary>Each operation that was asked for: its name and its path ("readmany" alone for bulk reads).</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Runs before each bulk read is answered; a test can change the tree there, as hot-plug does.</summary>
    public Action? BeforeReadMany { get; set; }

    /// <summary>Adds a file, or replaces its content; parents are made.</summary>
    public MemoryFiles Put(string path, string text) => Put(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a file, or replaces its content; parents are made.</summary>
    public MemoryFiles Put(string path, byte[] content)
    {
        lock (_lock)
        {
            Attach(path, MemoryNode.File(content));
            return this;
        }
    }

    /// <summary>Adds a symbolic link; parents are made.</summary>
    public MemoryFiles Link(string path, string target)
    {
        lock (_lock)
        {
            Attach(path, MemoryNode.Link(target));
            return this;
        }
    }

    /// <summary>Adds a directory and its parents.</summary>
    public MemoryFiles MakeDirectory(string path)
    {
        lock (_lock)
        {
            EnsureDirectory(path);
            return this;
        }
    }

    /// <summary>Takes a file, link or whole directory away; one that is not there is fine. The last link is not followed.</summary>
    public MemoryFiles Remove(string path)
    {
        lock (_lock)
        {
            int slash = path.LastIndexOf('/');
            if (Find(path[..slash]) is { Node.Children: { } children })
            {
                children.Remove(path[(slash + 1)..]);
            }

            return this;
        }
    }

    /// <summary>True when the path exists, its last link not followed.</summary>
    public bool Exists(string path)
    {
        lock (_lock)
        {
            return Find(path, followLast: false) is not null;
        }
    }

    /// <summary>The text of a file, or null.</summary>
    public string? Text(string path)
    {
        lock (_lock)
        {
            return Find(path)?.Node.Content is { } content ? Encoding.UTF8.GetString(content) : null;
        }
    }

    /// <summary>
    /// What a store to this (canonical) path does, given the text without its last newline: the errno it fails with, or null. The
    /// content does not change by itself then, as with sysfs attributes.
    /// </summary>
    public MemoryFiles OnWrite(string path, Func<string, Errno?> effect)
    {
        lock (_lock)
        {
            _onWrite[path] = effect;
            return this;
        }
    }

    /// <summary>Every store to this (canonical) path fails.</summary>
    public MemoryFiles FailWrite(string path, Errno errno) => OnWrite(path, _ => errno);

    /// <summary>Every read of this (canonical) path fails; bulk reads leave it out.</summary>
    public MemoryFiles FailRead(string path, Errno errno)
    {
        lock (_lock)
        {
            _failRead[path] = errno;
            return this;
        }
    }

    public ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Note("read", path, cancellationToken);
            (string real, MemoryNode node) = Must("read", path);
            if (_failRead.TryGetValue(real, out Errno errno))
            {
                throw new HostFileException("read", path, errno);
            }

            byte[] content = node.Content ?? throw new HostFileException("read", path, Errno.EISDIR);
            return content.Length > limit
                ? throw new HostFileException("read", path, Errno.Unknown, "longer than the limit")
                : ValueTask.FromResult(content.ToArray());
        }
    }

    public ValueTask WriteOnceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Func<string, Errno?>? effect;
        string real;
        string text = Encoding.UTF8.GetString(data.Span);
        text = text.EndsWith('\n') ? text[..^1] : text;
        lock (_lock)
        {
            Note("write", path, cancellationToken);
            (real, MemoryNode node) = Must("write", path);
            if (node.Content is null)
            {
                throw new HostFileException("write", path, Errno.EISDIR);
            }

            if (!_onWrite.TryGetValue(real, out effect))
            {
                node.Content = data.ToArray();
            }
        }

        // Outside the lock, as the effect changes the tree through the public methods.
        if (effect?.Invoke(text) is { } failure)
        {
            throw new HostFileException("write", path, failure);
        }

        lock (_lock)
        {
            _writes.Add((real, text));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Note("replace", path, cancellationToken);
            int slash = path.LastIndexOf('/');
            MemoryNode parent = Must("write", path[..slash]).Node;
            if (parent.Children is not { } children)
            {
                throw new HostFileException("write", path, Errno.ENOTDIR);
            }

            children[path[(slash + 1)..]] = MemoryNode.File(data.ToArray());
            _writes.Add((path, Encoding.UTF8.GetString(data.Span)));
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Note("delete", path, cancellationToken);
            Remove(path);
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Note("mkdir", path, cancellationToken);
            EnsureDirectory(path);
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Note("list", path, cancellationToken);
            SortedDictionary<string, MemoryNode> children = Must("list", path).Node.Children
                ?? throw new HostFileException("list", path, Errno.ENOTDIR);
            return ValueTask.FromResult<IReadOnlyList<string>>([.. children.Keys]);
        }
    }

    public ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Note("resolve", path, cancellationToken);
            return ValueTask.FromResult(Find(path)?.Path);
        }
    }

    public ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Note("kind", path, cancellationToken);
            return ValueTask.FromResult(Find(path)?.Node switch
            {
                null => HostFileKind.None,
                { Children: not null } => HostFileKind.Directory,
                _ => HostFileKind.File,
            });
        }
    }

    public ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken)
    {
        BeforeReadMany?.Invoke();
        lock (_lock)
        {
            Note("readmany", string.Empty, cancellationToken);
            Dictionary<string, string> files = new(StringComparer.Ordinal);
            Dictionary<string, string> links = new(StringComparer.Ordinal);
            HashSet<string> names = new(StringComparer.Ordinal);
            foreach (string path in query.Files.SelectMany(Expand))
            {
                if (Find(path) is { Node.Content: { } content } found && !_failRead.ContainsKey(found.Path))
                {
                    string text = Encoding.Latin1.GetString(content, 0, Math.Min(content.Length, BulkQuery.FileLimit));
                    files[path] = text.EndsWith('\n') ? text[..^1] : text;
                }
            }

            foreach (string path in query.Links.SelectMany(Expand))
            {
                if (Find(path, followLast: false)?.Node.Target is { } target)
                {
                    links[path] = target;
                }
            }

            names.UnionWith(query.Names.SelectMany(Expand));
            return ValueTask.FromResult(new BulkAnswer(files, links, names));
        }
    }

    private static bool Matches(string pattern, string name)
    {
        if (pattern.StartsWith('*') && name.StartsWith('.'))
        {
            return false;
        }

        string[] parts = pattern.Split('*');
        if (parts.Length == 1)
        {
            return pattern == name;
        }

        int at = parts[0].Length;
        if (!name.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        foreach (string part in parts[1..^1])
        {
            int found = name.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return name.Length - at >= parts[^1].Length && name.EndsWith(parts[^1], StringComparison.Ordinal);
    }

    private IEnumerable<string> Expand(string pattern)
    {
        List<string> paths = [string.Empty];
        foreach (string component in pattern.Split('/')[1..])
        {
            if (!component.Contains('*', StringComparison.Ordinal))
            {
                paths = [.. paths.Select(path => $"{path}/{component}")];
                continue;
            }

            paths =
            [
                .. paths.SelectMany(path => Find(path.Length == 0 ? "/" : path)?.Node.Children?.Keys
                    .Where(name => Matches(component, name)).Select(name => $"{path}/{name}") ?? []),
            ];
        }

        return paths.Where(path => Find(path, followLast: false) is not null);
    }

    private void Note(string operation, string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _calls.Add(path.Length == 0 ? operation : $"{operation} {path}");
    }

    private (string Path, MemoryNode Node) Must(string operation, string path) =>
        Find(path) ?? throw new HostFileException(operation, path, Errno.ENOENT);

    private (string Path, MemoryNode Node)? Find(string path, bool followLast = true)
    {
        int links = 0;
        List<(string Name, MemoryNode Node)> at = [(string.Empty, _root)];
        Stack<string> rest = new(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (rest.TryPop(out string? name))
        {
            if (name == ".")
            {
                continue;
            }

            if (name == "..")
            {
                if (at.Count > 1)
                {
                    at.RemoveAt(at.Count - 1);
                }

                continue;
            }

            if (at[^1].Node.Children is not { } children || !children.TryGetValue(name, out MemoryNode? node))
            {
                return null;
            }

            if (node.Target is not { } target || (rest.Count == 0 && !followLast))
            {
                at.Add((name, node));
                continue;
            }

            if (++links > MostLinks)
            {
                return null;
            }

            if (target.StartsWith('/'))
            {
                at.RemoveRange(1, at.Count - 1);
            }

            foreach (string component in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                rest.Push(component);
            }
        }

        return (at.Count == 1 ? "/" : string.Join('/', at.Select(step => step.Name)), at[^1].Node);
    }

    private void Attach(string path, MemoryNode node)
    {
        int slash = path.LastIndexOf('/');
        EnsureDirectory(path[..slash])[path[(slash + 1)..]] = node;
    }

    private SortedDictionary<string, MemoryNode> EnsureDirectory(string path)
    {
        string so = string.Empty;
        SortedDictionary<string, MemoryNode> children = _root.Children!;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            so = $"{so}/{name}";
            if (!children.ContainsKey(name))
            {
                children[name] = MemoryNode.Directory();
            }

            children = Find(so)?.Node.Children ?? throw new InvalidOperationException($"{so} is not a directory");
        }

        return children;
    }
}
