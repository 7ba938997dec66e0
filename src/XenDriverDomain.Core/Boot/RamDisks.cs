using XenDriverDomain.Access;
using XenDriverDomain.Boot.Loaders;

namespace XenDriverDomain.Boot;

/// <summary>The initial RAM disks of dom0: what makes them, where they are, and what shows what is in one.</summary>
/// <param name="Programs">What makes them.</param>
/// <param name="Images">Those that are made; empty when it is not known where they are.</param>
internal sealed record RamDisks(IReadOnlyList<CommandRequest> Programs, IReadOnlyList<string> Images)
{
    private const string UpdateInitramfs = "/usr/sbin/update-initramfs";
    private const string ListInitramfs = "/usr/bin/lsinitramfs";
    private const string ListInitrd = "/usr/bin/lsinitrd";
    private const string Kernels = "/usr/share/kernel/";
    private const string KernelRelease = "/kernel.release";
    private const string Modules = "/lib/modules/";
    private static readonly string[] s_dracut = ["/usr/bin/dracut", "/usr/sbin/dracut", "/sbin/dracut"];
    private static readonly string[] s_mkinitfs = ["/sbin/mkinitfs", "/usr/sbin/mkinitfs"];

    // An initial RAM disk for each kernel, compressed; slow machines have several.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(15);

    /// <summary>The programs that are looked for to know what to change.</summary>
    public static IReadOnlyList<string> Makers => [UpdateInitramfs, .. s_dracut, .. s_mkinitfs];

    /// <summary>What must be read, when something is changed, beside the scene.</summary>
    public static BulkQuery Query { get; } = new(
        Files: [$"{Kernels}*{KernelRelease}"],
        Links: [],
        Names: [ListInitramfs, ListInitrd, Modules + "*", "/boot/initrd.img-*", "/boot/initramfs-*", "/boot/initrd-*"]);

    /// <summary>Lists what is in an image, a path a line at the end of the line; null when nothing does.</summary>
    public Func<string, CommandRequest>? List { get; private init; }

    /// <summary>True where Debian's initramfs-tools make them.</summary>
    public static bool IsInitramfsTools(BootScene scene) => scene.Names.Contains(UpdateInitramfs);

    /// <summary>True where dracut makes them.</summary>
    public static bool IsDracut(BootScene scene) => !IsInitramfsTools(scene) && s_dracut.Any(scene.Names.Contains);

    /// <summary>True where Alpine's mkinitfs makes them.</summary>
    public static bool IsMkinitfs(BootScene scene) => !IsInitramfsTools(scene) && !IsDracut(scene) && s_mkinitfs.Any(scene.Names.Contains);

    /// <summary>Finds out; null when nothing that makes them is known on this dom0.</summary>
    /// <param name="scene">The boot files.</param>
    /// <param name="answer">What <see cref="Query"/> gave.</param>
    public static RamDisks? Find(BootScene scene, BulkAnswer answer) =>
        IsInitramfsTools(scene)
            ? OfInitramfsTools(answer)
            : IsDracut(scene) ? OfDracut(scene, answer) : IsMkinitfs(scene) ? OfMkinitfs(scene, answer) : null;

    private static RamDisks OfInitramfsTools(BulkAnswer answer) => new(
        [new CommandRequest(UpdateInitramfs, ["-u", "-k", "all"]) { Timeout = s_timeout }], ImagesOf(answer, "/boot/initrd.img-{0}"))
    {
        List = Lister(answer, ListInitramfs),
    };

    // The third name is that of Debian's dracut.
    private static RamDisks OfDracut(BootScene scene, BulkAnswer answer) => new(
        [new CommandRequest(s_dracut.First(scene.Names.Contains), ["--force", "--regenerate-all"]) { Timeout = s_timeout }],
        ImagesOf(answer, "/boot/initramfs-{0}.img", "/boot/initrd-{0}", "/boot/initrd.img-{0}"))
    {
        List = Lister(answer, ListInitrd),
    };

    // Without arguments it makes that of the running kernel only, whose modules an upgrade may have taken away: what it is run with when a
    // kernel is installed is what counts (mkinitfs.trigger).
    private static RamDisks OfMkinitfs(BootScene scene, BulkAnswer answer)
    {
        string program = s_mkinitfs.First(scene.Names.Contains);
        Dictionary<string, string> releases = answer.Files
            .Where(file => file.Key.StartsWith(Kernels, StringComparison.Ordinal) && file.Value.Trim().Length > 0)
            .ToDictionary(
                file => $"/boot/initramfs-{file.Key[Kernels.Length..^KernelRelease.Length]}", file => file.Value.Trim(),
                StringComparer.Ordinal);
        return releases.Count == 0
            ? new RamDisks([new CommandRequest(program, []) { Timeout = s_timeout }], [])
            : new RamDisks(
                [.. releases.Select(one => new CommandRequest(program, ["-o", one.Key, one.Value]) { Timeout = s_timeout })],
                [.. releases.Keys])
            {
                // Nothing there lists an image; this lists what goes into it.
                List = image => new CommandRequest(program, ["-l", releases[image]]) { Timeout = s_timeout, OnlyLooks = true },
            };
    }

    private static Func<string, CommandRequest>? Lister(BulkAnswer answer, string program) => answer.Names.Contains(program)
        ? image => new CommandRequest(program, [image]) { Timeout = s_timeout, OnlyLooks = true }
        : null;

    // Images of kernels that are gone, and rescue images, are not made anew.
    private static string[] ImagesOf(BulkAnswer answer, params string[] patterns) =>
    [
        .. from release in answer.Names.Where(name => name.StartsWith(Modules, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
           from pattern in patterns
           let image = pattern.Replace("{0}", release[Modules.Length..], StringComparison.Ordinal)
           where answer.Names.Contains(image)
           select image,
    ];
}
