using System.Text.RegularExpressions;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Snapshots.Redaction;

namespace XenDriverDomain.Snapshots.BootFiles;

/// <summary>The menus of GRUB: grub.cfg of GRUB 2, menu.lst and grub.conf of GRUB legacy.</summary>
internal static partial class GrubFiles
{
    private static readonly string[] s_kept =
    [
        "title", "default", "fallback", "timeout", "root", "rootnoverify", "hiddenmenu", "savedefault", "boot", "chainloader", "makeactive",
        "initrd", "map", "uuid", "color", "splashimage", "gfxmenu", "quiet", "lock", "serial", "terminal",
    ];

    /// <summary>grub.cfg, of which only the entries are kept, with the names of the scripts that made them.</summary>
    public static string Script(string text, BootFileLog log)
    {
        List<string> kept = [];
        bool isXen = false;
        int leftOut = 0;
        foreach ((_, _, string line) in TextLines.Of(text))
        {
            (string command, int end) = TextLines.FirstWord(line, 0);
            int parameters = TextLines.FirstWord(line, end).End;
            switch (command)
            {
                case "menuentry" or "submenu":
                    kept.Add(Secrets.MayHoldSecret(line) ? $"{command} '{log.SecretValue()}' {{" : Users().Replace(line, string.Empty));
                    isXen = false;
                    break;
                case "multiboot" or "multiboot2" or "xen_hypervisor":
                    isXen = true;
                    kept.Add(BootLines.Tail(line, parameters, log.Xen));
                    break;
                case "module" or "module2" or "xen_module" when !isXen:
                case "initrd" or "initrd16" or "initrdefi":
                    kept.Add(BootLines.Tail(line, end, log.Plain));
                    break;
                case "module" or "module2" or "xen_module":
                    // Only the first one is a kernel.
                    isXen = false;
                    kept.Add(BootLines.Tail(line, parameters, log.Linux));
                    break;
                case "linux" or "linux16" or "linuxefi":
                    kept.Add(BootLines.Tail(line, parameters, log.Linux));
                    break;
                case "}":
                    kept.Add(line);
                    break;
                case "###" when Section().IsMatch(line):
                    kept.Add(line);
                    break;
                default:
                    leftOut += string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith('#') ? 0 : 1;
                    break;
            }
        }

        log.UnreadLines(leftOut);
        return string.Join('\n', kept);
    }

    /// <summary>menu.lst.</summary>
    public static string Legacy(string text, BootFileLog log)
    {
        bool isXen = false;
        return BootLines.Reduce(text, log, (line, first, end) =>
        {
            // Between a command and its arguments may stand = instead of blanks.
            (string command, int from) = TextLines.FirstWord(line.Replace('=', ' '), 0);
            int path = SkipOptions(line, from);
            int parameters = TextLines.FirstWord(line, path).End;
            switch (command)
            {
                case "title" when Secrets.MayHoldSecret(line):
                    // Entries are counted.
                    return $"title {log.SecretValue()}";
                case "kernel":
                    isXen = TextLines.IsXen(TextLines.FirstWord(line, path).Word);
                    return BootLines.Tail(line, parameters, isXen ? log.Xen : log.Linux);
                case "module":
                    return BootLines.Tail(line, parameters, log.Linux);
                default:
                    return s_kept.Contains(command) ? line : null;
            }
        });
    }

    private static int SkipOptions(string line, int at)
    {
        (string word, int end) = TextLines.FirstWord(line, at);
        while (word.StartsWith("--", StringComparison.Ordinal))
        {
            at = end;
            (word, end) = TextLines.FirstWord(line, at);
        }

        return at;
    }

    // --users "alice,bob"
    [GeneratedRegex("""[ \t]--users(=|[ \t]+)("[^"]*"|'[^']*'|[^ \t]+)""")]
    private static partial Regex Users();

    // ### BEGIN /etc/grub.d/20_linux_xen ###
    [GeneratedRegex("^### (BEGIN|END) /etc/grub\\.d/[A-Za-z0-9._-]+ ###$")]
    private static partial Regex Section();
}
