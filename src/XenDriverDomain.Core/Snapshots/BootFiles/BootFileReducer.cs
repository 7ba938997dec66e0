using XenDriverDomain.Access;
using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Snapshots.Redaction;

namespace XenDriverDomain.Snapshots.BootFiles;

/// <summary>
/// The files that decide what pciback takes at boot, without what may be a secret. A change rehearsed on the copy then makes the same file
/// as on the host, but for what was left out.
/// </summary>
internal sealed class BootFileReducer(LeftOutLog leftOut)
{
    private const int MostFiles = 500;
    private const int MostCharacters = 4 * 1024 * 1024;

    private readonly BootFileLog _log = new(leftOut);
    private int _files;
    private int _characters;

    /// <summary>True for a file that is reduced here.</summary>
    public static bool Takes(string path) => IsScript(path) || ReaderOf(path) is not null || IsIn(path, EarlyLoading.Files);

    /// <summary>What is kept of a file; null for nothing.</summary>
    public string? Reduce(string path, string text)
    {
        // What a host has of them is some dozens of kilobytes.
        if (++_files > MostFiles || (_characters += text.Length) > MostCharacters)
        {
            leftOut.Add("boot files", $"there are more than {MostFiles}, or they have more than {MostCharacters} bytes");
            return null;
        }

        string? reduced = IsScript(path) ? GrubFiles.Script(text, _log) : ReaderOf(path) switch
        {
            Grub2Reader or UpdateExtlinuxReader => ShellFiles.Reduce(path, text, _log),
            GrubLegacyReader => GrubFiles.Legacy(text, _log),
            SystemdBootReader => EntryFiles.SystemdBoot(text, _log),
            XenEfiReader => EntryFiles.XenEfi(text, _log),
            ExtlinuxReader => EntryFiles.Extlinux(text, _log),
            ModprobeReader => ModuleFiles.Modprobe(text, _log),
            _ when path is EarlyLoading.InitramfsModules or EarlyLoading.AlpineModules || EarlyLoading.MkinitfsFeature.Contains(path) =>
                ModuleFiles.Initramfs(text, _log),
            _ => ModuleFiles.Settings(text, _log),
        };
        if (reduced is null)
        {
            leftOut.Add(path, "it cannot be understood, so secrets could not be told from the rest");
        }

        return reduced;
    }

    private static bool IsScript(string path) => Grub2Reader.Generated.Contains(path);

    private static IBootLoaderReader? ReaderOf(string path) =>
        BootQueries.Loaders.Append(BootQueries.Modprobe).FirstOrDefault(reader => IsIn(path, reader.Files));

    private static bool IsIn(string path, IEnumerable<string> patterns) => patterns.Any(pattern => BulkPath.MatchesAll(pattern, path));
}
