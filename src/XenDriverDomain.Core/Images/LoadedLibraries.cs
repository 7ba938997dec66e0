namespace XenDriverDomain.Images;

/// <summary>
/// Which files a program loads before it runs, by what <c>ldd</c> of dom0 says: the libraries, and the loader itself. Both glibc's words
/// (ld.so(8): <c>libz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x…)</c>) and musl's, whose loader is ldd
/// (<c>/lib/ld-musl-x86_64.so.1 (0x…)</c>, <c>Error loading shared library libz.so.1: No such file or directory (needed by …)</c>).
/// </summary>
/// <param name="Paths">The files, by absolute path, in the order that they are named.</param>
/// <param name="Missing">Libraries that are not there, by name.</param>
internal sealed record LoadedLibraries(IReadOnlyList<string> Paths, IReadOnlyList<string> Missing)
{
    private const string Arrow = " => ";
    private const string NotFound = "not found";
    private const string NotLoaded = "Error loading shared library ";

    /// <summary>Reads what ldd has printed, of one program or of several.</summary>
    /// <param name="output">Both of its streams: musl's errors are on the second one.</param>
    internal static LoadedLibraries Read(string output)
    {
        List<string> paths = [], missing = [];
        foreach (string line in output.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith(NotLoaded, StringComparison.Ordinal))
            {
                missing.Add(line[NotLoaded.Length..].Split(':')[0]);
            }
            else if (line.Split(Arrow) is [var name, var target] && target.StartsWith(NotFound, StringComparison.Ordinal))
            {
                missing.Add(name);
            }
            else if (PathIn(line) is { } path)
            {
                paths.Add(path);
            }
        }

        return new LoadedLibraries([.. paths.Distinct(StringComparer.Ordinal)], [.. missing.Distinct(StringComparer.Ordinal)]);
    }

    // What is mapped has an address after it; linux-vdso has one too, and no path. Where several are asked of, a program's name has a
    // colon.
    private static string? PathIn(string line)
    {
        int address = line.LastIndexOf(" (0x", StringComparison.Ordinal);
        if (address < 0)
        {
            return null;
        }

        string mapped = line[..address];
        int arrow = mapped.IndexOf(Arrow, StringComparison.Ordinal);
        string path = arrow < 0 ? mapped : mapped[(arrow + Arrow.Length)..];
        return path.StartsWith('/') ? path : null;
    }
}
