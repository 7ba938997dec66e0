using System.Collections.Frozen;
namespace XenDriverDomain.Access;

/// <summary>
/// The C library's words for error numbers in the C locale (strerror), as glibc and musl have them: programs on a remote dom0
/// say only these.
/// </summary>
internal static class ErrnoText
{
    private static readonly FrozenDictionary<string, int> s_numbers = new Dictionary<string, int>
    {
        ["Operation not permitted"] = 1,
        ["No such file or directory"] = 2,
        ["No such process"] = 3,
        ["Interrupted system call"] = 4,
        ["Input/output error"] = 5,
        ["I/O error"] = 5,
        ["No such device or address"] = 6,
        ["Argument list too long"] = 7,
        ["Resource temporarily unavailable"] = 11,
        ["Cannot allocate memory"] = 12,
        ["Out of memory"] = 12,
        ["Permission denied"] = 13,
        ["Bad address"] = 14,
        ["Device or resource busy"] = 16,
        ["Resource busy"] = 16,
        ["File exists"] = 17,
        ["No such device"] = 19,
        ["Not a directory"] = 20,
        ["Is a directory"] = 21,
        ["Invalid argument"] = 22,
        ["Inappropriate ioctl for device"] = 25,
        ["Not a tty"] = 25,
        ["Text file busy"] = 26,
        ["File too large"] = 27,
        ["No space left on device"] = 28,
        ["Illegal seek"] = 29,
        ["Invalid seek"] = 29,
        ["Read-only file system"] = 30,
        ["Broken pipe"] = 32,
        ["Numerical argument out of domain"] = 33,
        ["Numerical result out of range"] = 34,
        ["Result not representable"] = 34,
        ["File name too long"] = 36,
        ["Filename too long"] = 36,
        ["Function not implemented"] = 38,
        ["Directory not empty"] = 39,
        ["Too many levels of symbolic links"] = 40,
        ["Symbolic link loop"] = 40,
        ["Operation not supported"] = 95,
        ["Not supported"] = 95,
        ["Connection timed out"] = 110,
        ["Operation timed out"] = 110,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>A program's message without its name and its subject: what follows the last colon.</summary>
    public static string Words(string message)
    {
        string text = message.TrimEnd();
        int colon = text.LastIndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? text : text[(colon + 2)..];
    }

    /// <summary>The number of the error whose words a program's message ends with; Unknown when there are none.</summary>
    public static Errno Parse(string message)
    {
        // Not what follows the last colon: busybox says "'x' is a directory", and a path may hold colons.
        ReadOnlySpan<char> text = message.AsSpan().TrimEnd();
        int length = 0;
        Errno found = Errno.Unknown;
        foreach ((string words, int number) in s_numbers)
        {
            if (words.Length > length && text.EndsWith(words, StringComparison.OrdinalIgnoreCase))
            {
                length = words.Length;
                found = (Errno)number;
            }
        }

        return found;
    }
}
