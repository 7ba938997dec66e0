namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>Kinds and permissions as people read them.</summary>
internal static class FileModes
{
    /// <summary>As ls -l shows it: <c>lrwxrwxrwx</c>.</summary>
    public static string Show(FileNode node)
    {
        const string Letters = "rwxrwxrwx";
        char kind = node switch
        {
            DirectoryNode => 'd',
            LinkNode => 'l',
            DeviceNode => 'c',
            _ => '-',
        };
        return kind + string.Concat(Letters.Select((letter, i) => (node.Mode & (0x100 >> i)) != 0 ? letter : '-'));
    }

    /// <summary>As stat's %F says it.</summary>
    public static string Kind(FileNode node) => node switch
    {
        DirectoryNode => "directory",
        LinkNode => "symbolic link",
        DeviceNode => "character special file",
        OrdinaryFile { Content.Length: 0 } => "regular empty file",
        _ => "regular file",
    };
}
