using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Assignment.AtBoot;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Boot;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Domains;
using XenDriverDomain.Images;
using XenDriverDomain.Pci;
using XenDriverDomain.Roots;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Traces;

/// <summary>Traces that are files of their own: configurations, the policy and what applies it, copies, the lock.</summary>
internal static partial class FileTraces
{
    private const string Extension = ".cfg";
    private const string ClearPolicy = "Set-XenPciPolicy -Clear";
    private static readonly string[] s_runFolders = [$"/run/{LockText.Directory}", $"/var/run/{LockText.Directory}"];

    private static readonly string[] s_folders =
        [ImagePaths.Directory, DriverDomainFiles.Directory, GeneratedConfigFile.Directory, .. FieldsRecord.ScriptFolders, .. s_runFolders];

    // The policy and what applies it, wherever an administrator may edit files: what a write beside them leaves has a name of its own.
    private static readonly string[] s_written = [PolicyFile.Path, .. PolicyBootUnit.Files];

    /// <summary>What must be read.</summary>
    public static BulkQuery Query { get; } = new(
        Files:
        [
            DriverDomainFiles.Directory + "/*" + Extension, GeneratedConfigFile.Directory + "/*" + Extension,
            .. s_runFolders.Select(folder => $"{folder}/{LockText.File}"),
            .. RamDisks.Query.Files,
        ],
        Links: [],
        Names:
        [
            .. s_written, .. PolicyBootUnit.Folders, .. PolicyBootUnit.AnyEnabling,
            .. s_written.Select(path => $"{HostPath.Parent(path)}/.{path[(path.LastIndexOf('/') + 1)..]}.*"),
            DriverDomainFiles.Directory + "/.*" + Extension + ".*", GeneratedConfigFile.Directory + "/.*" + Extension + ".*",
            .. BootQueries.All.Files.Where(BootSituation.IsBootFile).Select(path => path + BootChange.Backup),
            .. s_folders, .. s_folders.Select(folder => folder + "/*"),
            .. RamDisks.Query.Names,
            RootImages.Point, RootImages.Point + "/*",
        ]);

    /// <summary>Finds them, but for the directories.</summary>
    public static IEnumerable<HostTrace> Find(string dom0, BulkAnswer answer) =>
    [
        .. Configurations(dom0, answer), .. Images(dom0, answer), .. Policy(dom0, answer), .. Fields(dom0, answer), .. Copies(dom0, answer),
        .. Unfinished(dom0, answer), .. Mounts(dom0, answer), .. Locks(dom0, answer),
    ];

    /// <summary>The directories that hold nothing but traces.</summary>
    /// <param name="dom0">The host's id.</param>
    /// <param name="answer">What was read.</param>
    /// <param name="traces">The paths of all traces.</param>
    public static IEnumerable<HostTrace> Folders(string dom0, BulkAnswer answer, IReadOnlySet<string> traces)
    {
        HashSet<string> known = [.. traces];
        foreach (string folder in s_folders.Where(folder => answer.Names.Contains(folder) && !IsOtherName(answer, folder)))
        {
            if (answer.Names.Where(name => HostPath.Parent(name) == folder).All(known.Contains))
            {
                known.Add(folder);
                yield return HostTrace.Of(
                    dom0, HostTraceKind.Folder, folder, null, "a directory that then holds nothing any more", TraceCommands.Folder(folder));
            }
        }
    }

    private static IEnumerable<HostTrace> Images(string dom0, BulkAnswer answer) =>
        from path in answer.Names
        where HostPath.Parent(path) == ImagePaths.Directory
        let id = path[(ImagePaths.Directory.Length + 1)..]
        select HostTrace.Of(
            dom0, HostTraceKind.Image, path, id, "the inside of driver domains, made of what dom0 has",
            $"Remove-XenDriverDomainImage -Id {TraceCommands.Quote(id)}");

    private static IEnumerable<HostTrace> Configurations(string dom0, BulkAnswer answer)
    {
        foreach ((string path, string text) in answer.Files.Where(file => file.Key.EndsWith(Extension, StringComparison.Ordinal)))
        {
            string name = path[(path.LastIndexOf('/') + 1)..^Extension.Length];
            bool isAmongServers = HostPath.Parent(path) == DriverDomainFiles.Directory;
            if (DomainName.WhyNot(name) is not null
                || !(isAmongServers ? GeneratedConfigFile.IsMarked(text) : GeneratedConfigFile.IsGenerated(text)))
            {
                continue;
            }

            yield return isAmongServers
                ? HostTrace.Of(
                    dom0, HostTraceKind.DriverDomain, path, name, $"the configuration of {name}",
                    $"Remove-XenDriverDomain -Name {TraceCommands.Quote(name)}")
                : HostTrace.Of(
                    dom0, HostTraceKind.Guest, path, name, $"what {name} was started from, made of its old configuration",
                    TraceCommands.File(path));
        }
    }

    private static IEnumerable<HostTrace> Policy(string dom0, BulkAnswer answer)
    {
        bool hasSystemd = answer.Names.Contains(PolicyBootUnit.SystemdFolder);
        foreach (string path in answer.Names)
        {
            string? what = path == PolicyFile.Path ? "the host's policy: which registers guests may write"
                : s_written.Contains(path) ? path.EndsWith(".rules", StringComparison.Ordinal)
                    ? "has udev apply the policy when pciback gets a card" : "applies the policy at boot"
                : PolicyBootUnit.AnyEnabling.Any(pattern => BulkPath.MatchesAll(pattern, path)) ? "has the policy applied at boot"
                : null;
            if (what is not null)
            {
                // What belongs to the init system that dom0 had before, the cmdlet leaves alone.
                bool isOfAnother = PolicyBootUnit.IsOfSystemd(path) is { } its && its != hasSystemd;
                yield return HostTrace.Of(
                    dom0, HostTraceKind.Policy, path, null, what, isOfAnother ? TraceCommands.File(path) : ClearPolicy);
            }
        }
    }

    private static IEnumerable<HostTrace> Fields(string dom0, BulkAnswer answer) =>
        from folder in FieldsRecord.ScriptFolders
        where !IsOtherName(answer, folder)
        from path in answer.Names
        where path.StartsWith(folder + "/", StringComparison.Ordinal) && PciAddress.TryParse(path[(folder.Length + 1)..], out _)
        select HostTrace.Of(
            dom0, HostTraceKind.Quirk, path, path[(folder.Length + 1)..], "which registers pciback lets a guest write, by the policy",
            TraceCommands.File(path));

    private static IEnumerable<HostTrace> Copies(string dom0, BulkAnswer answer) =>
        from path in answer.Names
        where path.EndsWith(BootChange.Backup, StringComparison.Ordinal)
        let original = path[..^BootChange.Backup.Length]
        select HostTrace.Of(
            dom0, HostTraceKind.Copy, path, original, $"{original} as it was before this module changed it last", TraceCommands.File(path));

    private static IEnumerable<HostTrace> Unfinished(string dom0, BulkAnswer answer) =>
        from path in answer.Names
        where TemporaryName().IsMatch(path)
        select HostTrace.Of(
            dom0, HostTraceKind.Unfinished, path, null, "a file whose writing was interrupted, or goes on now", TraceCommands.File(path));

    // The directory is there only as long as something is mounted on it.
    private static IEnumerable<HostTrace> Mounts(string dom0, BulkAnswer answer) => answer.Names.Contains(RootImages.Point)
        ? [
            HostTrace.Of(
                dom0, HostTraceKind.Mount, RootImages.Point, null,
                "where an image is mounted while a root is looked at or prepared: one that was interrupted, or goes on now",
                // A file system has something in it, and the directory has not.
                answer.Names.Any(path => path.StartsWith(RootImages.Point + "/", StringComparison.Ordinal))
                    ? TraceCommands.Mount(RootImages.Point)
                    : TraceCommands.Folder(RootImages.Point)),
        ]
        : [];

    private static IEnumerable<HostTrace> Locks(string dom0, BulkAnswer answer) =>
        from folder in s_runFolders
        where !IsOtherName(answer, folder)
        let path = $"{folder}/{LockText.File}"
        where answer.Names.Contains(path)
        let owner = answer.Files.GetValueOrDefault(path, string.Empty).Split('\n') is [_, _, var who, _, var work, ..]
            ? $", which {Text.Show(who, 60)} holds or held: {Text.Show(work, 60)}"
            : ", which nobody holds"
        select HostTrace.Of(dom0, HostTraceKind.Lock, path, null, "the lock for changes of this host" + owner, TraceCommands.File(path));

    // On most hosts /var/run is a link to /run, and everything in it is there by two names.
    private static bool IsOtherName(BulkAnswer answer, string folder) =>
        folder.StartsWith("/var/run/", StringComparison.Ordinal) && answer.Names.Contains(folder["/var".Length..]);

    // mktemp's six letters over SSH, a GUID on dom0 itself.
    [GeneratedRegex(@"/\.[^/]+\.([A-Za-z0-9]{6}|[0-9a-f]{32})$")]
    private static partial Regex TemporaryName();
}
