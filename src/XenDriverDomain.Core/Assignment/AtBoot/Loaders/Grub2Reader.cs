using XenDriverDomain.Access;

namespace XenDriverDomain.Assignment.AtBoot.Loaders;

/// <summary>
/// GRUB 2: grub-mkconfig reads /etc/default/grub and, with Debian's changes, /etc/default/grub.d/*.cfg, and its script 20_linux_xen gives
/// dom0's kernel GRUB_CMDLINE_LINUX and then GRUB_CMDLINE_LINUX_DEFAULT; each is replaced by its …_XEN_REPLACE[_DEFAULT] when that is not empty.
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
    private static readonly string[] s_generated = ["/boot/grub/grub.cfg", "/boot/grub2/grub.cfg"];

    // update-grub runs some hundred processes, and looks at all disks for other systems.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public BootLoader Loader => BootLoader.Grub2;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [Defaults, Defaults + ".d/*.cfg"];

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [UpdateGrub, .. s_makers, .. s_generated];

    /// <inheritdoc/>
    public IEnumerable<string> Find(BootScene scene) =>
        scene.Files.ContainsKey(Defaults) && s_generated.Any(scene.Names.Contains) ? [Defaults] : [];

    /// <inheritdoc/>
    public BootConfiguration? Read(BootScene scene, string path)
    {
        string? program = scene.Names.Contains(UpdateGrub) ? UpdateGrub : s_makers.FirstOrDefault(scene.Names.Contains);
        if (program is null)
        {
            return null;
        }

        // Where two are left over from an upgrade, the program's own name tells.
        string generated = s_generated.Where(scene.Names.Contains)
            .OrderByDescending(name => name.Contains("/grub2/", StringComparison.Ordinal) == program.EndsWith("/grub2-mkconfig", StringComparison.Ordinal))
            .FirstOrDefault(s_generated[0]);
        ShellSettings settings = new();
        foreach (string file in scene.In(path + ".d", ".cfg").Prepend(path))
        {
            settings.Read(file, scene.Files[file]);
        }

        if (path != Defaults && !settings.Assignments.Any(one => one.Name.StartsWith("GRUB_", StringComparison.Ordinal)))
        {
            return null;
        }

        KernelLine? line = FindLine(scene, path, settings, out string? trouble);
        return new BootConfiguration(Loader, path, scene.Parameter, line is null ? [] : [line])
        {
            Evidence = $"{path} and {generated}, made by {program}",
            Regeneration = [new CommandRequest(program, program == UpdateGrub ? [] : ["-o", generated]) { Timeout = s_timeout }],
            GeneratedPath = generated,
            Trouble = trouble,
        };
    }

    private static KernelLine? FindLine(BootScene scene, string path, ShellSettings settings, out string? trouble)
    {
        string first = settings.ValueOf(Replace) is "" ? Linux : Replace;
        string second = settings.ValueOf(ReplaceDefault) is "" ? LinuxDefault : ReplaceDefault;
        string? whole = settings.ValueOf(first) is { } always && settings.ValueOf(second) is { } normally ? $"{always} {normally}".Trim() : null;
        ShellAssignment[] concerned = [.. settings.Assignments.Where(one => one.Name is Linux or LinuxDefault or Replace or ReplaceDefault)];
        if (settings.Unfinished is { } unfinished)
        {
            trouble = $"a quote, a condition or the last line of {unfinished} is not closed";
            return null;
        }

        if (whole is null)
        {
            ShellAssignment unclear = concerned.Last(one => one.Value is null || one.IsConditional);
            trouble = $"{unclear.Name} in {unclear.Path}, line {unclear.Line}, depends on a condition or on a program's output";
            return null;
        }

        // Where hide= is already, however it came there; else where it holds for all entries of Xen.
        string? hide = HideWord.Find(whole, scene.Parameter)?.Value;
        ShellAssignment? place = hide is null
            ? concerned.LastOrDefault(one => one.Name == first)
            : concerned.LastOrDefault(one => HideWord.Find(one.Raw, scene.Parameter)?.Value == hide);
        trouble = hide is not null && place is null ? $"the {scene.Parameter}= in {path} is put together from several variables" : null;
        return trouble is not null ? null : place is null ? Append(scene, path) with { Whole = whole } : Line(place, whole);
    }

    private static KernelLine Line(ShellAssignment place, string whole) => new(place.Path, place.Line, place.Start, place.Raw)
    {
        Prefix = place.IsQuoted ? string.Empty : "\"",
        Suffix = place.IsQuoted ? string.Empty : "\"",
        Whole = whole,
    };

    private static KernelLine Append(BootScene scene, string path)
    {
        string text = scene.Files[path];
        bool isEnded = text.Length == 0 || text.EndsWith('\n');
        return new KernelLine(path, text.Count(c => c == '\n') + (isEnded ? 1 : 2), text.Length, string.Empty)
        {
            Prefix = $"{(isEnded ? string.Empty : "\n")}{Linux}=\"",
            Suffix = "\"\n",
        };
    }
}
