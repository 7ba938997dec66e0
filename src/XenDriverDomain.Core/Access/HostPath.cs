namespace XenDriverDomain.Access;

/// <summary>The rule for paths that reach a port: absolute, and without NUL, which no system call can carry.</summary>
internal static class HostPath
{
    /// <summary>Returns the path, or throws <see cref="ArgumentException"/>.</summary>
    public static string Require(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.StartsWith('/') && !path.Contains('\0')
            ? path
            : throw new ArgumentException("A path on dom0 is absolute and has no NUL.", nameof(path));
    }

    /// <summary>The directory that holds a path.</summary>
    public static string Parent(string path)
    {
        int slash = path.TrimEnd('/').LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }
}
