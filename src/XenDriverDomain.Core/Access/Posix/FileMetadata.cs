namespace XenDriverDomain.Access.Posix;

/// <summary>What the product needs of a stat: owner, group, type and permission bits, and which file it is on its file system.</summary>
internal readonly record struct FileMetadata(uint Owner, uint Group, ushort Mode, ulong Inode)
{
    public uint Permissions => Mode & 0xFFFu;

    public HostFileKind Kind => (Mode & 0xF000) switch
    {
        0x8000 => HostFileKind.File,
        0x4000 => HostFileKind.Directory,
        0x6000 => HostFileKind.BlockDevice,
        _ => HostFileKind.Other,
    };
}
