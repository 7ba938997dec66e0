using XenDriverDomain.Access.Ssh;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Traces;

/// <summary>How the commands that remove traces are written.</summary>
internal static class TraceCommands
{
    /// <summary>A file, for a shell on dom0.</summary>
    public static string File(string path) => $"rm -f {PosixShell.Quote(path)}";

    /// <summary>An empty directory.</summary>
    public static string Folder(string path) => $"rmdir {PosixShell.Quote(path)}";

    /// <summary>A directory, and what is mounted on it.</summary>
    public static string Mount(string path) => $"umount {PosixShell.Quote(path)} && {Folder(path)}";

    /// <summary>All lines of a file that are exactly this one.</summary>
    public static string Line(string path, string line) => $"sed -i {PosixShell.Quote($"/^{Escaped(line)}$/d")} {PosixShell.Quote(path)}";

    /// <summary>A word with the blank before it, in the lines of a file that begin with a text.</summary>
    public static string Word(string path, string begin, string word) =>
        $"sed -i {PosixShell.Quote($"/^{Escaped(begin)}/s/ {Escaped(word)}//")} {PosixShell.Quote(path)}";

    /// <summary>A node, and above it what then holds nothing any more.</summary>
    public static string Node(XenStorePath path) => $"xenstore-rm -t {PosixShell.Quote(path.ToString())}";

    /// <summary>A word for PowerShell.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text[0] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':')
            ? text
            : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    // For a basic regular expression between slashes.
    private static string Escaped(string text) =>
        string.Concat(text.Select(c => c is '\\' or '/' or '.' or '*' or '[' or ']' or '^' or '$' or '&' ? $"\\{c}" : c.ToString()));
}
