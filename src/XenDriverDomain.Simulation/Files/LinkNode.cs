using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Files;

/// <summary>A symbolic link.</summary>
/// <param name="target">The target as stored, absolute or relative to the link's directory.</param>
internal sealed class LinkNode(string target) : FileNode(0x1FF)
{
    /// <summary>The target as stored.</summary>
    public string Target { get; } = target;

    /// <inheritdoc/>
    public override HostFileKind Kind => HostFileKind.None;
}
