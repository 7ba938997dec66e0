using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Files;

/// <summary>A device file or a socket: it is there to be seen, and reads as empty.</summary>
/// <param name="kind">Block device or other.</param>
/// <param name="isEndless">True for one whose bytes never end, /dev/zero.</param>
/// <param name="storeFails">What each write ends in; null for one that swallows all.</param>
internal sealed class DeviceNode(HostFileKind kind, bool isEndless, Errno? storeFails) : FileNode(0x1B6)
{
    /// <inheritdoc/>
    public override HostFileKind Kind { get; } = kind;

    /// <summary>True for one whose bytes never end.</summary>
    public bool IsEndless { get; } = isEndless;

    /// <summary>What each write ends in.</summary>
    public Errno? StoreFails { get; } = storeFails;
}
