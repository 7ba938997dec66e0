using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Files;

/// <summary>What a name in a directory stands for.</summary>
/// <param name="mode">The permission bits.</param>
internal abstract class FileNode(int mode)
{
    /// <summary>The permission bits, set-id and sticky bits included.</summary>
    public int Mode { get; set; } = mode;

    /// <summary>
    /// Its number, which no other node of the tree has or had (kernfs since Linux 4.14); 0 for one that was never put anywhere.
    /// </summary>
    public long Inode { get; set; }

    /// <summary>What callers of the port see; a link is never asked, as it is followed.</summary>
    public abstract HostFileKind Kind { get; }
}

/// <summary>A directory.</summary>
/// <param name="isKernels">True in sysfs and procfs, where only the kernel makes and removes names.</param>
internal sealed class DirectoryNode(bool isKernels) : FileNode(0x1ED)
{
    private readonly SortedDictionary<string, FileNode> _children = new(StringComparer.Ordinal);
    private Action? _fill;

    /// <summary>What is in it, by name.</summary>
    public SortedDictionary<string, FileNode> Children
    {
        get
        {
            if (_fill is { } fill)
            {
                _fill = null;
                fill();
            }

            return _children;
        }
    }

    /// <summary>Has what it is full of made when somebody looks for the first time; most hosts are gone before that.</summary>
    public void FillLater(Action fill) => _fill = fill;

    /// <summary>Puts something into it, whatever was there by that name or would have been.</summary>
    public void Set(string name, FileNode node) => _children[name] = node;

    /// <summary>True where only the kernel makes and removes names.</summary>
    public bool IsKernels { get; } = isKernels;

    /// <inheritdoc/>
    public override HostFileKind Kind => HostFileKind.Directory;
}

/// <summary>A symbolic link.</summary>
/// <param name="target">The target as stored, absolute or relative to the link's directory.</param>
internal sealed class LinkNode(string target) : FileNode(0x1FF)
{
    /// <summary>The target as stored.</summary>
    public string Target { get; } = target;

    /// <inheritdoc/>
    public override HostFileKind Kind => HostFileKind.None;
}
