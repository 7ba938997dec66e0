using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Assignment.AtBoot.Loaders;
using XenDriverDomain.Checks;

namespace XenDriverDomain.Assignment.AtBoot;

/// <summary>
/// Has the module pciback loaded before the drivers of the functions that it is to hide, since it takes only what has no driver yet: a
/// softdep in /etc/modprobe.d (modprobe.d(5)), and the module in the initial RAM disk, from which drivers may be loaded already.
/// </summary>
internal static partial class EarlyLoading
{
    /// <summary>The modules that initramfs-tools puts into the initial RAM disk and loads there.</summary>
    public const string InitramfsModules = "/etc/initramfs-tools/modules";

    private const string UpdateInitramfs = "/usr/sbin/update-initramfs";
    private const string DracutFolder = "/etc/dracut.conf.d";
    private const string MkinitfsFeatures = "/etc/mkinitfs/features.d";
    private const string MkinitfsConfig = "/etc/mkinitfs/mkinitfs.conf";
    private const string Mkinitfs = "/sbin/mkinitfs";
    private static readonly string[] s_dracut = ["/usr/bin/dracut", "/usr/sbin/dracut", "/sbin/dracut"];

    // An initial RAM disk for each kernel, compressed; slow machines have several.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(15);

    /// <summary>The modules that a feature of ours, xen-pciback or pciback, has mkinitfs put into the initial RAM disk.</summary>
    public static IReadOnlyList<string> MkinitfsModules { get; } =
        [.. new[] { HideParameter.Name, HideParameter.ClassicName }.Select(name => $"{MkinitfsFeatures}/{name.Split('.')[0]}.modules")];

    /// <summary>Files that are looked at.</summary>
    public static IReadOnlyList<string> Files => [InitramfsModules, DracutFolder + "/*.conf", MkinitfsConfig, .. MkinitfsModules];

    /// <summary>Programs that are looked for.</summary>
    public static IReadOnlyList<string> Names => [UpdateInitramfs, .. s_dracut, Mkinitfs];

    /// <summary>What makes the initial RAM disk on this dom0; null when that is not known.</summary>
    public static CommandRequest? Maker(BootScene scene) =>
        scene.Names.Contains(UpdateInitramfs) ? new CommandRequest(UpdateInitramfs, ["-u", "-k", "all"]) { Timeout = s_timeout }
        : s_dracut.FirstOrDefault(scene.Names.Contains) is { } dracut ? new CommandRequest(dracut, ["--force", "--regenerate-all"]) { Timeout = s_timeout }
        : scene.Names.Contains(Mkinitfs) ? new CommandRequest(Mkinitfs, []) { Timeout = s_timeout }
        : null;

    /// <summary>Changes the files.</summary>
    /// <param name="scene">What is there.</param>
    /// <param name="drivers">The modules of the drivers that have the functions now, or would take them.</param>
    /// <param name="edit">The file's new text, given its path and a function of the old one.</param>
    public static void Arrange(BootScene scene, IEnumerable<string> drivers, Action<string, Func<string, string>> edit)
    {
        string module = ModprobeReader.ModuleOf(scene);
        string[] waiting = [.. drivers.Distinct().Order(StringComparer.Ordinal).Where(driver => !WaitsFor(scene, driver, module))];
        if (waiting.Length > 0)
        {
            edit(ModprobeReader.OwnFile(module), text => Ended(text) + string.Concat(waiting.Select(driver => $"softdep {driver} pre: {module}\n")));
        }

        if (scene.Names.Contains(UpdateInitramfs))
        {
            Mention(InitramfsModules, $"{module}\n");
        }
        else if (s_dracut.Any(scene.Names.Contains))
        {
            string own = $"{DracutFolder}/{module}.conf";
            string settings = string.Concat(scene.In(DracutFolder, ".conf").Select(file => Ended(scene.Files[file])));
            if (!Mentions(settings, module))
            {
                edit(own, text => $"{Ended(text)}force_drivers+=\" {module} \"\n");
            }

            // A RAM disk that is not made for this host alone (hostonly) lacks /etc/modprobe.d: the module would be loaded without its options,
            // hide nothing, and be there when they could be read.
            string[] options = [.. scene.In(ModprobeReader.Folder, ".conf").Where(file => Mentions(scene.Files[file], module))
                .Append(ModprobeReader.OwnFile(module)).Distinct().Where(file => !settings.Contains(file, StringComparison.Ordinal))];
            if (options.Length > 0)
            {
                edit(own, text => $"{Ended(text)}install_optional_items+=\" {string.Join(' ', options)} \"\n");
            }
        }
        else if (scene.Names.Contains(Mkinitfs))
        {
            Mention($"{MkinitfsFeatures}/{module}.modules", $"kernel/drivers/xen/{module}\n");
            if (scene.Files.TryGetValue(MkinitfsConfig, out string? config) && !Mentions(config, module))
            {
                edit(MkinitfsConfig, text => Features().Replace(text, match => $"{match.Value} {module}", 1));
            }
        }

        void Mention(string path, string line)
        {
            if (!Mentions(scene.Files.GetValueOrDefault(path, string.Empty), module))
            {
                edit(path, text => Ended(text) + line);
            }
        }
    }

    private static string Ended(string text) => text.Length == 0 || text.EndsWith('\n') ? text : text + "\n";

    private static bool WaitsFor(BootScene scene, string driver, string module) => scene.In(ModprobeReader.Folder, ".conf")
        .SelectMany(file => scene.Files[file].Split('\n'))
        .Select(line => line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
        .Any(words => words is ["softdep", var one, .. var rest] && ModprobeReader.IsModule(one, driver.Replace('_', '-'))
            && rest.TakeWhile(word => word != "post:").Any(word => ModprobeReader.IsModule(word, module)));

    private static bool Mentions(string text, string module) => text.Split('\n')
        .Where(line => !line.TrimStart().StartsWith('#'))
        .SelectMany(line => line.Split((char[])[' ', '\t', '\r', '"', '\'', '/', '='], StringSplitOptions.RemoveEmptyEntries))
        .Any(word => ModprobeReader.IsModule(word, module));

    // features="base ext4 …, without the closing quote.
    [GeneratedRegex("""^features="[^"\n]*""", RegexOptions.Multiline)]
    private static partial Regex Features();
}
