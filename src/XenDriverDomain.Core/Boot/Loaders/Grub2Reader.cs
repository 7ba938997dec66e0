using XenDriverDomain.Access;

namespace XenDriverDomain.Boot.Loaders;

/// <summary>
/// GRUB 2: grub-mkconfig reads /etc/default/grub and, with Debian's changes, /etc/default/grub.d/*.cfg, and its script 20_linux_xen gives
/// dom0's kernel GRUB_CMDLINE_LINUX and then GRUB_CMDLINE_LINUX_DEFAULT; each is replaced by its …_XEN_REPLACE[_DEFAULT] when that is not
/// empty.
/// </summary>
internal sealed class Grub2Reader : IBootLoaderReader
{
    private const string Defaults = "/etc/default/grub";
    private const string Linux = "GRUB_CMDLINE_LINUX";
    private const string LinuxDefault = "GRUB_CMDLINE_LINUX_DEFAULT";
    private const string Replace = "GRUB_CMDLINE_LINUX_XEN_REPLACE";
    private const string ReplaceDefault = "GRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT";
    private const string UpdateGrub = "/usr/sbin/update-grub";
    private static readonly string[] s_makers = ["/usr/sbin/grub2-mkconfig", "/usr/sbin/grub-mkconfig", "/usr/bin/grub-mkconfig"];

    /// <summary>What GRUB itself reads: only one of them, but for what an upgrade left.</summary>
    internal static IReadOnlyList<string> Generated { get; } = ["/boot/grub/grub.cfg", "/boot/grub2/grub.cfg"];

    // update-grub runs some hundred processes, and looks at all disks for other systems.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public BootLoader Loader => BootLoader.Grub2;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [Defaults, Defaults + ".d/*.cfg"];

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [UpdateGrub, .. s_makers, .. Generated];

    /// <inheritdoc/>
    public IEnumerable<string> Find(BootScene scene) =>
        scene.Files.ContainsKey(Defaults) && Generated.Any(scene.Names.Contains) ? [Defaults] : [];

    /// <inheritdoc/>
    public BootConfiguration? Read(BootScene scene, string path)
    {
        string? program = scene.Names.Contains(UpdateGrub) ? UpdateGrub : s_makers.FirstOrDefault(scene.Names.Contains);
        if (program is null)
        {
            return null;
        }

        // Where two are left over from an upgrade, the program's own name tells.
        string generated = Generated.Where(scene.Names.Contains)
            .OrderByDescending(
                name => name.Contains("/grub2/", StringComparison.Ordinal) == program.EndsWith("/grub2-mkconfig", StringComparison.Ordinal))
            .FirstOrDefault(Generated[0]);
        ShellSettings settings = new();
        foreach (string file in scene.In(path + ".d", ".cfg").Prepend(path))
        {
            settings.Read(file, scene.Files[file]);
        }

        if (path != Defaults && !settings.Assignments.Any(one => one.Name.StartsWith("GRUB_", StringComparison.Ordinal)))
        {
            return null;
        }

        string first = settings.ValueOf(Replace) is "" ? Linux : Replace;
        string second = settings.ValueOf(ReplaceDefault) is "" ? LinuxDefault : ReplaceDefault;
        KernelLine? line = ShellKernelLine.Find(
            scene, path, settings, [first, second], [Linux, LinuxDefault, Replace, ReplaceDefault], out string? trouble);
        return new BootConfiguration(Loader, path, scene.Parameter, line is null ? [] : [line])
        {
            Evidence = $"{path} and {generated}, made by {program}",
            Regeneration = [new CommandRequest(program, program == UpdateGrub ? [] : ["-o", generated]) { Timeout = s_timeout }],
            Generated = new GeneratedConfiguration(generated, GrubScript.XenEntries),
            Trouble = trouble,
        };
    }
}
