using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Snapshots.Redaction;

namespace XenDriverDomain.Snapshots.BootFiles;

/// <summary>The files that say which modules are loaded when: of modprobe, initramfs-tools, dracut and mkinitfs.</summary>
internal static class ModuleFiles
{
    private static readonly string[] s_pciback = ["xen-pciback", "pciback"];

    /// <summary>
    /// A file of /etc/modprobe.d: options of pciback, and lines that order modules. Options of others may hold a key of a network.
    /// </summary>
    public static string Modprobe(string text, BootFileLog log)
    {
        bool isContinued = false, wasKept = true, wasOptions = false;
        return BootLines.Reduce(text, log, (line, command, end) =>
        {
            string module = TextLines.FirstWord(line, end).Word.Replace('_', '-');
            bool isOptions = isContinued ? wasOptions : command == "options" && s_pciback.Contains(module);
            bool isKept = isContinued ? wasKept : isOptions || command is "softdep" or "blacklist" or "alias";
            int from = isContinued ? 0 : TextLines.FirstWord(line, end).End;
            isContinued = line.EndsWith('\\');
            wasKept = isKept;
            wasOptions = isOptions;
            return !isKept ? null
                : isOptions ? BootLines.Tail(line, from, log.Options)
                : HarmlessWords.IsPlain(line) ? line : null;
        });
    }

    /// <summary>
    /// /etc/initramfs-tools/modules, and those of a feature of mkinitfs: a module in each line; what follows it are its options.
    /// </summary>
    public static string Initramfs(string text, BootFileLog log) =>
        BootLines.Reduce(text, log, (line, _, end) => string.IsNullOrWhiteSpace(line[end..]) ? line : null);

    /// <summary>Settings of dracut and mkinitfs, in a shell's words; kept are the lists of modules, of features and of files.</summary>
    public static string Settings(string text, BootFileLog log) => BootLines.Reduce(text, log, (line, word, _) =>
    {
        string name = word.Split('=')[0].TrimEnd('+');
        bool isList = name is "features" or "install_items" or "install_optional_items"
            || name.EndsWith("drivers", StringComparison.Ordinal) || name.EndsWith("modules", StringComparison.Ordinal);
        string value = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return (isList || name == "hostonly") && HarmlessWords.IsPlain(value) ? line : null;
    });
}
