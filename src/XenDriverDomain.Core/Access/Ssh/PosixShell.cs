using System.Text;

namespace XenDriverDomain.Access.Ssh;

/// <summary>The one place where text becomes part of a script for a POSIX shell on the far side.</summary>
internal static class PosixShell
{
    /// <summary>A word that stands for exactly this text; NUL cannot be passed to any program and is refused.</summary>
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

        return $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    /// <summary>A path pattern: the wildcard <c>*</c> works, all else stands for itself.</summary>
    public static string QuotePattern(string pattern) =>
        string.Join('*', pattern.Split('*').Select(piece => piece.Length == 0 ? "" : Quote(piece)));

    /// <summary>Commands that print exactly these bytes, by the shell's own printf: no program is started for them.</summary>
    public static string Print(ReadOnlySpan<byte> data)
    {
        const int Chunk = 16 * 1024;
        var text = new StringBuilder();
        for (; !data.IsEmpty; data = data[Math.Min(Chunk, data.Length)..])
        {
            text.Append(text.Length == 0 ? "printf '" : "; printf '");
            foreach (byte value in data[..Math.Min(Chunk, data.Length)])
            {
                if (char.IsAsciiLetterOrDigit((char)value) || " ./:=_-\n".Contains((char)value))
                {
                    text.Append((char)value);
                }
                else
                {
                    text.Append('\\').Append((char)('0' + (value >> 6))).Append((char)('0' + ((value >> 3) & 7))).Append((char)('0' + (value & 7)));
                }
            }

            text.Append('\'');
        }

        return text.ToString();
    }

    /// <summary>
    /// The command that starts a session's shell: one that reads scripts from its standard input, and so can be given many.
    /// </summary>
    /// <param name="newSession">Whether it must first leave the group of whoever started it.</param>
    public static string Start(bool newSession) => newSession ? "exec setsid sh" : "exec sh";

    /// <summary>
    /// The first script of every shell: functions for the others. It ends with the shell's process id and group on standard
    /// output, after a NUL.
    /// </summary>
    /// <remarks>
    /// <c>w</c> finds a program as a login of root would, <c>e</c> fails with words, <c>f</c>, <c>l</c> and <c>a</c> list those
    /// paths that are files, links, or anything, and <c>k</c> tells whether another process still holds the shell's outputs (they
    /// are the same file then, test -ef). The C locale gives messages that can be understood.
    /// </remarks>
    public const string Prelude = """
        PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin LC_ALL=C QUOTING_STYLE=literal
        export PATH LC_ALL QUOTING_STYLE; unset CDPATH; cd /
        w() { case $1 in /*) x=$1; [ -f "$x" ] && [ -x "$x" ];; *) IFS=:
        for d in $PATH; do case $d in /*) x=$d/$1; if [ -f "$x" ] && [ -x "$x" ]; then unset IFS; return 0; fi;; esac; done
        unset IFS; return 1;; esac; }
        e() { printf '%s\n' "$1" >&2; return 1; }
        f() { for p do if [ -f "$p" ]; then printf '%s\0' "$p"; fi; done; }
        l() { for p do if [ -L "$p" ]; then printf '%s\0' "$p"; fi; done; }
        a() { for p do if [ -e "$p" ] || [ -L "$p" ]; then printf '%s\0' "$p"; fi; done; }
        k() { for p in /proc/[0-9]*/fd/[12]; do case $p in /proc/$$/*) ;; *)
        if [ "$p" -ef /proc/$$/fd/1 ] || [ "$p" -ef /proc/$$/fd/2 ]; then return 1; fi;; esac; done; }
        read -r a b c d g h </proc/$$/stat; printf '\0%s %s' $$ "$g"; r=0
        """;
}
