using XenDriverDomain.Access;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Images;

/// <summary>What has been found for an image so far, and what has not, for those who look for its parts.</summary>
/// <param name="dom0">The host.</param>
/// <param name="request">What the image is for.</param>
internal sealed class ImageFinds(Dom0 dom0, ImageRequest request)
{
    private const string OsRelease = "/etc/os-release";
    private const string VersionFolder = "/sys/hypervisor/version";

    // Those of the distribution, and those that init's PATH has; then where a Xen is that somebody built himself.
    private static readonly string[] s_path = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    private static readonly string[] s_folders = [.. s_path, "/usr/local/sbin", "/usr/local/bin", "/opt/xen/sbin", "/opt/xen/bin"];

    /// <summary>The host.</summary>
    public Dom0 Dom0 { get; } = dom0;

    /// <summary>What the image is for.</summary>
    public ImageRequest Request { get; } = request;

    /// <summary>What was read first, all in one round trip.</summary>
    public BulkAnswer First { get; private set; } = new(
        new Dictionary<string, string>(), new Dictionary<string, string>(), new HashSet<string>());

    /// <summary>The host's links.</summary>
    public HostLinks Links { get; } = new(dom0.Files);

    /// <summary>What goes into the RAM disk, by its path there; files of dom0's only when their sums are known.</summary>
    public SortedDictionary<string, ImageEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>The files of dom0's that go in, by path, and whether they are run.</summary>
    public SortedDictionary<string, bool> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>What is needed and not there.</summary>
    public List<MissingPart> Missing { get; } = [];

    /// <summary>ID and ID_LIKE of os-release(5).</summary>
    public string Distribution { get; private set; } = string.Empty;

    /// <summary>The version of Xen.</summary>
    public string XenVersion => VersionIn(First);

    /// <summary>What translates addresses here; null when nothing does, or nothing needs to.</summary>
    public NatWay? Nat => Request.HasNat ? InsideTools.Nat.FirstOrDefault(way => Find(way.Tool.Name) is not null) : null;

    /// <summary>The files that tell of the host.</summary>
    public static IReadOnlyList<string> Facts { get; } =
        [OsRelease, $"{VersionFolder}/major", $"{VersionFolder}/minor", $"{VersionFolder}/extra"];

    /// <summary>Where a program may be.</summary>
    public static IEnumerable<string> PlacesOf(string program) => s_folders.Select(folder => $"{folder}/{program}");

    /// <summary>The version of Xen, in an answer with <see cref="Facts"/>.</summary>
    public static string VersionIn(BulkAnswer first) => string.Concat(
        first.Files.GetValueOrDefault($"{VersionFolder}/major", "0").Trim(), ".",
        first.Files.GetValueOrDefault($"{VersionFolder}/minor", "0").Trim(),
        first.Files.GetValueOrDefault($"{VersionFolder}/extra", string.Empty).Trim());

    /// <summary>Takes what was read first.</summary>
    public void Begin(BulkAnswer first)
    {
        First = first;
        Links.Add(first);
        Distribution = DistributionIn(first.Files.GetValueOrDefault(OsRelease, string.Empty));
    }

    /// <summary>Where a program is; null when it is nowhere.</summary>
    public string? Find(string name) => PlacesOf(name).FirstOrDefault(First.Names.Contains) is { } path ? Links.Place(path) : null;

    /// <summary>Whether a path is in a folder that init's PATH has.</summary>
    public bool IsInPath(string path) => s_path.Select(Links.Place).Contains(HostPath.Parent(path));

    /// <summary>The remedy for what a package has.</summary>
    /// <param name="package">The package, by Debian's name.</param>
    public string Install(string package) => $"Install {InsideTools.PackageOn(package, Distribution)}.";

    /// <summary>Has a file of dom0's go in.</summary>
    public void Take(string path, bool isExecutable)
    {
        string place = Links.Place(path);
        Sources[place] = isExecutable || Sources.GetValueOrDefault(place);
    }

    /// <summary>Has a program go in, and the links that lead to it as links, so that a program of many names is there once.</summary>
    /// <returns>The program itself.</returns>
    public async Task<string> FollowAsync(string path, CancellationToken cancellationToken)
    {
        string real = Links.Place(path);
        for (int hops = 0; hops < 16 && await Links.TargetAsync(real, cancellationToken).ConfigureAwait(false) is { } target; hops++)
        {
            Entries[real] = new LinkEntry(real, target);
            real = Links.Place(HostLinks.Join(real, target));
        }

        Take(real, isExecutable: true);
        return real;
    }

    /// <summary>Runs a program that only looks.</summary>
    /// <exception cref="XenDriverDomainException">ImageLookFailed: it is not there.</exception>
    public async Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await Dom0.Commands.RunAsync(new CommandRequest(program, arguments) { OnlyLooks = true }, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.HostCommandNotFound)
        {
            string package = program switch
            {
                "ldd" => "libc-bin",
                "modinfo" => "kmod",
                "busybox" => "busybox",
                _ => "coreutils",
            };
            throw ImageErrors.LooksNot(program, InsideTools.PackageOn(package, Distribution));
        }
    }

    private static string DistributionIn(string text) => string.Join(
        ' ', text.Split('\n').Select(line => line.Split('=', 2)).Where(words => words is ["ID" or "ID_LIKE", _])
            .Select(words => words[1].Trim().Trim('"', '\'')));
}
