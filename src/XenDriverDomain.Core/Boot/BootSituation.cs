using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Errors;
using XenDriverDomain.Hide;
using XenDriverDomain.Kernels;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Boot;

/// <summary>How dom0 boots, as far as its files tell.</summary>
/// <param name="Scene">The files.</param>
/// <param name="Loaders">The boot loaders' configurations that may be the one that dom0 boots with.</param>
/// <param name="Modprobe">The module's options; null when pciback is no module.</param>
/// <param name="Running">The running kernel's command line.</param>
internal sealed record BootSituation(BootScene Scene, IReadOnlyList<BootConfiguration> Loaders, BootConfiguration? Modprobe, string Running)
{
    /// <summary>True when pciback is a module, or not there; false when it is built into the kernel.</summary>
    public bool IsModule => Modprobe is not null;

    /// <summary>What the module is told to hide by /etc/modprobe.d; the kernel's command line goes before it. Null for nothing.</summary>
    public string? ModprobeValue => Modprobe?.Lines.Select(Modprobe.HideOf).LastOrDefault(value => value is not null);

    /// <summary>The line of a boot loader that says what to hide, for which module options do not count; null when there is none.</summary>
    public KernelLine? Overriding =>
        Loaders.SelectMany(loader => loader.Lines.Where(line => loader.HideOf(line) is not null)).FirstOrDefault();

    /// <summary>True for a file that belongs to the situation.</summary>
    public static bool IsBootFile(string path) => !path.StartsWith("/sys/", StringComparison.Ordinal)
        && !path.StartsWith("/proc/", StringComparison.Ordinal);

    /// <summary>Finds out.</summary>
    /// <param name="files">Boot files by path.</param>
    /// <param name="names">Paths that exist.</param>
    /// <param name="system">The kernel's own files.</param>
    public static BootSituation From(
        IReadOnlyDictionary<string, string> files, IReadOnlySet<string> names, IReadOnlyDictionary<string, string> system)
    {
        bool isClassic = !names.Contains(BootQueries.Module)
            && (names.Contains(BootQueries.ClassicModule) || IsBefore31(system.GetValueOrDefault(BootQueries.Release)));
        BootScene scene = new(files, names, isClassic ? HideParameter.ClassicName : HideParameter.Name);
        string folder = isClassic ? BootQueries.ClassicModule : BootQueries.Module;
        bool isModule = !names.Contains(folder) || names.Contains(folder + BootQueries.LoadState);
        string running = system.GetValueOrDefault(BootQueries.CommandLine, string.Empty);
        List<BootConfiguration> found = [];
        foreach (IBootLoaderReader reader in BootQueries.Loaders)
        {
            // Xen's own file belongs to the loader that starts Xen, and one that a program makes to the settings it makes it of.
            found.AddRange(reader.Find(scene).Select(path => reader.Read(scene, path)).OfType<BootConfiguration>()
                .Where(one => found.All(other => other.Path != one.Path && other.Generated?.Path != one.Path)));
        }

        BootConfiguration[] alike = found.Count > 1 ? [.. found.Where(one => one.Lines.Any(line => IsRunning(scene, line, running)))] : [];
        return new BootSituation(
            scene,
            alike.Length == 1 ? alike : found,
            isModule ? BootQueries.Modprobe.Read(scene, ModprobeReader.Folder) : null,
            running);
    }

    /// <summary>The configuration to change.</summary>
    /// <exception cref="XenDriverDomainException">BootLoaderNotFound, BootLoaderAmbiguous, BootConfigNotEditable.</exception>
    public BootConfiguration Choose(string dom0, AtBootOptions options)
    {
        BootConfiguration chosen = Select(dom0, options);
        string? quotes = chosen.Lines.FirstOrDefault(line => !HideWord.IsClosed(line.Text)) is { } open
            ? $"a double quote in {open.Path}, line {open.Line}, is not closed"
            : chosen.Lines.FirstOrDefault(
                line =>
                    HideWord.All(line.Text, chosen.Parameter).Any(word => word.Value.Contains('"', StringComparison.Ordinal))) is { } odd
            ? $"there are double quotes within the value of {chosen.Parameter}= in {odd.Path}, line {odd.Line}"
            : null;
        return (chosen.Trouble ?? quotes) is not { } trouble ? chosen : throw new XenDriverDomainException(
            ErrorIds.BootConfigNotEditable,
            ErrorKind.InvalidState,
            $"The boot configuration of {dom0} cannot be changed safely: {Terminal.Text.Show(trouble)}.",
            $"Put {chosen.Parameter}=(DDDD:BB:DD.F) on the kernel's command line by hand, or write the setting as plain text.",
            chosen.Path);
    }

    /// <summary>Who has a function after the next boot.</summary>
    public PciNextBootState StateOf(PciDevice device)
    {
        if (Loaders.Any(loader => loader.Trouble is not null) || (Loaders.Count == 0 && ModprobeValue is null))
        {
            return PciNextBootState.Unknown;
        }

        string?[] values =
            [.. Loaders.SelectMany(loader => loader.Lines.Where(line => line.IsDefault).Select(loader.HideOf)).DefaultIfEmpty(null)];
        int hiding = values.Count(value => Hides(value ?? ModprobeValue, device));
        return hiding == values.Length ? PciNextBootState.Assignable
            : hiding == 0 ? PciNextBootState.Host
            : PciNextBootState.Unknown;
    }

    private static bool IsBefore31(string? release) =>
        release is not null && KernelVersion.Parse(release) is { } version && version < new Version(3, 1);

    // All of its words are on the running kernel's line; what is hidden may have been changed since.
    private static bool IsRunning(BootScene scene, KernelLine line, string running)
    {
        HashSet<string> there = [.. running.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)];
        string[] words =
        [
            .. (line.Whole ?? line.Text).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
                .Where(word => HideWord.Find(word, scene.Parameter) is null),
        ];
        return words.Length > 1 && words.All(there.Contains);
    }

    private BootConfiguration Select(string dom0, AtBootOptions options)
    {
        if (options.BootConfigPath is { } path)
        {
            BootConfiguration[] read =
            [
                .. BootQueries.Loaders.Append(BootQueries.Modprobe)
                    .Where(reader => options.BootLoader is { } wanted ? reader.Loader == wanted : reader.Loader != BootLoader.Modprobe)
                    .Select(reader => reader.Read(Scene, path)).OfType<BootConfiguration>().DistinctBy(one => one.Path),
            ];
            return Only(dom0, read, () => NotFound(
                dom0,
                $"{path} on {dom0} is no boot configuration with an entry for Xen that is understood.",
                "Name the file in which dom0's entry or the loader's settings stand, and with -BootLoader whose it is."));
        }

        if (options.BootLoader == BootLoader.Modprobe)
        {
            return Modprobe ?? throw NotFound(
                dom0, $"pciback is built into the kernel of {dom0}, which takes no module options.",
                "Leave -BootLoader out, so that the command line is changed.");
        }

        if (options.BootLoader is { } loader)
        {
            string others = Loaders.Count == 0 ? string.Empty : $"; seen were {Describe(Loaders)}";
            return Only(dom0, [.. Loaders.Where(one => one.Loader == loader)], () => NotFound(
                dom0,
                $"No configuration of {loader} with an entry for Xen was seen on {dom0}{others}.",
                "Leave -BootLoader out, or name the file with -BootConfigPath; some may be read by root only."));
        }

        // What is on the command line already goes before module options; without any, they need no boot loader.
        bool isOnLine = Loaders.Any(one => one.Trouble is not null || one.Lines.Any(line => one.HideOf(line) is not null));
        return Modprobe is not null && !isOnLine
            ? Modprobe
            : Only(dom0, Loaders, () => NotFound(
                dom0,
                $"How {dom0} boots is not known: no boot loader's configuration with an entry for Xen was seen.",
                "Connect as root, who may read the configuration; or name its kind with -BootLoader and its file with -BootConfigPath."));
    }

    private static BootConfiguration Only(string dom0, IReadOnlyList<BootConfiguration> found, Func<XenDriverDomainException> otherwise) =>
        found switch
        {
            [var one] => one,
            [] => throw otherwise(),
            _ => throw new XenDriverDomainException(
                ErrorIds.BootLoaderAmbiguous,
                ErrorKind.InvalidState,
                $"What {dom0} boots with is not clear; seen were {Describe(found)}.",
                "Name it with -BootLoader, or its file with -BootConfigPath.",
                dom0),
        };

    private static string Describe(IEnumerable<BootConfiguration> found) =>
        string.Join("; and ", found.Select(one => $"{one.Loader} ({Terminal.Text.Show(one.Evidence)})"));

    private static XenDriverDomainException NotFound(string dom0, string message, string remedy) =>
        new(ErrorIds.BootLoaderNotFound, ErrorKind.NotFound, message, remedy, dom0);

    // pciback takes what it lists, and what is behind a bridge that it lists (pcistub_match).
    private static bool Hides(string? value, PciDevice device) =>
        HideList.Parse(value ?? string.Empty) is var list && (list.Hides(device.Address) || device.BridgePath.Any(list.Hides));
}
