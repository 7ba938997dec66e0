using XenDriverDomain.Access;

namespace XenDriverDomain.Xl;

/// <summary>Where distributions and self-built Xens put xl when it is not in PATH.</summary>
internal static class XlPlaces
{
    // In order of preference: what an administrator installed, the distribution's links, then versioned directories.
    private static readonly string[] s_patterns =
    [
        "/usr/local/sbin/xl", "/usr/local/bin/xl", "/usr/sbin/xl", "/usr/bin/xl", "/sbin/xl", "/bin/xl",
        "/usr/lib/xen/bin/xl", "/usr/lib64/xen/bin/xl", "/usr/lib/xen-*/bin/xl", "/opt/xen/sbin/xl", "/opt/xen/bin/xl",
        "/opt/xensource/bin/xl", "/opt/*/sbin/xl", "/opt/*/bin/xl",
    ];

    /// <summary>The places that hold an xl, the preferred one first; of several versions the newest.</summary>
    public static async ValueTask<IReadOnlyList<string>> LookAsync(IDom0Files files, CancellationToken cancellationToken)
    {
        BulkAnswer answer = await files
            .ReadManyAsync(new BulkQuery([], [], s_patterns), cancellationToken).ConfigureAwait(false);
        return [.. answer.Names.OrderBy(RankOf).ThenByDescending(VersionOf).ThenBy(name => name, StringComparer.Ordinal)];
    }

    private static int RankOf(string path)
    {
        int exact = Array.IndexOf(s_patterns, path);
        if (exact >= 0)
        {
            return exact;
        }

        int pattern = Array.FindIndex(s_patterns, p => p.Contains('*', StringComparison.Ordinal)
            && path.StartsWith(p[..p.IndexOf('*', StringComparison.Ordinal)], StringComparison.Ordinal)
            && path.EndsWith(p[(p.IndexOf('*', StringComparison.Ordinal) + 1)..], StringComparison.Ordinal));
        return pattern >= 0 ? pattern : s_patterns.Length;
    }

    private static Version VersionOf(string path)
    {
        const string Versioned = "/usr/lib/xen-";
        int end = path.Length > Versioned.Length ? path.IndexOf('/', Versioned.Length) : -1;
        return path.StartsWith(Versioned, StringComparison.Ordinal) && end > 0
            && Version.TryParse(path.AsSpan(Versioned.Length, end - Versioned.Length), out Version? version)
            ? version
            : new Version(0, 0);
    }
}
