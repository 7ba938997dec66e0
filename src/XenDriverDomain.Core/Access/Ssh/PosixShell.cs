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
                    text.Append('\\').Append((char)('0' + (value >> 6))).Append((char)('0' + ((value >> 3) & 7)))
                        .Append((char)('0' + (value & 7)));
                }
            }

            text.Append('\'');
        }

        return text.ToString();
    }

    /// <summary>
    /// The paths that the functions <c>f</c> and <c>a</c> of the <see cref="Prelude"/> print, each with two slashes and a newline, which no
    /// path contains.
    /// </summary>
    public static IEnumerable<string> Paths(ReadOnlySpan<byte> list) =>
        $"{Encoding.UTF8.GetString(list)}\n".Split("//\n", StringSplitOptions.RemoveEmptyEntries).Where(path => path != "\n");

    /// <summary>
    /// The command that starts a session's shell: one that reads scripts from its standard input, and so can be given many.
    /// </summary>
    /// <param name="newSession">Whether it must first leave the group of whoever started it.</param>
    public static string Start(bool newSession) => newSession ? "exec setsid sh" : "exec sh";

    /// <summary>Keeps the guard's input from a program, which may leave somebody behind who would hold it.</summary>
    public const string Unguarded = "3<&-";

    /// <summary>
    /// A program's run, its status in <c>r</c>, which ends when this side does. The shell learns that from the end of its input, but only
    /// after the program: so meanwhile somebody else reads there, where nothing comes before the program has answered.
    /// </summary>
    /// <param name="run">
    /// The commands that run it, each with <see cref="Unguarded"/> behind its other redirections. (Around them all it would do the
    /// same, were it not for dash, where a subshell's input is then not redirected.)
    /// </param>
    /// <param name="patience">
    /// How many seconds it is then left, before the shell's group is killed: a look need not end, what changes something should.
    /// </param>
    /// <remarks>
    /// A group that is not the shell's own could be the ssh server's. Nobody hears the shell's word that its job was killed.
    /// </remarks>
    public static string Guarded(string run, int patience) =>
        $"{{ if [ \"$i\" = $$ ]; then {{ read -r s; n={patience}; while [ $n -gt 0 ]; do sleep 1; n=$((n-1)); done; kill -KILL -$$; }} "
        + $"<&3 {Unguarded} >/dev/null 2>&1 & z=$!; else z=; fi; {run}; r=$?; "
        + "if [ \"$z\" ]; then { kill -KILL $z; wait $z; } 2>/dev/null; fi; } 3<&0";

    /// <summary>
    /// The first script of every shell: functions for the others. It ends with the shell's process id and group on standard
    /// output, after a NUL.
    /// </summary>
    /// <remarks>
    /// <c>i</c> is the shell's group, <c>w</c> finds a program as a login of root would, <c>e</c> fails with words, <c>f</c> and
    /// <c>a</c> list those paths that are files, or anything, <c>o</c> prints at once what a function prints piece by piece (each
    /// piece would be a packet), and <c>k</c> tells whether another process still holds the shell's outputs (they are the same file
    /// then, test -ef). The C locale gives messages that can be understood.
    /// </remarks>
    public const string Prelude = """
        PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin LC_ALL=C QUOTING_STYLE=literal
        export PATH LC_ALL QUOTING_STYLE; unset CDPATH; cd /
        w() { case $1 in /*) x=$1; [ -f "$x" ] && [ -x "$x" ];; *) IFS=:
        for d in $PATH; do case $d in /*) x=$d/$1; if [ -f "$x" ] && [ -x "$x" ]; then unset IFS; return 0; fi;; esac; done
        unset IFS; return 1;; esac; }
        e() { printf '%s\n' "$1" >&2; return 1; }
        f() { for p do if [ -f "$p" ]; then printf '%s//\n' "$p"; fi; done; }
        a() { for p do if [ -e "$p" ] || [ -L "$p" ]; then printf '%s//\n' "$p"; fi; done; }
        o() { y=$("$@"); printf '%s' "$y"; }
        k() { for p in /proc/[0-9]*/fd/[12]; do case $p in /proc/$$/*) ;; *)
        if [ "$p" -ef /proc/$$/fd/1 ] || [ "$p" -ef /proc/$$/fd/2 ]; then return 1; fi;; esac; done; }
        read -r a b c d i h </proc/$$/stat; printf '\0%s %s' $$ "$i"; r=0
        """;
}
