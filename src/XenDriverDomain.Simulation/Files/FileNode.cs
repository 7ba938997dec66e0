using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Files;

/// <summary>What a name in a directory stands for.</summary>
/// <param name="mode">The permission bits.</param>
internal abstract class FileNode(int mode)
{
    /// <summary>The permission bits, set-id and sticky bits included.</summary>
    public int Mode { get; set; } = mode;

    /// <summary>Its number, which no other node of the tree has or had (kernfs since Linux 4.14); 0 for one that was never put anywhere.</summary>
    public long Inode { get; set; }

    /// <summary>What callers of the port see; a link is never asked, as it is followed.</summary>
    public abstract HostFileKind Kind { get; }
}
