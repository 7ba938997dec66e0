using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Files;

/// <summary>A file that keeps what is written into it.</summary>
internal sealed class OrdinaryFile(byte[] content, int mode) : FileNode(mode)
{
    /// <summary>All bytes; the array is never changed, only replaced.</summary>
    public byte[] Content { get; private set; } = content;

    /// <inheritdoc/>
    public override HostFileKind Kind => HostFileKind.File;

    /// <summary>What one write(2) at the start does: it overwrites and never shortens.</summary>
    public void Overwrite(ReadOnlySpan<byte> data)
    {
        byte[] content = new byte[Math.Max(data.Length, Content.Length)];
        Content.CopyTo(content, 0);
        data.CopyTo(content);
        Content = content;
    }
}
