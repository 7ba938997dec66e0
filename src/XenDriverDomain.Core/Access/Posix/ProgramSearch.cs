namespace XenDriverDomain.Access.Posix;

/// <summary>Looks programs up as a login shell of root would.</summary>
internal static class ProgramSearch
{
    /// <summary>Where xl and its like live, also when the caller's PATH is an ordinary user's.</summary>
    public const string MoreDirectories = "/usr/local/sbin:/usr/sbin:/sbin";

    private const uint AnyExecute = 0x49;

    /// <summary>The caller's PATH with the system directories after it.</summary>
    public static string ExtendedPath(string? path) => string.IsNullOrEmpty(path)
        ? $"/usr/local/bin:/usr/bin:/bin:{MoreDirectories}"
        : $"{path}:{MoreDirectories}";

    /// <summary>The absolute path of a program, or null. A relative entry of the search path is passed over.</summary>
    public static string? Find(string program, string searchPath)
    {
        if (program.StartsWith('/'))
        {
            return IsProgram(program) ? program : null;
        }

        return searchPath.Split(':').Where(directory => directory.StartsWith('/'))
            .Select(directory => $"{directory.TrimEnd('/')}/{program}")
            .FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path) =>
        Libc.Stat(path, followLinks: true, out FileMetadata metadata) == 0
        && metadata.Kind == HostFileKind.File
        && (metadata.Permissions & AnyExecute) != 0;
}
