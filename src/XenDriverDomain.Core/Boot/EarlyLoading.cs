using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Hide;

namespace XenDriverDomain.Boot;

/// <summary>
/// Has the module pciback loaded before the drivers of the functions that it is to hide, since it takes only what has no driver yet: a
/// softdep in /etc/modprobe.d (modprobe.d(5)), and the module in the initial RAM disk, from which drivers may be loaded already.
/// </summary>
internal static class EarlyLoading
{
    /// <summary>The modules that initramfs-tools puts into the initial RAM disk and loads there.</summary>
    public const string InitramfsModules = "/etc/initramfs-tools/modules";

    /// <summary>The modules that Alpine loads first of all, where they are in the initial RAM disk.</summary>
    public const string AlpineModules = "/etc/modules";

    private const string DracutFolder = "/etc/dracut.conf.d";
    private const string MkinitfsFeatures = "/etc/mkinitfs/features.d";
    private const string MkinitfsConfig = "/etc/mkinitfs/mkinitfs.conf";
    private const string MkinitfsVariable = "features";

    /// <summary>The modules and files that a feature of ours, xen-pciback or pciback, has mkinitfs put into the initial RAM disk.</summary>
    public static IReadOnlyList<string> MkinitfsFeature { get; } =
    [
        .. from name in new[] { HideParameter.Name, HideParameter.ClassicName }
           from extension in new[] { "modules", "files" }
           select $"{MkinitfsFeatures}/{name.Split('.')[0]}.{extension}",
    ];

    /// <summary>Files that are looked at.</summary>
    public static IReadOnlyList<string> Files =>
        [InitramfsModules, DracutFolder + "/*.conf", MkinitfsConfig, .. MkinitfsFeature, AlpineModules];

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
            edit(
                ModprobeReader.OwnFile(module),
                text => Ended(text) + string.Concat(waiting.Select(driver => $"softdep {driver} pre: {module}\n")));
        }

        if (RamDisks.IsInitramfsTools(scene))
        {
            Mention(InitramfsModules, $"{module}\n");
        }
        else if (RamDisks.IsDracut(scene))
        {
            string own = $"{DracutFolder}/{module}.conf";
            string settings = string.Concat(scene.In(DracutFolder, ".conf").Select(file => Ended(scene.Files[file])));
            if (!Mentions(settings, module))
            {
                edit(own, text => $"{Ended(text)}force_drivers+=\" {module} \"\n");
            }

            // A RAM disk that is not made for this host alone (hostonly) lacks /etc/modprobe.d: the module would be loaded without its
            // options, hide nothing, and be there when they could be read.
            string[] options = [.. scene.In(ModprobeReader.Folder, ".conf").Where(file => Mentions(scene.Files[file], module))
                .Append(ModprobeReader.OwnFile(module)).Distinct().Where(file => !settings.Contains(file, StringComparison.Ordinal))];
            if (options.Length > 0)
            {
                edit(own, text => $"{Ended(text)}install_optional_items+=\" {string.Join(' ', options)} \"\n");
            }
        }
        else if (RamDisks.IsMkinitfs(scene))
        {
            // Before it looks for devices, its init loads what is in /etc/modules, with the options of /etc/modprobe.d, which it always
            // has.
            Mention($"{MkinitfsFeatures}/{module}.modules", $"kernel/drivers/xen/{module}\n");
            edit(
                $"{MkinitfsFeatures}/{module}.files",
                text => text.Split('\n').Contains(AlpineModules) ? text : Ended(text) + AlpineModules + "\n");
            Mention(AlpineModules, $"{module}\n");
            if (scene.Files.TryGetValue(MkinitfsConfig, out string? config))
            {
                edit(MkinitfsConfig, _ => WithFeature(config, module));
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

    /// <summary>The files that <see cref="Arrange"/> may change.</summary>
    public static IReadOnlyList<string> ArrangedBy(BootScene scene) =>
        [.. OwnFilesOf(scene), InitramfsModules, AlpineModules, MkinitfsConfig];

    /// <summary>Takes out what <see cref="Arrange"/> has put in, when pciback has nothing to hide any more.</summary>
    /// <param name="scene">What is there.</param>
    /// <param name="before">What the files had before they were changed last, as far as there are copies: a line that was there may be
    /// somebody else's.</param>
    /// <param name="edit">The file's new text, given its path and a function of the old one.</param>
    public static void Dismiss(
        BootScene scene, IReadOnlyDictionary<string, string> before, Action<string, Func<string, string>> edit)
    {
        IReadOnlyList<string> ours = OursNow(scene, before.ContainsKey);
        foreach (EarlyLine line in LinesOf(scene))
        {
            string? old = before.GetValueOrDefault(line.Path);
            if (ours.Contains(line.Path))
            {
                edit(line.Path, text => WithoutLine(text, line.Text));
            }
            else if (old is not null)
            {
                // As it was, letter by letter, if nothing else was changed in it since.
                edit(line.Path, text => text == (line.Word is { } word ? WithFeature(old, word) : $"{Ended(old)}{line.Text}\n") ? old
                    : line.Word is not null || old.Split('\n').Contains(line.Text) ? text
                    : WithoutLine(text, line.Text));
            }
        }
    }

    private static string WithoutLine(string text, string line) =>
        string.Join('\n', text.Split('\n').Where(one => one != line));

    /// <summary>
    /// The files that have nothing but what this module writes: ours by their names; and where there is such a one, lists of the system's
    /// that were not there before, which have no copy.
    /// </summary>
    /// <param name="scene">What is there.</param>
    /// <param name="hasCopy">Whether a file's copy is beside it.</param>
    public static IReadOnlyList<string> OursNow(BootScene scene, Func<string, bool> hasCopy)
    {
        string[] own = [.. OwnFilesOf(scene).Where(path => IsAllOwn(scene, path))];
        return own.Length == 0
            ? own
            : [.. own, .. LinesOf(scene).Select(line => line.Path).Distinct()
                .Where(path => !own.Contains(path) && !hasCopy(path) && IsAllOwn(scene, path))];
    }

    /// <summary>The files that are ours by their names, whether or not they are there.</summary>
    public static IReadOnlyList<string> OwnFilesOf(BootScene scene)
    {
        string module = ModprobeReader.ModuleOf(scene);
        return
        [
            ModprobeReader.OwnFile(module), $"{DracutFolder}/{module}.conf", $"{MkinitfsFeatures}/{module}.modules",
            $"{MkinitfsFeatures}/{module}.files",
        ];
    }

    // Nothing but what Arrange writes, and what pciback is told to hide.
    private static bool IsAllOwn(BootScene scene, string path)
    {
        if (!scene.Files.TryGetValue(path, out string? text))
        {
            return false;
        }

        HashSet<string> own = [.. LinesOf(scene).Where(line => line.Path == path).Select(line => line.Text)];
        string options = $"options {ModprobeReader.ModuleOf(scene)} hide=";
        return text.Split('\n').All(line => string.IsNullOrWhiteSpace(line) || own.Contains(line) || IsHiding(line));

        bool IsHiding(string line) => line.StartsWith(options, StringComparison.Ordinal) && !line[options.Length..].Trim().Contains(' ');
    }

    /// <summary>The lines that <see cref="Arrange"/> writes, as far as they are there, letter by letter.</summary>
    public static IEnumerable<EarlyLine> LinesOf(BootScene scene)
    {
        string module = ModprobeReader.ModuleOf(scene);
        string options = ModprobeReader.OwnFile(module);
        string dracut = $"{DracutFolder}/{module}.conf", features = $"{MkinitfsFeatures}/{module}";
        foreach (string path in (string[])[options, dracut, $"{features}.modules", $"{features}.files", InitramfsModules, AlpineModules])
        {
            foreach (string line in scene.Files.GetValueOrDefault(path, string.Empty).Split('\n').Distinct())
            {
                string[] words = line.Split(' ');
                bool isOurs = path == options ? words is ["softdep", not "", "pre:", var last] && last == module
                    : path == dracut ? line == $"force_drivers+=\" {module} \""
                        || (line.StartsWith("install_optional_items+=\" ", StringComparison.Ordinal) && words.Contains(options))
                    : path == $"{features}.modules" ? line == $"kernel/drivers/xen/{module}"
                    : path == $"{features}.files" ? line == AlpineModules
                    : line == module && (path == InitramfsModules || RamDisks.IsMkinitfs(scene));
                if (isOurs)
                {
                    yield return new EarlyLine(path, line, path == options ? words[1] : module, null);
                }
            }
        }

        if (scene.Files.TryGetValue(MkinitfsConfig, out string? config)
            && config.Split('\n').LastOrDefault(line => line.StartsWith(MkinitfsVariable + "=", StringComparison.Ordinal)) is { } setting
            && setting.TrimEnd('"', '\'').Split(' ', '=', '"', '\'').Skip(1).Contains(module))
        {
            yield return new EarlyLine(MkinitfsConfig, MkinitfsVariable + "=", module, module);
        }
    }

    private static string WithFeature(string config, string feature)
    {
        ShellSettings settings = new();
        settings.Read(MkinitfsConfig, config);
        return settings.Assignments.LastOrDefault(one => one.Name == MkinitfsVariable) is { IsConditional: false, Value: { } value } place
            && !value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Contains(feature)
            ? string.Concat(
                config.AsSpan(0, place.Start),
                place.IsQuoted ? $"{place.Raw} {feature}" : $"\"{place.Raw} {feature}\"",
                config.AsSpan(place.Start + place.Raw.Length))
            : config;
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
}

/// <summary>A line that has pciback loaded early.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">The line; how it begins where only a word of it is ours.</param>
/// <param name="Subject">The driver that waits, or the module that is loaded.</param>
/// <param name="Word">The word in it; null when the whole line is ours.</param>
internal sealed record EarlyLine(string Path, string Text, string Subject, string? Word);
