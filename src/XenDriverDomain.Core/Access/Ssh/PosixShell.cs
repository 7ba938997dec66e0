using System.Text;

namespace XenDriverDomain.Access.Ssh;

/// <summary>The one place where text becomes part of a script for a POSIX shell on the far side.</summary>
internal static class PosixShell
{
    /// <summary>
    /// A word that stands for exactly this text, on one line: within <see cref="Loop"/> the variable <c>n</c> is a newline.
    /// NUL cannot be passed to any program and is refused.
    /// </summary>
    public static string Quote(string text)
    {
        if (text.Contains('\0'))
        {
            throw new ArgumentException("No program can be given a NUL.", nameof(text));
        }

        if (text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "/._-:,+@%".Contains(c)))
        {
            return text;
        }

        return $"'{text.Replace("'", "'\\''", StringComparison.Ordinal).Replace("\n", "'\"$n\"'", StringComparison.Ordinal)}'";
    }

    /// <summary>A path pattern: the wildcard <c>*</c> works, all else stands for itself.</summary>
    public static string QuotePattern(string pattern) =>
        string.Join('*', pattern.Split('*').Select(piece => piece.Length == 0 ? "" : Quote(piece)));

    /// <summary>Bytes as the format of printf(1).</summary>
    public static string PrintfFormat(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder("'");
        foreach (byte value in data)
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)':' or (byte)'.' or (byte)'/' or (byte)' ' or (byte)'_')
            {
                text.Append((char)value);
            }
            else
            {
                text.Append('\\').Append((char)('0' + (value >> 6))).Append((char)('0' + ((value >> 3) & 7))).Append((char)('0' + (value & 7)));
            }
        }

        return text.Append('\'').ToString();
    }

    /// <summary>
    /// The command that turns a session into a reader of one-line scripts. It says so on both outputs, with its process id
    /// and group, and then runs each line it reads. <c>read</c> takes no byte beyond the line, so what follows is the script's
    /// own input. Every one of its programs has the C locale, for messages that can be understood.
    /// </summary>
    /// <param name="marker">What it prints when it is ready.</param>
    /// <param name="newSession">Whether it must first leave the group of whoever started it.</param>
    public static string Loop(string marker, bool newSession)
    {
        string script =
            "n='\n'\n"
            + "PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}:" + Local.ProgramSearch.MoreDirectories + " LC_ALL=C QUOTING_STYLE=literal; export PATH LC_ALL; unset CDPATH\n"
            + "cd /\n"
            + "w() { case $1 in /*) x=$1; [ -f \"$x\" ] && [ -x \"$x\" ];; *) IFS=:; for d in $PATH; do case $d in /*) x=$d/$1; "
            + "if [ -f \"$x\" ] && [ -x \"$x\" ]; then unset IFS; return 0; fi;; esac; done; unset IFS; return 1;; esac; }\n"
            + "e() { printf '%s\\n' \"$1\" >&2; return 1; }\n"
            + "f() { for p do if [ -f \"$p\" ]; then printf '%s\\0' \"$p\"; fi; done; }\n"
            + "l() { for p do if [ -L \"$p\" ]; then printf '%s\\0' \"$p\"; fi; done; }\n"
            + "a() { for p do if [ -e \"$p\" ] || [ -L \"$p\" ]; then printf '%s\\0' \"$p\"; fi; done; }\n"
            + "read -r a b c d g h </proc/$$/stat\n"
            + $"printf '\\0%s %s\\0{marker}000\\0' $$ \"$g\"; printf '\\0{marker}000\\0' >&2\n"
            + "while IFS= read -r s; do eval \"$s\"; done";
        return $"exec {(newSession ? "setsid " : "")}sh -c '{script.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
