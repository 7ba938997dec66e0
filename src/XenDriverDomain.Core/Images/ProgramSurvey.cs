using XenDriverDomain.Access;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Images;

/// <summary>Looks for the programs of an image, and for the libraries that they load.</summary>
/// <param name="finds">What has been found so far.</param>
internal sealed class ProgramSurvey(ImageFinds finds)
{
    private const string MuslLoader = "/lib/ld-musl-*";
    private const string Toolstack = "libxenlight";
    private const string IfConfig = "ifconfig";

    // Packings that no busybox takes off a module.
    private static readonly string[] s_notForBusybox = [".zst"];
    private static readonly string[] s_own = ["sh", .. InsideTools.Own.Select(tool => tool.Name), "busybox"];

    /// <summary>Where programs may be.</summary>
    public static IReadOnlyList<string> Places { get; } =
    [
        .. ((string[])
        [
            .. s_own, .. InsideTools.Small.Select(tool => tool.Name), .. InsideTools.Nat.Select(way => way.Tool.Name),
            InsideTools.Dhcp.Name, IfConfig,
        ]).SelectMany(ImageFinds.PlacesOf),
    ];

    /// <summary>What else is looked for.</summary>
    public static IEnumerable<string> Files(ImageRequest request) =>
        [MuslLoader, .. request.HasNat ? InsideTools.Nat.SelectMany(way => way.Files) : []];

    /// <summary>The programs that libraries are to be found for.</summary>
    /// <param name="modules">The modules that are to be loaded.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<string> modules, CancellationToken cancellationToken)
    {
        List<string> found = [];
        Need(new InsideTool("sh", "dash"));
        foreach (InsideTool tool in InsideTools.Own)
        {
            await NeedOwnAsync(tool).ConfigureAwait(false);
        }

        string? box = finds.Find("busybox");
        HashSet<string> applets = box is null ? [] : await AppletsAsync(cancellationToken).ConfigureAwait(false);
        if (box is not null)
        {
            found.Add(box);
        }

        // What is packed is loaded by what loads it in dom0.
        bool isPacked = modules.Any(path => !path.EndsWith(".ko", StringComparison.Ordinal));
        bool isBeyondBusybox = modules.Any(path => s_notForBusybox.Any(path.EndsWith));
        foreach (InsideTool tool in InsideTools.Small)
        {
            if (tool.Name == "insmod" && isBeyondBusybox)
            {
                await NeedOwnAsync(tool).ConfigureAwait(false);
            }
            else if (applets.Contains(tool.Name) && !(isPacked && tool.Name == "insmod" && finds.Find(tool.Name) is not null))
            {
                PutApplet(tool.Name, box!);
            }
            else
            {
                Need(tool);
            }
        }

        if (finds.Request.HasNat)
        {
            NatWay way = finds.Nat ?? InsideTools.Nat[0];
            Need(way.Tool);
            foreach (string file in finds.First.Names.Where(name => way.Files.Any(place => BulkPath.MatchesAll(place, name))))
            {
                finds.Take(file, isExecutable: false);
            }
        }

        // vif-route and vif-nat call it; not every distribution has it any more.
        if (finds.Request.Role != DriverDomainRole.Disk)
        {
            if (finds.Find(IfConfig) is { } ifconfig)
            {
                found.Add(ifconfig);
            }
            else if (applets.Contains(IfConfig))
            {
                PutApplet(IfConfig, box!);
            }
            else
            {
                string path = finds.Links.Place($"/sbin/{IfConfig}");
                finds.Entries[path] = OwnFiles.IfConfig(path);
            }
        }

        if (finds.Request.HasDhcp)
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
            real.Add(await finds.FollowAsync(program, cancellationToken).ConfigureAwait(false));
        }

        return [.. real.Distinct()];

        void Need(InsideTool tool) => Put(tool, finds.Find(tool.Name));

        // What busybox has by that name does less.
        async Task NeedOwnAsync(InsideTool tool) =>
            Put(
                tool,
                finds.Find(tool.Name) is { } path && !await IsBusyboxAsync(path, cancellationToken).ConfigureAwait(false) ? path : null);

        void Put(InsideTool tool, string? path)
        {
            if (path is not null)
            {
                found.Add(path);
                PutInPath(path);
            }
            else if (!tool.IsOptional)
            {
                finds.Missing.Add(new MissingPart(tool.Name, finds.Install(tool.Package)));
            }
        }

        void PutApplet(string name, string target)
        {
            string path = finds.Links.Place($"/bin/{name}");
            finds.Entries[path] = new LinkEntry(path, target);
        }
    }

    /// <summary>xl, and the libraries of all programs; Debian's /usr/sbin/xl is a script that runs that of the running Xen.</summary>
    /// <param name="programs">The programs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task FindLibrariesAsync(IReadOnlyList<string> programs, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> places = await XlPlaces.LookAsync(finds.Dom0.Files, cancellationToken).ConfigureAwait(false);
        string version = string.Join('.', finds.XenVersion.Split('.').Take(2));
        string[] candidates = [.. places.Select(finds.Links.Place).Distinct().OrderByDescending(path => path.Contains($"xen-{version}/"))];
        bool isMusl = finds.First.Names.Any(name => BulkPath.MatchesAll(MuslLoader, name));
        Dictionary<string, LoadedLibraries> loaded =
            await LddAsync([.. programs, .. candidates], isMusl, cancellationToken).ConfigureAwait(false);
        string? xl = candidates.FirstOrDefault(path =>
            loaded.GetValueOrDefault(path)?.Paths.Any(one => one.Contains(Toolstack, StringComparison.Ordinal)) == true
            || loaded.GetValueOrDefault(path)?.Missing.Any(one => one.Contains(Toolstack, StringComparison.Ordinal)) == true);
        if (xl is null)
        {
            finds.Missing.Add(new MissingPart("xl", finds.Install(InsideTools.Xen)));
        }
        else
        {
            finds.Take(xl, isExecutable: true);
            string named = finds.Links.Place("/usr/sbin/xl");
            if (named != xl)
            {
                finds.Entries[named] = new LinkEntry(named, xl);
            }
        }

        foreach (string program in programs.Concat(xl is null ? [] : [xl]))
        {
            LoadedLibraries libraries = loaded.GetValueOrDefault(program) ?? new LoadedLibraries([], []);
            foreach (string path in libraries.Paths)
            {
                finds.Take(path, isExecutable: true);
            }

            PutWhereLoaderLooks(libraries.Paths, isMusl);

            finds.Missing.AddRange(libraries.Missing.Select(name => new MissingPart(
                $"{name}, which {program} loads", $"Install the package that {program} is from anew.")));
        }
    }

    // ld.so(8) finds libraries of other folders by a cache, which is not in here: dom0's has all of dom0's. It looks into the folder of
    // the C library and into the same one with or without /usr; musl's into three.
    private void PutWhereLoaderLooks(IReadOnlyList<string> libraries, bool isMusl)
    {
        if (libraries.FirstOrDefault(path => Name(path) == "libc.so.6") is not { } libc)
        {
            if (!isMusl)
            {
                return;
            }

            libc = "/lib/libc.so";
        }

        string folder = HostPath.Parent(libc);
        string twin = folder.StartsWith("/usr/", StringComparison.Ordinal) ? folder["/usr".Length..] : "/usr" + folder;
        string[] searched = [folder, twin, .. isMusl ? (string[])["/usr/local/lib"] : []];
        string[] places = [.. searched.Select(one => HostPath.Parent(finds.Links.Place(one + "/any")))];
        foreach (string path in libraries.Where(path => !Name(path).StartsWith("ld-", StringComparison.Ordinal)))
        {
            string real = finds.Links.Place(path), link = finds.Links.Place($"{folder}/{Name(path)}");
            if (!places.Contains(HostPath.Parent(real)) && !finds.Sources.ContainsKey(link))
            {
                finds.Entries.TryAdd(link, new LinkEntry(link, real));
            }
        }

        static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
    }

    // Init's PATH is that of a distribution, and scripts name their shell by its place in /bin.
    private void PutInPath(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        string place = finds.Links.Place(name is "sh" or "bash" ? $"/bin/{name}" : $"/usr/bin/{name}");
        if (place != path && (name is "sh" or "bash" || !finds.IsInPath(path)))
        {
            finds.Entries.TryAdd(place, new LinkEntry(place, path));
        }
    }

    private async Task<bool> IsBusyboxAsync(string path, CancellationToken cancellationToken)
    {
        string real = path;
        for (int hops = 0; hops < 16 && await finds.Links.TargetAsync(real, cancellationToken).ConfigureAwait(false) is { } target; hops++)
        {
            real = finds.Links.Place(HostLinks.Join(real, target));
        }

        return real != path && real[(real.LastIndexOf('/') + 1)..].StartsWith("busybox", StringComparison.Ordinal);
    }

    private async Task<HashSet<string>> AppletsAsync(CancellationToken cancellationToken) =>
        [.. (await finds.RunAsync("busybox", ["--list"], cancellationToken).ConfigureAwait(false)).StandardOutput
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private async Task<Dictionary<string, LoadedLibraries>> LddAsync(
        string[] programs, bool isMusl, CancellationToken cancellationToken)
    {
        Dictionary<string, LoadedLibraries> found = new(StringComparer.Ordinal);

        // musl's takes one program; glibc's names each before what it loads, where there are several.
        foreach (string[] some in isMusl || programs.Length == 1 ? programs.Select(one => (string[])[one]) : [programs])
        {
            CommandResult result = await finds.RunAsync("ldd", some, cancellationToken).ConfigureAwait(false);
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
}
