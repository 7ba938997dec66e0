using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Terminal;
using XenDriverDomain.Waiting;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Images;

/// <summary>
/// Looks for what the inside of a driver domain is made of: dom0's own kernel, modules, firmware, Xen tools, hotplug scripts, small
/// programs, and the libraries that they load. It changes nothing; what dom0 lacks is refused with the packages that have it, all at once.
/// </summary>
internal sealed class ImageSurvey
{
    private const string Scripts = "/etc/xen/scripts";
    private const string XlConfig = "/etc/xen/xl.conf";
    private const string OsRelease = "/etc/os-release";
    private const string Osrelease = "/proc/sys/kernel/osrelease";
    private const string XenVersion = "/sys/hypervisor/version";
    private const string MuslLoader = "/lib/ld-musl-*";
    private const string Toolstack = "libxenlight";
    private const string IfConfig = "ifconfig";
    private const int ListLimit = 16 * 1024 * 1024;

    private static readonly string[] s_folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    // Directories of the root that a distribution may have merged with those below /usr.
    private static readonly string[] s_merged = ["/bin", "/sbin", "/lib", "/lib64", "/usr/sbin", "/usr/lib64"];
    private static readonly string[] s_own = ["sh", .. InsideTools.Own.Select(tool => tool.Name), "busybox"];

    private readonly Dom0 _dom0;
    private readonly ImageRequest _request;
    private readonly HostLinks _links;
    private readonly List<MissingPart> _missing = [];
    private readonly SortedDictionary<string, ImageEntry> _entries = new(StringComparer.Ordinal);

    // What is in the RAM disk of dom0's files: where it goes, and whether it is run.
    private readonly SortedDictionary<string, bool> _sources = new(StringComparer.Ordinal);
    private string _distribution = string.Empty;

    private ImageSurvey(Dom0 dom0, ImageRequest request)
    {
        _dom0 = dom0;
        _request = request;
        _links = new HostLinks(dom0.Files);
    }

    /// <summary>Looks.</summary>
    /// <param name="dom0">The host.</param>
    /// <param name="request">What the image is for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="XenDriverDomainException">
    /// ImagePartsMissing, ImageKernelNotFound, ImageDriverNotFound, ImageLookFailed.
    /// </exception>
    public static Task<ImageContent> LookAsync(Dom0 dom0, ImageRequest request, CancellationToken cancellationToken) =>
        new ImageSurvey(dom0, request).LookAsync(cancellationToken);

    private async Task<ImageContent> LookAsync(CancellationToken cancellationToken)
    {
        BulkAnswer first = await _dom0.Files.ReadManyAsync(Query(), cancellationToken).ConfigureAwait(false);
        _links.Add(first);
        _distribution = DistributionIn(first.Files.GetValueOrDefault(OsRelease, string.Empty));
        string release = first.Files.GetValueOrDefault(Osrelease, string.Empty).Trim();
        string kernel = KernelIn(first, release);
        (IReadOnlyList<string> modules, string[] drivers) = await ModulesAsync(first, release, cancellationToken).ConfigureAwait(false);
        string[] programs = [.. await ProgramsAsync(first, modules, cancellationToken).ConfigureAwait(false)];
        await Together.AllAsync(
            LibrariesAsync(first, programs, cancellationToken), FirmwareAsync(modules, cancellationToken)).ConfigureAwait(false);
        await ScriptsAsync(first, cancellationToken).ConfigureAwait(false);
        if (_missing.Count > 0)
        {
            throw ImageErrors.Missing(_dom0.Id, [.. _missing.DistinctBy(part => part.Name)]);
        }

        foreach (string module in modules)
        {
            Take(module, isExecutable: false);
        }

        string[] sources = [.. _sources.Keys, kernel];
        HostFileEntry[] files = await SumAsync(sources, cancellationToken).ConfigureAwait(false);
        foreach (HostFileEntry file in files[..^1])
        {
            _entries[file.Path] = file;
        }

        AddOwn(modules);
        return ImageContent.Of(
            _request, release, VersionIn(first), files[^1], drivers,
            _request.PciDevice.Count(address => AliasOf(first, address).Contains("bc01", StringComparison.Ordinal)),
            modules.Select(ModuleTree.NameOf), _entries.Values);
    }

    private BulkQuery Query()
    {
        string[] names =
        [
            .. s_own, .. InsideTools.Small.Select(tool => tool.Name), .. InsideTools.Nat.Select(way => way.Tool.Name),
            InsideTools.Dhcp.Name, IfConfig,
        ];
        string[] tools = [.. names.SelectMany(name => s_folders.Select(folder => $"{folder}/{name}"))];
        return new BulkQuery(
            [
                Osrelease, OsRelease, $"{XenVersion}/major", $"{XenVersion}/minor", $"{XenVersion}/extra",
                .. _request.PciDevice.Select(address => $"{PciQueries.Devices}/{address}/modalias"),
            ],
            [.. s_merged, .. tools, Scripts, $"{Scripts}/*"],
            [
                .. tools, $"{Scripts}/*", $"{Scripts}/*/*", XlConfig, "/boot/vmlinuz*", "/lib/modules/*/vmlinuz", MuslLoader,
                .. _request.HasNat ? InsideTools.Nat.SelectMany(way => way.Files) : [],
            ]);
    }

    private static string DistributionIn(string text) => string.Join(
        ' ', text.Split('\n').Select(line => line.Split('=', 2)).Where(words => words is ["ID" or "ID_LIKE", _])
            .Select(words => words[1].Trim().Trim('"', '\'')));

    internal static string VersionIn(BulkAnswer first) => string.Concat(
        first.Files.GetValueOrDefault($"{XenVersion}/major", "0").Trim(), ".",
        first.Files.GetValueOrDefault($"{XenVersion}/minor", "0").Trim(),
        first.Files.GetValueOrDefault($"{XenVersion}/extra", string.Empty).Trim());

    private static string AliasOf(BulkAnswer first, PciAddress address) =>
        first.Files.GetValueOrDefault($"{PciQueries.Devices}/{address}/modalias", string.Empty).Trim();

    // Debian, Fedora, SUSE and XCP-ng have it by the release, some of them beside its modules; Alpine's is called by its flavour, the
    // release's last word.
    private string KernelIn(BulkAnswer first, string release)
    {
        string[] places = [$"/boot/vmlinuz-{release}", $"/lib/modules/{release}/vmlinuz", $"/boot/vmlinuz-{release.Split('-')[^1]}"];
        return places.FirstOrDefault(first.Names.Contains) ?? throw ImageErrors.NoKernel(_dom0.Id, release, places);
    }

    private async Task<(IReadOnlyList<string> Files, string[] Drivers)> ModulesAsync(
        BulkAnswer first, string release, CancellationToken cancellationToken)
    {
        string folder = $"/lib/modules/{release}";
        ModuleAliases aliases = new(_dom0.Commands);
        Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> asking = aliases.FindAsync(Task.FromResult(first), cancellationToken);
        string[] lists = await Task.WhenAll(
            ((string[])["modules.dep", "modules.softdep", "modules.builtin"])
                .Select(name => TextAsync($"{folder}/{name}", cancellationToken))).ConfigureAwait(false);
        ModuleTree tree = ModuleTree.Read(folder, lists[0], lists[1], lists[2]);
        IReadOnlyDictionary<string, IReadOnlyList<string>> known = await asking.ConfigureAwait(false);
        SortedSet<string> drivers = new(StringComparer.Ordinal);
        foreach (PciAddress address in _request.PciDevice)
        {
            string alias = AliasOf(first, address);
            IReadOnlyList<string> names = known.GetValueOrDefault(alias, []);
            drivers.UnionWith(names.Count > 0 ? names : throw ImageErrors.NoDriver(address, release));
        }

        IReadOnlyList<string> order = tree.LoadOrder(
            [.. InsideModules.For(_request), .. NatIn(first)?.Modules ?? [], .. drivers], out IReadOnlyList<string> missing);
        _missing.AddRange(missing.Select(name => new MissingPart(
            $"the module {name}", $"Install the package of the kernel {Text.Show(release)} with all of its modules.")));
        return (order, [.. drivers]);
    }

    private async Task<string> TextAsync(string path, CancellationToken cancellationToken) => System.Text.Encoding.UTF8.GetString(
        await _dom0.Files.TryReadAsync(path, ListLimit, cancellationToken).ConfigureAwait(false) ?? []);

    // The programs that libraries are to be found for.
    private async Task<IEnumerable<string>> ProgramsAsync(
        BulkAnswer first, IReadOnlyList<string> modules, CancellationToken cancellationToken)
    {
        List<string> found = [];
        foreach (InsideTool tool in InsideTools.Own.Prepend(new InsideTool("sh", "dash")))
        {
            Need(tool);
        }

        string? box = Find(first, "busybox");
        HashSet<string> applets = box is null ? [] : await AppletsAsync(cancellationToken).ConfigureAwait(false);
        if (box is not null)
        {
            found.Add(box);
        }

        // What is packed is loaded by what loads it in dom0.
        bool isPacked = modules.Any(path => !path.EndsWith(".ko", StringComparison.Ordinal));
        foreach (InsideTool tool in InsideTools.Small)
        {
            if (applets.Contains(tool.Name) && !(isPacked && tool.Name == "insmod" && Find(first, tool.Name) is not null))
            {
                PutApplet(tool.Name, box!);
            }
            else
            {
                Need(tool);
            }
        }

        if (_request.HasNat)
        {
            NatWay way = NatIn(first) ?? InsideTools.Nat[0];
            Need(way.Tool);
            foreach (string file in first.Names.Where(name => way.Files.Any(place => BulkPath.MatchesAll(place, name))))
            {
                Take(file, isExecutable: false);
            }
        }

        // vif-route and vif-nat call it; not every distribution has it any more.
        if (_request.Role != DriverDomainRole.Disk)
        {
            if (Find(first, IfConfig) is { } ifconfig)
            {
                found.Add(ifconfig);
            }
            else if (applets.Contains(IfConfig))
            {
                PutApplet(IfConfig, box!);
            }
            else
            {
                string path = _links.Place($"/sbin/{IfConfig}");
                _entries[path] = OwnFiles.IfConfig(path);
            }
        }

        if (_request.HasDhcp)
        {
            if (applets.Contains(InsideTools.Dhcp.Name))
            {
                PutApplet(InsideTools.Dhcp.Name, box!);
            }
            else
            {
                Need(InsideTools.Dhcp);
            }
        }

        List<string> real = [];
        foreach (string program in found.Distinct())
        {
            real.Add(await FollowAsync(program, cancellationToken).ConfigureAwait(false));
        }

        return real.Distinct();

        void Need(InsideTool tool)
        {
            if (Find(first, tool.Name) is { } path)
            {
                found.Add(path);
            }
            else if (!tool.IsOptional)
            {
                _missing.Add(new MissingPart(tool.Name, Install(tool.Package)));
            }
        }

        void PutApplet(string name, string target)
        {
            string path = _links.Place($"/bin/{name}");
            _entries[path] = new LinkEntry(path, target);
        }
    }

    private NatWay? NatIn(BulkAnswer first) =>
        _request.HasNat ? InsideTools.Nat.FirstOrDefault(way => Find(first, way.Tool.Name) is not null) : null;

    private string Install(string package) => $"Install {InsideTools.PackageOn(package, _distribution)}.";

    private string? Find(BulkAnswer first, string name) =>
        s_folders.Select(folder => $"{folder}/{name}").FirstOrDefault(first.Names.Contains) is { } path ? _links.Place(path) : null;

    private async Task<HashSet<string>> AppletsAsync(CancellationToken cancellationToken) =>
        [.. (await RunAsync("busybox", ["--list"], cancellationToken).ConfigureAwait(false)).StandardOutput
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    // Links go in as links, so that a program of many names is there once.
    private async Task<string> FollowAsync(string path, CancellationToken cancellationToken)
    {
        string real = _links.Place(path);
        for (int hops = 0; hops < 16 && await _links.TargetAsync(real, cancellationToken).ConfigureAwait(false) is { } target; hops++)
        {
            _entries[real] = new LinkEntry(real, target);
            real = _links.Place(HostLinks.Join(real, target));
        }

        Take(real, isExecutable: true);
        return real;
    }

    private void Take(string path, bool isExecutable)
    {
        string place = _links.Place(path);
        _sources[place] = isExecutable || _sources.GetValueOrDefault(place);
    }

    // Debian's /usr/sbin/xl is a script that runs that of the running Xen: the one that loads libxenlight is meant.
    private async Task<bool> LibrariesAsync(BulkAnswer first, IReadOnlyList<string> programs, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> places = await XlPlaces.LookAsync(_dom0.Files, cancellationToken).ConfigureAwait(false);
        string version = string.Join('.', VersionIn(first).Split('.').Take(2));
        string[] candidates = [.. places.Select(_links.Place).Distinct().OrderByDescending(path => path.Contains($"xen-{version}/"))];
        bool isMusl = first.Names.Any(name => BulkPath.MatchesAll(MuslLoader, name));
        Dictionary<string, LoadedLibraries> loaded =
            await LddAsync([.. programs, .. candidates], isMusl, cancellationToken).ConfigureAwait(false);
        string? xl = candidates.FirstOrDefault(path =>
            loaded.GetValueOrDefault(path)?.Paths.Any(one => one.Contains(Toolstack, StringComparison.Ordinal)) == true
            || loaded.GetValueOrDefault(path)?.Missing.Any(one => one.Contains(Toolstack, StringComparison.Ordinal)) == true);
        if (xl is null)
        {
            _missing.Add(new MissingPart("xl", Install(InsideTools.Xen)));
        }
        else
        {
            Take(xl, isExecutable: true);
            string named = _links.Place("/usr/sbin/xl");
            if (named != xl)
            {
                _entries[named] = new LinkEntry(named, xl);
            }
        }

        foreach (string program in programs.Concat(xl is null ? [] : [xl]))
        {
            LoadedLibraries libraries = loaded.GetValueOrDefault(program) ?? new LoadedLibraries([], []);
            foreach (string path in libraries.Paths)
            {
                Take(path, isExecutable: true);
            }

            _missing.AddRange(libraries.Missing.Select(name => new MissingPart(
                $"{name}, which {program} loads", $"Install the package that {program} is from anew.")));
        }

        return xl is not null;
    }

    private async Task<Dictionary<string, LoadedLibraries>> LddAsync(
        string[] programs, bool isMusl, CancellationToken cancellationToken)
    {
        Dictionary<string, LoadedLibraries> found = new(StringComparer.Ordinal);

        // musl's takes one program; glibc's names each before what it loads, where there are several.
        foreach (string[] some in isMusl || programs.Length == 1 ? programs.Select(one => (string[])[one]) : [programs])
        {
            CommandResult result = await RunAsync("ldd", some, cancellationToken).ConfigureAwait(false);
            if (some.Length == 1)
            {
                found[some[0]] = LoadedLibraries.Read(result.StandardOutput + "\n" + result.StandardError);
                continue;
            }

            string? program = null;
            List<string> lines = [];
            foreach (string line in result.StandardOutput.Split('\n').Append("/:"))
            {
                if (line.StartsWith('/') && line.EndsWith(':'))
                {
                    if (program is not null)
                    {
                        found[program] = LoadedLibraries.Read(string.Join('\n', lines));
                    }

                    program = line[..^1];
                    lines.Clear();
                }
                else
                {
                    lines.Add(line);
                }
            }
        }

        return found;
    }

    private async Task<bool> FirmwareAsync(IReadOnlyList<string> modules, CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync("modinfo", ["-F", "firmware", .. modules], cancellationToken).ConfigureAwait(false);
        string[] wanted =
        [
            .. result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()
                .Where(name => name.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+,@".Contains(c)))
                .SelectMany(name => ((string[])["", ".xz", ".zst"]).Select(end => $"/lib/firmware/{name}{end}")),
        ];
        if (wanted.Length > 0)
        {
            BulkAnswer there = await _dom0.Files.ReadManyAsync(new BulkQuery([], [], wanted), cancellationToken).ConfigureAwait(false);
            foreach (string path in there.Names)
            {
                Take(path, isExecutable: false);
            }
        }

        return wanted.Length > 0;
    }

    // A module names the firmware of all its cards; a back end runs the scripts of its own kind.
    private async Task<bool> ScriptsAsync(BulkAnswer first, CancellationToken cancellationToken)
    {
        string[] all = [.. first.Names.Where(path => path.StartsWith(Scripts + "/", StringComparison.Ordinal))];
        HashSet<string> folders = [.. all.Select(HostPath.Parent)];
        string[] taken =
        [
            .. all.Where(path =>
                HostPath.Parent(path) == Scripts && !folders.Contains(path) && IsMeant(path[(Scripts.Length + 1)..])),
        ];
        foreach (string name in _request.Role switch
        {
            DriverDomainRole.Network => (string[])["vif-bridge"],
            DriverDomainRole.Disk => ["block"],
            _ => ["vif-bridge", "block"],
        })
        {
            if (!taken.Contains($"{Scripts}/{name}"))
            {
                _missing.Add(new MissingPart($"{Scripts}/{name}", Install(InsideTools.Xen)));
            }
        }

        foreach (string path in taken)
        {
            await FollowAsync(path, cancellationToken).ConfigureAwait(false);
        }

        if (first.Names.Contains(XlConfig))
        {
            Take(XlConfig, isExecutable: false);
        }

        return true;

        bool IsMeant(string name) => name.EndsWith(".sh", StringComparison.Ordinal) || name == "xen-hotplug-cleanup"
            || (_request.Role != DriverDomainRole.Disk && name.StartsWith("vif", StringComparison.Ordinal))
            || (_request.Role != DriverDomainRole.Network && name.StartsWith("block", StringComparison.Ordinal));
    }

    // The same files at one time: sums, and lengths, which the archive needs before the content.
    private async Task<HostFileEntry[]> SumAsync(string[] paths, CancellationToken cancellationToken)
    {
        (CommandResult sums, CommandResult counts) = await Together.AllAsync(
            RunAsync("sha256sum", ["--", .. paths], cancellationToken),
            RunAsync("wc", ["-c", "--", .. paths], cancellationToken)).ConfigureAwait(false);
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
                    ? new HostFileEntry(path, path, length, sum, _sources.GetValueOrDefault(path))
                    : throw ImageErrors.LookFailed("sha256sum", summed[i])),
        ];

        static string[] Lines(CommandResult result) =>
            result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private void AddOwn(IReadOnlyList<string> modules)
    {
        foreach (string merged in s_merged)
        {
            if (_links.Known(merged) is { } target)
            {
                _entries[merged] = new LinkEntry(merged, target);
            }
        }

        foreach (string folder in (string[])
            ["/proc", "/sys", "/run", "/tmp", "/root", "/dev", "/etc/xen", "/var/lib/xen", "/var/log/xen"])
        {
            _entries.TryAdd(folder, new DirectoryEntry(folder));
        }

        Put(new LinkEntry("/var/run", "../run"));
        Put(new LinkEntry("/var/lock", "../run/lock"));
        Put(new ConsoleEntry());
        foreach (ImageEntry file in OwnFiles.All(_request, modules.Select(_links.Place), _links.Place))
        {
            Put(file);
        }

        void Put(ImageEntry entry) => _entries[entry.Path] = entry;
    }

    private async Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await _dom0.Commands.RunAsync(new CommandRequest(program, arguments) { OnlyLooks = true }, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.HostCommandNotFound)
        {
            throw ImageErrors.LookFailed(program, "it is not there");
        }
    }
}
