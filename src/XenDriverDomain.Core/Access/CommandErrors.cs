using System.Text;
using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Access;

/// <summary>What is wrong with a command, in words that are the same however dom0 is reached.</summary>
internal static class CommandErrors
{
    /// <summary>Throws <see cref="ArgumentException"/> for a vector that no exec could take.</summary>
    public static void Require(CommandRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Program.Length == 0 || (request.Program.Contains('/') && !request.Program.StartsWith('/')))
        {
            throw new ArgumentException("A program is a name or an absolute path.", nameof(request));
        }

        foreach (string text in request.Arguments.Prepend(request.Program))
        {
            if (text.Contains('\0') || !IsEncodable(text))
            {
                throw new ArgumentException("A program's argument has no NUL and no half of a surrogate pair.", nameof(request));
            }
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(request.Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(request.OutputLimit);
    }

    public static XenDriverDomainException NotFound(string program) => new(
        ErrorIds.HostCommandNotFound,
        ErrorKind.NotInstalled,
        $"The program '{Text.Show(program)}' is not on dom0: it is neither in the user's PATH nor in /usr/local/sbin, /usr/sbin or /sbin.",
        program == "xl"
            ? "Install dom0's Xen tools (Debian: xen-utils), and run this on dom0 itself or connect to it."
            : "Install the package that has it on dom0.",
        program);

    public static XenDriverDomainException TimedOut(CommandRequest request) => new(
        ErrorIds.HostCommandTimedOut,
        ErrorKind.Timeout,
        $"'{Text.Show(string.Join(' ', request.Arguments.Prepend(request.Program)))}' did not end on dom0 within "
            + $"{request.Timeout.TotalSeconds:0.###} s and was killed.",
        "Look at dom0's state (xl list, dmesg, /var/log/xen) before trying again, or allow more time.",
        request.Program);

    private static bool IsEncodable(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int taken) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[taken..];
        }

        return true;
    }
}
