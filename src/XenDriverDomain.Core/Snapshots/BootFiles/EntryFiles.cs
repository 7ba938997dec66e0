using XenDriverDomain.Boot.Loaders;

namespace XenDriverDomain.Snapshots.BootFiles;

/// <summary>The menus of systemd-boot, Xen's EFI program and extlinux.</summary>
internal static class EntryFiles
{
    private static readonly string[] s_kept =
    [
        "title", "version", "sort-key", "machine-id", "architecture", "efi", "linux", "initrd", "devicetree", "LABEL", "COM32", "INITRD",
        "TIMEOUT", "PROMPT", "UI", "MENU",
    ];

    /// <summary>An entry of systemd-boot: the options of Xen's program name its file, the options of Linux are its command line.</summary>
    public static string SystemdBoot(string text, BootFileLog log) => BootLines.Reduce(text, log, (line, key, end) => key == "options"
        ? BootLines.Tail(
            line, end,
            parameters => string.Join(
                ' ', parameters.Split(' ').Select(word => word.StartsWith("-cfg=", StringComparison.Ordinal) ? word : log.Linux(word))))
        : s_kept.Contains(key) ? line : null);

    /// <summary>Xen's own file: <c>kernel=FILE PARAMETERS</c>, <c>options=PARAMETERS</c> of Xen.</summary>
    public static string XenEfi(string text, BootFileLog log) => BootLines.Reduce(text, log, (line, _, _) =>
    {
        int equals = line.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? line.TrimStart().StartsWith('[') ? line : null : line[..equals].Trim() switch
        {
            "kernel" => BootLines.Tail(line, TextLines.FirstWord(line, equals + 1).End, log.Linux),
            "options" => BootLines.Tail(line, equals + 1, log.Xen),
            "default" or "ramdisk" or "ucode" or "xsm" or "chain" or "dtb" or "video" => line,
            _ => null,
        };
    });

    /// <summary>extlinux: <c>append xen.gz PARAMETERS --- vmlinuz PARAMETERS --- initrd</c>, or the parameters of <c>kernel</c>.</summary>
    public static string Extlinux(string text, BootFileLog log) =>
        BootLines.Reduce(text, log, (line, keyword, end) => keyword.ToUpperInvariant() switch
        {
            "APPEND" => BootLines.Tail(
                line, end, TextLines.IsXen(TextLines.FirstWord(line, end).Word) ? modules => Modules(modules, log) : log.Linux),
            // The first may name an entry, or a kernel with its parameters.
            "DEFAULT" or "KERNEL" or "LINUX" => BootLines.Tail(line, TextLines.FirstWord(line, end).End, log.Linux),
            var known => s_kept.Contains(known) ? line : null,
        });

    private static string Modules(string text, BootFileLog log) => string.Join("---", text.Split("---").Select((module, i) =>
        BootLines.Tail(module, TextLines.FirstWord(module, 0).End, i == 0 ? log.Xen : log.Linux)));
}
