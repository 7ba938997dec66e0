using XenDriverDomain.Access.Posix;

namespace XenDriverDomain.Access.Local;

/// <summary>
/// Directories of this machine in which sockets may be made. What the environment names may be anybody's: after <c>sudo -E</c> it is
/// another user's, who could put something of his in the place of what is made there.
/// </summary>
internal static class PlacesForSockets
{
    /// <summary>Where programs put what is temporary when nothing else is said.</summary>
    public const string Usual = "/tmp";

    /// <summary>A Unix socket's path has at most 107 bytes (unix(7)); what is made in the place takes the rest.</summary>
    private const int LongestPath = 49;

    private const uint Sticky = 0x200;
    private const uint OthersWrite = 0x12;
    private const uint OnlyOwner = 0x1C0;

    /// <summary>The places, the best first: the user's own directory for sockets, the one for temporary files, and /tmp.</summary>
    /// <param name="environment">Finds a variable of the environment.</param>
    public static List<string> Find(Func<string, string?> environment)
    {
        List<string> places = [];
        if (Usable(environment("XDG_RUNTIME_DIR")) is { } runtime
            && Libc.Stat(runtime, followLinks: false, out FileMetadata metadata) == 0
            && metadata.Owner == Libc.EffectiveUser() && (metadata.Permissions & 0x1FF) == OnlyOwner && IsOutOfReach(runtime))
        {
            places.Add(runtime);
        }

        if (Usable(environment("TMPDIR")) is { } temporary && temporary != Usual && IsOutOfReach(temporary))
        {
            places.Add(temporary);
        }

        places.Add(Usual);
        return places;
    }

    // ssh takes % and ~ for something else, and divides at colons and at blanks.
    private static string? Usable(string? path) =>
        path is ['/', ..] && LocalFiles.RealPath(path, out _) is { Length: > 1 and <= LongestPath } real
            && real.All(c => char.IsAsciiLetterOrDigit(c) || "/._-".Contains(c, StringComparison.Ordinal))
            ? real
            : null;

    /// <summary>
    /// True when nobody but root and this user can put another thing in the place of what lies in the directory, or of one above it: they
    /// are root's or this user's, and where others may write, the sticky bit lets them remove only what is theirs.
    /// </summary>
    private static bool IsOutOfReach(string directory)
    {
        uint user = Libc.EffectiveUser();
        for (string? at = directory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Libc.Stat(at, followLinks: false, out FileMetadata metadata) != 0
                || metadata.Kind != HostFileKind.Directory
                || (metadata.Owner != 0 && metadata.Owner != user)
                || ((metadata.Permissions & OthersWrite) != 0 && (metadata.Permissions & Sticky) == 0))
            {
                return false;
            }
        }

        return true;
    }
}
