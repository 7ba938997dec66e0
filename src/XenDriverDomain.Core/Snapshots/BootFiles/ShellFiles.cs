using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Snapshots.Redaction;

namespace XenDriverDomain.Snapshots.BootFiles;

/// <summary>/etc/default/grub with the files beside it, and /etc/update-extlinux.conf, which a shell reads.</summary>
internal static partial class ShellFiles
{
    private static readonly string[] s_xens = ["GRUB_CMDLINE_XEN", "GRUB_CMDLINE_XEN_DEFAULT", "xen_opts"];

    // Those that end up in no command line: grub-mkconfig's (GRUB's manual, 6.1), Debian's for Xen, and update-extlinux's.
    private static readonly FrozenSet<string> s_settings = new[]
    {
        "GRUB_DEFAULT", "GRUB_SAVEDEFAULT", "GRUB_TIMEOUT", "GRUB_TIMEOUT_STYLE", "GRUB_HIDDEN_TIMEOUT", "GRUB_HIDDEN_TIMEOUT_QUIET",
        "GRUB_RECORDFAIL_TIMEOUT", "GRUB_DISTRIBUTOR", "GRUB_TERMINAL", "GRUB_TERMINAL_INPUT", "GRUB_TERMINAL_OUTPUT",
        "GRUB_SERIAL_COMMAND", "GRUB_GFXMODE", "GRUB_GFXPAYLOAD_LINUX", "GRUB_BACKGROUND", "GRUB_THEME", "GRUB_FONT",
        "GRUB_DISABLE_LINUX_UUID", "GRUB_DISABLE_LINUX_PARTUUID", "GRUB_DISABLE_RECOVERY", "GRUB_DISABLE_OS_PROBER", "GRUB_DISABLE_SUBMENU",
        "GRUB_OS_PROBER_SKIP_LIST", "GRUB_ENABLE_CRYPTODISK", "GRUB_ENABLE_BLSCFG", "GRUB_ENABLE_LINUX_LABEL", "GRUB_INIT_TUNE",
        "GRUB_BADRAM", "GRUB_PRELOAD_MODULES", "GRUB_TOP_LEVEL", "GRUB_TOP_LEVEL_XEN", "GRUB_FLAVOUR_ORDER", "GRUB_VIDEO_BACKEND",
        "GRUB_EARLY_INITRD_LINUX_CUSTOM", "GRUB_EARLY_INITRD_LINUX_STOCK", "XEN_OVERRIDE_GRUB_DEFAULT",
        "overwrite", "vesa_menu", "modules", "root", "default", "timeout", "hidden", "prompt", "verbose", "baudrate", "serial_port",
    }.ToFrozenSet(StringComparer.Ordinal);

    // How Debian and Red Hat have a shell find the name of the distribution.
    private static readonly string[] s_commands =
    [
        "`lsb_release -i -s 2> /dev/null || echo Debian`", "`( . /etc/os-release; echo ${NAME:-Debian} ) 2>/dev/null || echo Debian`",
        "`( . /etc/os-release && echo ${NAME} )`", "$(sed 's, release .*$,,g' /etc/system-release)",
    ];

    // What else stands in such a file and says nothing by itself.
    private static readonly FrozenSet<string> s_shell = new[]
    {
        "if", "then", "else", "elif", "fi", "[", "]", "[[", "]]", "test", "!", "=", "==", "!=", "-n", "-z", "-e", "-f", "-r", "-x",
        "&&", "||", ";", ".", "source", "export", ":", "true", "false", "0", "1", "\"\"", "\"0\"", "\"1\"", "\\", "\"", "'",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// The file, in which every value that may be a part of a command line is reduced; null when secrets could not be told from the rest.
    /// </summary>
    public static string? Reduce(string path, string text, BootFileLog log)
    {
        ShellSettings settings = new();
        settings.Read(path, text);
        StringBuilder reduced = new();
        int at = 0;
        foreach (ShellAssignment one in settings.Assignments)
        {
            int name = text.LastIndexOf(one.Name, one.Start, StringComparison.Ordinal);
            if (Between(text[at..name], isFirst: at == 0, isLast: false, log) is not { } between)
            {
                return null;
            }

            reduced.Append(between).Append(text, name, one.Start - name).Append(Value(one.Name, one.Raw, one.Value is null, log));
            at = one.Start + one.Raw.Length;
        }

        return Between(text[at..], isFirst: at == 0, isLast: true, log) is { } rest ? reduced.Append(rest).ToString() : null;
    }

    private static string Value(string name, string raw, bool isRun, BootFileLog log)
    {
        // Any other variable may be put into the command line by its name.
        return raw.Length == 0 ? raw
            : Secrets.IsSecretName(name) ? log.SecretValue()
            : isRun && (raw.Contains('`', StringComparison.Ordinal) || raw.Contains("$(", StringComparison.Ordinal))
                ? s_commands.Contains(raw) ? raw : log.Unresolved()
            : s_settings.Contains(name) ? Secrets.MayHoldSecret(raw) ? log.SecretValue() : raw
            : isRun ? log.Unresolved()
            : s_xens.Contains(name) ? log.Xen(raw)
            : log.Linux(raw);
    }

    // Comments, and what else a shell reads. A line that is not known becomes a comment, but where a part of it is an assignment.
    private static string? Between(string text, bool isFirst, bool isLast, BootFileLog log)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            int comment = lines[i].IndexOf('#', StringComparison.Ordinal);
            string code = comment < 0 ? lines[i] : lines[i][..comment];
            string kept = comment < 0 ? "" : Comment(lines[i][comment..], log);
            bool isWhole = (i > 0 || isFirst) && (i < lines.Length - 1 || isLast);
            if (code.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries).All(IsShell))
            {
                lines[i] = code + kept;
            }
            else if (isWhole && !Secrets.MayHoldSecret(code))
            {
                lines[i] = log.UnreadLine();
            }
            else
            {
                return null;
            }
        }

        return string.Join('\n', lines);
    }

    // A condition's word, a variable, or a file that is read.
    private static bool IsShell(string word)
    {
        string bare = word.TrimEnd(';').Trim('"');
        return s_shell.Contains(word) || s_shell.Contains(word.TrimEnd(';')) || bare.Length == 0
            || (bare[0] == '$' && bare.Skip(1).All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '{' or '}'))
            || ((bare[0] == '/' || IsKnown(bare)) && HarmlessWords.IsPlain(bare) && !Secrets.MayHoldSecret(bare));
    }

    private static bool IsKnown(string name) =>
        s_settings.Contains(name) || s_xens.Contains(name) || name.StartsWith("GRUB_CMDLINE_", StringComparison.Ordinal);

    // A setting that was tried is kept when it would be kept as one.
    private static string Comment(string comment, BootFileLog log)
    {
        if (Setting().Match(comment) is { Success: true } setting)
        {
            LeftOutLog tried = new();
            string name = setting.Groups["name"].Value, raw = setting.Groups["raw"].Value;
            bool isRun = raw.Contains('`', StringComparison.Ordinal) || raw.Contains("$(", StringComparison.Ordinal);
            if (IsKnown(name) && Value(name, raw, isRun, new BootFileLog(tried)) == raw)
            {
                return comment;
            }
        }

        return log.Comment(comment);
    }

    [GeneratedRegex("""^#[ \t]*(?<name>[A-Za-z_]+)=(?:"(?<raw>(?:[^"\\]|\\.)*)"|'(?<raw>[^']*)'|(?<raw>[^ \t"']*))[ \t\r]*$""")]
    private static partial Regex Setting();
}
