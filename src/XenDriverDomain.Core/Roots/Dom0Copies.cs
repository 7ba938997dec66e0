using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Images;

namespace XenDriverDomain.Roots;

/// <summary>A file of dom0's that is copied into a root.</summary>
/// <param name="From">Its path on dom0, which may be a link.</param>
/// <param name="To">Its path inside.</param>
internal sealed record Dom0Copy(string From, string To);

/// <summary>
/// Which of dom0's files a root lacks, and whether they can run there. It is told from the files alone: nothing of the root is run, since
/// others made it, and whatever the loader would compare stands in the files.
/// </summary>
/// <param name="dom0">The host.</param>
/// <param name="root">What the root has.</param>
/// <param name="question">What is asked of it.</param>
internal sealed class Dom0Copies(Dom0 dom0, RootFacts root, RootQuestion question)
{
    private const int MaxBytes = 64 * 1024 * 1024;

    private static readonly string[] s_tools =
    [
        "xenstore-read", "xenstore-write", "xenstore-exists", "xenstore-list", "xenstore-ls", "xenstore-rm", "xenstore-watch",
        "xenstore-chmod",
    ];

    private readonly List<Dom0Copy> _copies = [];
    private readonly List<(string Path, string Target)> _links = [];

    /// <summary>Links that are made beside the copies.</summary>
    public IReadOnlyList<(string Path, string Target)> Links => _links;

    /// <summary>Plans the copies.</summary>
    /// <exception cref="XenDriverDomainException">RootCopyDoesNotFit.</exception>
    public async Task<IReadOnlyList<Dom0Copy>> PlanAsync(CancellationToken cancellationToken)
    {
        BulkAnswer here = await dom0.Files.ReadManyAsync(
            new BulkQuery(
                [.. RootQueries.ProgramFolders.Select(folder => folder + "/xl")],
                [],
                [
                    .. RootQueries.ProgramFolders.SelectMany(folder => s_tools.Append("xl").Select(tool => $"{folder}/{tool}")),
                    "/usr/lib/xen-*/bin/xl", question.ScriptFolder + "/*",
                ]),
            cancellationToken).ConfigureAwait(false);
        List<string> programs = [];
        if (root.Program("xl") is null)
        {
            string xl = await FindXlAsync(here, cancellationToken).ConfigureAwait(false);
            programs.Add(xl);
            Copy(xl, xl);
            if (!RootQueries.ProgramFolders.Contains(HostPath.Parent(xl)))
            {
                _links.Add(("/usr/sbin/xl", xl));
            }
        }

        foreach (string tool in s_tools.Where(tool => root.Program(tool) is null))
        {
            if (RootQueries.ProgramFolders.Select(folder => $"{folder}/{tool}").FirstOrDefault(here.Names.Contains) is { } path)
            {
                programs.Add(path);
                Copy(path, path);
            }
            else if (tool is "xenstore-read" or "xenstore-write")
            {
                throw Misfit($"dom0 has no {tool} itself");
            }
        }

        foreach (string script in here.Names.Where(name => name.StartsWith(question.ScriptFolder + "/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            // What an editor left beside a script has a name like vif-bridge~, and is none.
            if (BulkPath.IsAllowed(script) && !root.Tree.HasName(script))
            {
                Copy(script, script);
            }
        }

        if (programs.Count > 0)
        {
            await AddLibrariesAsync(programs, cancellationToken).ConfigureAwait(false);
        }

        return _copies;
    }

    private void Copy(string from, string to) => _copies.Add(new Dom0Copy(from, root.Tree.Resolve(to, followLast: false)));

    // Debian's xl is a script that runs the one for the hypervisor's version.
    private async Task<string> FindXlAsync(BulkAnswer here, CancellationToken cancellationToken)
    {
        string xl = RootQueries.ProgramFolders.Select(folder => folder + "/xl").FirstOrDefault(here.Names.Contains)
            ?? throw Misfit("dom0 has no xl itself");
        if (here.Files.GetValueOrDefault(xl)?.StartsWith("#!", StringComparison.Ordinal) != true)
        {
            return await dom0.Files.ResolveAsync(xl, cancellationToken).ConfigureAwait(false) ?? xl;
        }

        string real = $"/usr/lib/xen-{question.XenVersion}/bin/xl";
        return here.Names.Contains(real) ? real : throw Misfit($"{xl} of dom0 is a script, and there is no {real} that it would run");
    }

    private async Task AddLibrariesAsync(List<string> programs, CancellationToken cancellationToken)
    {
        CommandResult result = await dom0.Commands.RunAsync(
            new CommandRequest("ldd", programs) { OnlyLooks = true }, cancellationToken).ConfigureAwait(false);
        LoadedLibraries loaded = LoadedLibraries.Read(result.StandardOutput + "\n" + result.StandardError);
        if (loaded.Missing.Count > 0)
        {
            throw Misfit($"dom0 itself lacks {string.Join(", ", loaded.Missing.Select(name => Terminal.Text.Show(name, 60)))}");
        }

        if (loaded.Paths.FirstOrDefault(IsLoader) is { } loader && !root.Tree.Exists(loader))
        {
            throw Misfit($"dom0's programs are started by {loader}, and the root, with {Words(root.LibC)}, has no such file");
        }

        string[] libraries = [.. loaded.Paths.Where(path => !IsLoader(path))];
        RootTree there = await new RootReader(dom0.Files).ReadAsync(
            root.Tree.Root,
            libraries.SelectMany(Candidates), [], cancellationToken).ConfigureAwait(false);
        Dictionary<string, string> kept = new(StringComparer.Ordinal);
        List<string> brought = [];
        string home = LibraryFolder();
        foreach (string path in libraries)
        {
            string? its = Candidates(path).SelectMany(there.Match).FirstOrDefault(there.Exists);
            if (its is not null)
            {
                kept[Name(path)] = there.Resolve(its);
            }
            else
            {
                // What is not where every loader looks is where the program says itself that it is.
                bool isUsual = RootQueries.LibraryFolders.Any(folder => BulkPath.MatchesAll(folder, HostPath.Parent(path)));
                brought.Add(path);
                Copy(path, isUsual ? $"{home}/{Name(path)}" : path);
            }
        }

        List<string> misfits =
        [
            .. await OlderAsync(libraries, kept, cancellationToken).ConfigureAwait(false),
            .. await LackingAsync([.. programs, .. brought], kept, cancellationToken).ConfigureAwait(false),
        ];
        if (misfits.Count > 0)
        {
            throw Misfit(string.Join("; ", misfits.Distinct(StringComparer.Ordinal)));
        }
    }

    // By the versions in the names of files, for libraries that have nothing else to compare: libyajl.so.2 is libyajl.so.2.1.0.
    private async Task<IReadOnlyList<string>> OlderAsync(
        string[] libraries, Dictionary<string, string> kept, CancellationToken cancellationToken)
    {
        string[] both = [.. libraries.Where(path => kept.ContainsKey(Name(path)))];
        if (both.Length == 0)
        {
            return [];
        }

        BulkAnswer links = await dom0.Files.ReadManyAsync(new BulkQuery([], both, []), cancellationToken).ConfigureAwait(false);
        return
        [
            .. from path in both
               let ours = Version(links.Links.GetValueOrDefault(path))
               let theirs = Version(kept[Name(path)])
               where ours is not null && theirs is not null && ours > theirs && ours.Major == theirs.Major
               select $"{Name(path)} of dom0 is {ours}, and the root's, which is not replaced, is {theirs}",
        ];
    }

    private async Task<IReadOnlyList<string>> LackingAsync(
        string[] brought, Dictionary<string, string> kept, CancellationToken cancellationToken)
    {
        Dictionary<string, IReadOnlySet<string>?> has = new(StringComparer.Ordinal);
        List<string> misfits = [];
        foreach (string path in brought)
        {
            ElfVersions? versions = ElfVersions.TryRead(await ReadAsync(path).ConfigureAwait(false));
            foreach (var needs in (versions?.Needs ?? []).GroupBy(need => need.Library, need => need.Version))
            {
                if (!kept.TryGetValue(needs.Key, out string? its))
                {
                    continue;
                }

                if (!has.TryGetValue(needs.Key, out IReadOnlySet<string>? there))
                {
                    there = ElfVersions.TryRead(await ReadAsync(root.Tree.Root + its).ConfigureAwait(false))?.Has;
                    has[needs.Key] = there;
                }

                string[] lacking = [.. needs.Where(version => there?.Contains(version) == false)];
                if (lacking.Length > 0)
                {
                    misfits.Add(
                        $"{Name(path)} needs {Terminal.Text.Show(string.Join(", ", lacking), 120)} of {needs.Key}, and the root's is "
                            + "too old for it");
                }
            }
        }

        return misfits;

        ValueTask<byte[]> ReadAsync(string path) => dom0.Files.ReadAsync(path, MaxBytes, cancellationToken);
    }

    // Where the root may have a library of the same name: where dom0 has it, and where every loader looks.
    private static IEnumerable<string> Candidates(string path) =>
        RootQueries.LibraryFolders.Prepend(HostPath.Parent(path)).Select(folder => $"{folder}/{Name(path)}");

    // Where the root's own C library is, the loader looks without being told.
    private string LibraryFolder() => root.LibC == RootLibC.Musl
        ? "/usr/lib"
        : RootQueries.LibraryFolders.SelectMany(folder => root.Tree.Match(folder + "/libc.so.6")).Select(HostPath.Parent).FirstOrDefault()
            ?? "/usr/lib";

    private static Version? Version(string? path)
    {
        int at = path?.IndexOf(".so.", StringComparison.Ordinal) ?? -1;
        string[] parts = at < 0 ? [] : path![(at + 4)..].Split('.');
        return parts.Length is >= 2 and <= 4
            && parts.All(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? System.Version.Parse(string.Join('.', parts))
            : null;
    }

    private static bool IsLoader(string path) => Name(path).StartsWith("ld-", StringComparison.Ordinal);

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Words(RootLibC libc) => libc switch
    {
        RootLibC.Glibc => "glibc",
        RootLibC.Musl => "musl",
        _ => "a C library that is not known",
    };

    private XenDriverDomainException Misfit(string why) => new(
        ErrorIds.RootCopyDoesNotFit,
        ErrorKind.NotSupported,
        $"What dom0 has cannot be copied into {Terminal.Text.Show(question.Path)}: {why}. Nothing was copied.",
        string.Join(
            ' ',
            new[] { RootPart.Xl, RootPart.XenStoreTools, RootPart.Scripts }
                .Select(part => RootPackages.Remedy(root, part, question.XenVersion)).Distinct(StringComparer.Ordinal)),
        question.Path);
}
