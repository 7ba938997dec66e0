using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Files;

/// <summary>A directory.</summary>
/// <param name="isKernels">True in sysfs and procfs, where only the kernel makes and removes names.</param>
internal sealed class DirectoryNode(bool isKernels) : FileNode(0x1ED)
{
    /// <summary>What is in it, by name.</summary>
    public SortedDictionary<string, FileNode> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>True where only the kernel makes and removes names.</summary>
    public bool IsKernels { get; } = isKernels;

    /// <inheritdoc/>
    public override HostFileKind Kind => HostFileKind.Directory;
}
