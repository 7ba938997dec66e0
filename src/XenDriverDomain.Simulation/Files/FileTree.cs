using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Files;

/// <summary>Nodes by path, looked up as the kernel does it. The caller holds the machine's lock.</summary>
internal sealed class FileTree
{
    /// <summary>Too many levels of symbolic links.</summary>
    public const Errno TooManyLinks = (Errno)40;

    // include/linux/namei.h, MAXSYMLINKS.
    private const int MostLinks = 40;

    private readonly DirectoryNode _root = new(isKernels: false) { Inode = 1 };
    private long _lastInode = 1;

    /// <summary>Creates a tree with the two that belong to the kernel.</summary>
    public FileTree()
    {
        _root.Children["proc"] = new DirectoryNode(isKernels: true);
        _root.Children["sys"] = new DirectoryNode(isKernels: true);
    }

    /// <summary>Follows a path; when it leads nowhere, says why.</summary>
    public Found? Find(string path, bool followLast, out Errno why)
    {
        int links = 0;
        List<Found> way = [new Found("/", _root)];
        Stack<string> rest = new();
        Push(rest, path);
        bool wantsDirectory = path.EndsWith('/');
        while (rest.TryPop(out string? name))
        {
            if (way[^1].Node is not DirectoryNode directory)
            {
                why = Errno.ENOTDIR;
                return null;
            }

            if (name == ".")
            {
                continue;
            }

            if (name == "..")
            {
                way.RemoveRange(Math.Max(1, way.Count - 1), way.Count > 1 ? 1 : 0);
                continue;
            }

            if (!directory.Children.TryGetValue(name, out FileNode? node))
            {
                why = Errno.ENOENT;
                return null;
            }

            if (node is not LinkNode link || (rest.Count == 0 && !followLast && !wantsDirectory))
            {
                way.Add(new Found(Join(way[^1].Path, name), node));
                continue;
            }

            if (++links > MostLinks)
            {
                why = TooManyLinks;
                return null;
            }

            if (link.Target.StartsWith('/'))
            {
                way.RemoveRange(1, way.Count - 1);
            }

            Push(rest, link.Target);
        }

        why = wantsDirectory && way[^1].Node is not DirectoryNode ? Errno.ENOTDIR : Errno.Unknown;
        return why == Errno.Unknown ? way[^1] : null;
    }

    /// <summary>Puts a node in its place, making the directories that lead there.</summary>
    public void Put(string path, FileNode node)
    {
        node.Inode = ++_lastInode;
        MakeDirectory(HostPath.Parent(path)).Set(Name(path), node);
    }

    /// <summary>Has a directory filled when somebody looks into it; what has been put there by then stays.</summary>
    public void FillLater(string directory, Func<IEnumerable<SystemFile>> files) => MakeDirectory(directory).FillLater(() =>
    {
        foreach (SystemFile file in files())
        {
            FileNode node = file.ToNode();
            if (MakeDirectory(HostPath.Parent(file.Path)).Children.TryAdd(Name(file.Path), node))
            {
                node.Inode = ++_lastInode;
            }
        }
    });

    /// <summary>Gives a node a number; those made later get higher ones.</summary>
    public void Renumber(FileNode node, long inode)
    {
        node.Inode = inode;
        _lastInode = Math.Max(_lastInode, inode);
    }

    /// <summary>The directory at a path, made with its parents where it is not there.</summary>
    /// <exception cref="InvalidOperationException">Something else is in the way.</exception>
    public DirectoryNode MakeDirectory(string path)
    {
        if (Find(path, followLast: true, out _) is { } found)
        {
            return found.Node as DirectoryNode ?? throw new InvalidOperationException($"{path} is not a directory.");
        }

        DirectoryNode parent = MakeDirectory(HostPath.Parent(path));
        DirectoryNode made = new(parent.IsKernels) { Inode = ++_lastInode };
        parent.Children[Name(path)] = made;
        return made;
    }

    /// <summary>Takes a name away, with all that is below it; false when it was not there.</summary>
    public bool Remove(string path) =>
        Find(HostPath.Parent(path), followLast: true, out _)?.Node is DirectoryNode parent && parent.Children.Remove(Name(path));

    /// <summary>The last component of a path.</summary>
    public static string Name(string path)
    {
        string trimmed = path.TrimEnd('/');
        return trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }

    /// <summary>A name in a directory.</summary>
    public static string Join(string directory, string name) => directory == "/" ? "/" + name : $"{directory}/{name}";

    private static void Push(Stack<string> rest, string path)
    {
        string[] components = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = components.Length - 1; i >= 0; i--)
        {
            rest.Push(components[i]);
        }
    }
}

/// <summary>Where a path leads.</summary>
/// <param name="Path">The path without links and dots.</param>
/// <param name="Node">What is there.</param>
internal readonly record struct Found(string Path, FileNode Node);
