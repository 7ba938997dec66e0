using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Waiting;

namespace XenDriverDomain.Images;

/// <summary>
/// Looks for what the inside of a driver domain is made of: dom0's own kernel, modules, firmware, Xen tools, hotplug scripts, small
/// programs, and the libraries that they load. It changes nothing; what dom0 lacks is refused with the packages that have it, all at once.
/// </summary>
internal sealed class ImageSurvey
{
    private const string Scripts = "/etc/xen/scripts";
    private const string XlConfig = "/etc/xen/xl.conf";
    private const string Osrelease = "/proc/sys/kernel/osrelease";

    // Directories of the root that a distribution may have merged with those below /usr.
    private static readonly string[] s_merged = ["/bin", "/sbin", "/lib", "/lib64", "/usr/sbin", "/usr/lib64"];

    private readonly ImageFinds _finds;

    private ImageSurvey(ImageFinds finds) => _finds = finds;

    /// <summary>Looks.</summary>
    /// <param name="dom0">The host.</param>
    /// <param name="request">What the image is for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="XenDriverDomainException">
    /// ImagePartsMissing, ImageKernelNotFound, ImageDriverNotFound, ImageLookFailed.
    /// </exception>
    public static Task<ImageContent> LookAsync(Dom0 dom0, ImageRequest request, CancellationToken cancellationToken) =>
        new ImageSurvey(new ImageFinds(dom0, request)).LookAsync(cancellationToken);

    private async Task<ImageContent> LookAsync(CancellationToken cancellationToken)
    {
        _finds.Begin(await _finds.Dom0.Files.ReadManyAsync(Query(), cancellationToken).ConfigureAwait(false));
        string release = _finds.First.Files.GetValueOrDefault(Osrelease, string.Empty).Trim();
        ModuleSurvey modules = new(_finds);
        ProgramSurvey programs = new(_finds);
        string kernel = modules.FindKernel(release);
        (IReadOnlyList<string> order, string[] drivers) = await modules.FindModulesAsync(release, cancellationToken).ConfigureAwait(false);
        Task<IReadOnlyCollection<string>> firmware = modules.FindFirmwareAsync(order, cancellationToken);
        Task looking = FindProgramsAsync(programs, order, cancellationToken);
        await Task.WhenAll(firmware, looking).ConfigureAwait(false);
        if (_finds.Missing.Count > 0)
        {
            throw ImageErrors.Missing(_finds.Dom0.Id, [.. _finds.Missing.DistinctBy(part => part.Name)]);
        }

        foreach (string file in order.Concat(await firmware.ConfigureAwait(false)))
        {
            _finds.Take(file, isExecutable: false);
        }

        HostFileEntry[] files = await SumAsync([.. _finds.Sources.Keys, kernel], cancellationToken).ConfigureAwait(false);
        foreach (HostFileEntry file in files[..^1])
        {
            _finds.Entries[file.Path] = file;
        }

        AddOwn(order);
        return ImageContent.Of(
            _finds.Request, release, _finds.XenVersion, files[^1], drivers, modules.CountDiskControllers(), order.Select(ModuleTree.NameOf),
            _finds.Entries.Values);
    }

    private async Task FindProgramsAsync(ProgramSurvey programs, IReadOnlyList<string> modules, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> found = await programs.FindAsync(modules, cancellationToken).ConfigureAwait(false);
        await programs.FindLibrariesAsync(found, cancellationToken).ConfigureAwait(false);
        await FindScriptsAsync(cancellationToken).ConfigureAwait(false);
    }

    private BulkQuery Query() => new(
        [Osrelease, .. ImageFinds.Facts, .. _finds.Request.PciDevice.Select(ModuleSurvey.AliasPath)],
        [.. s_merged, .. ProgramSurvey.Places, Scripts, $"{Scripts}/*"],
        [
            .. ProgramSurvey.Places, $"{Scripts}/*", $"{Scripts}/*/*", XlConfig, .. ModuleSurvey.Places,
            .. ProgramSurvey.Files(_finds.Request),
        ]);

    // A back end runs the scripts of its own kind.
    private async Task FindScriptsAsync(CancellationToken cancellationToken)
    {
        string[] all = [.. _finds.First.Names.Where(path => path.StartsWith(Scripts + "/", StringComparison.Ordinal))];
        HashSet<string> folders = [.. all.Select(HostPath.Parent)];
        string[] taken =
        [
            .. all.Where(path =>
                HostPath.Parent(path) == Scripts && !folders.Contains(path) && IsMeant(path[(Scripts.Length + 1)..])),
        ];
        foreach (string name in _finds.Request.Role switch
        {
            DriverDomainRole.Network => (string[])["vif-bridge"],
            DriverDomainRole.Disk => ["block"],
            _ => ["vif-bridge", "block"],
        })
        {
            if (!taken.Contains($"{Scripts}/{name}"))
            {
                _finds.Missing.Add(new MissingPart($"{Scripts}/{name}", _finds.Install(InsideTools.Xen)));
            }
        }

        foreach (string path in taken)
        {
            await _finds.FollowAsync(path, cancellationToken).ConfigureAwait(false);
        }

        if (_finds.First.Names.Contains(XlConfig))
        {
            _finds.Take(XlConfig, isExecutable: false);
        }

        bool IsMeant(string name) => name.EndsWith(".sh", StringComparison.Ordinal) || name == "xen-hotplug-cleanup"
            || (_finds.Request.Role != DriverDomainRole.Disk && name.StartsWith("vif", StringComparison.Ordinal))
            || (_finds.Request.Role != DriverDomainRole.Network && name.StartsWith("block", StringComparison.Ordinal));
    }

    // The same files at one time: sums, and lengths, which the archive needs before the content.
    private async Task<HostFileEntry[]> SumAsync(string[] paths, CancellationToken cancellationToken)
    {
        (CommandResult sums, CommandResult counts) = await Together.AllAsync(
            _finds.RunAsync("sha256sum", ["--", .. paths], cancellationToken),
            _finds.RunAsync("wc", ["-c", "--", .. paths], cancellationToken)).ConfigureAwait(false);
        string[] summed = Lines(sums), counted = Lines(counts);
        if (summed.Length != paths.Length || counted.Length < paths.Length)
        {
            throw sums.ExitCode != 0
                ? ImageErrors.LookFailed("sha256sum", sums.StandardError)
                : ImageErrors.LookFailed("wc", counts.StandardError + counts.StandardOutput);
        }

        return
        [
            .. paths.Select((path, i) =>
                summed[i].Split(' ')[0] is { Length: 64 } sum && sum.All(char.IsAsciiHexDigitLower)
                && long.TryParse(counted[i].Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long length)
                    ? new HostFileEntry(path, path, length, sum, _finds.Sources.GetValueOrDefault(path))
                    : throw ImageErrors.LookFailed("sha256sum", summed[i])),
        ];

        static string[] Lines(CommandResult result) =>
            result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private void AddOwn(IReadOnlyList<string> modules)
    {
        foreach (string merged in s_merged)
        {
            if (_finds.Links.Known(merged) is { } target)
            {
                _finds.Entries[merged] = new LinkEntry(merged, target);
            }
        }

        foreach (string folder in (string[])
            ["/proc", "/sys", "/run", "/tmp", "/root", "/dev", "/etc/xen", "/var/lib/xen", "/var/log/xen"])
        {
            _finds.Entries.TryAdd(folder, new DirectoryEntry(folder));
        }

        Put(new LinkEntry("/var/run", "../run"));
        Put(new LinkEntry("/var/lock", "../run/lock"));
        Put(new ConsoleEntry());
        foreach (ImageEntry file in OwnFiles.All(_finds.Request, modules.Select(_finds.Links.Place), _finds.Links.Place))
        {
            Put(file);
        }

        void Put(ImageEntry entry) => _finds.Entries[entry.Path] = entry;
    }
}
