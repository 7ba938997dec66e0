using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Files;

/// <summary>A file of the kernel's: what is read is made when it is read, and a store is a request.</summary>
/// <param name="show">The text; null for one that cannot be read, by root neither (kernfs_fop_open: EACCES).</param>
/// <param name="store">Takes the stored text as it came and says why not, or null; null for one that cannot be written.</param>
/// <param name="mode">The permission bits.</param>
internal sealed class AttributeNode(Func<string>? show, Func<string, Errno?>? store, int mode) : FileNode(mode)
{
    /// <summary>Makes the text.</summary>
    public Func<string>? Show { get; } = show;

    /// <summary>Does what is asked.</summary>
    public Func<string, Errno?>? Store { get; } = store;

    /// <inheritdoc/>
    public override HostFileKind Kind => HostFileKind.File;
}
