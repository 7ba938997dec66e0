using System.Text;

namespace XenDriverDomain.Simulation.Files;

/// <summary>A file or a link of a host's.</summary>
/// <param name="Path">Where.</param>
/// <param name="Content">What is in the file; null for a link. It is never changed.</param>
/// <param name="Target">Where the link leads, as it is stored; null for a file.</param>
/// <param name="Mode">The permission bits.</param>
internal sealed record SystemFile(string Path, byte[]? Content, string? Target, int Mode)
{
    /// <summary>A file.</summary>
    public static SystemFile Text(string path, string text, int mode) => new(path, Encoding.UTF8.GetBytes(text), null, mode);

    /// <summary>A symbolic link.</summary>
    public static SystemFile Link(string path, string target) => new(path, null, target, 0x1FF);

    /// <summary>What stands for it in a tree.</summary>
    public FileNode ToNode() => Target is { } target ? new LinkNode(target) : new OrdinaryFile(Content!, Mode);
}
