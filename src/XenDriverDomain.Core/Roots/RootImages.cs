using System.Globalization;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Backends;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci.Uses;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Roots;

/// <summary>What a path to a root names on the host.</summary>
/// <param name="Path">The path as its user gave it, without a slash at the end.</param>
/// <param name="Real">The path without links.</param>
/// <param name="Kind">A directory; or an image, which is a file or a block device and must be mounted first.</param>
internal sealed record RootPlace(string Path, string Real, HostFileKind Kind)
{
    /// <summary>True when it must be mounted.</summary>
    public bool IsImage => Kind != HostFileKind.Directory;
}

/// <summary>
/// Mounts images of file systems, one at a time, at one place of our own: whoever has the host's lock and finds something mounted there
/// knows that it was left behind. mount makes the loop device itself, so that the kernel lets go of it with the mount, however that ends.
/// </summary>
/// <param name="hand">What changes the host.</param>
internal sealed class RootImages(HostHand hand)
{
    // Somebody else's file system: nothing in it is to have an effect on dom0.
    private const string Options = "nosuid,nodev,noexec";

    private const string Loops = "/sys/class/block/*/loop/backing_file";

    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private Dom0 Dom0 => hand.Dom0;

    /// <summary>The place.</summary>
    public static string Point { get; } = $"/run/{LockText.Directory}/root";

    /// <summary>What a path names.</summary>
    /// <exception cref="XenDriverDomainException">RootPathInvalid, RootNotFound.</exception>
    public static async Task<RootPlace> FindAsync(Dom0 dom0, string path, CancellationToken cancellationToken)
    {
        string plain = path.Length > 1 ? path.TrimEnd('/') : path;
        if (!BulkPath.IsAllowed(plain) || plain.Contains('*', StringComparison.Ordinal))
        {
            throw Invalid(
                path, "it must be a full path on dom0, without '.', '..', blanks, quotes, wildcards and control characters",
                "Give the full path, such as /mnt/root, /srv/dd.img or /dev/vg0/dd; rename what has other characters.");
        }

        HostFileKind kind = await dom0.Files.GetKindAsync(plain, cancellationToken).ConfigureAwait(false);
        if (kind is HostFileKind.None or HostFileKind.Other)
        {
            throw new XenDriverDomainException(
                ErrorIds.RootNotFound,
                ErrorKind.NotFound,
                kind == HostFileKind.None
                    ? $"There is nothing at {Terminal.Text.Show(path)} on {dom0.Id}."
                    : $"{Terminal.Text.Show(path)} on {dom0.Id} is neither a directory, a file nor a block device.",
                "Give the directory where the root is mounted, the image of its file system, or the block device with it.",
                path);
        }

        string real = await dom0.Files.ResolveAsync(plain, cancellationToken).ConfigureAwait(false) ?? plain;
        return real == "/"
            ? throw Invalid(path, $"it is the root of {dom0.Id} itself", "Give the root of the driver domain.")
            : new RootPlace(plain, real, kind);
    }

    /// <summary>
    /// Refuses an image that somebody uses, as far as the kernel and xenstore know. Domains first: the kernel lets a device of theirs be
    /// mounted, and a loop device of theirs is not to be taken off.
    /// </summary>
    /// <exception cref="XenDriverDomainException">RootImageInUse.</exception>
    public async Task RequireUnusedAsync(RootPlace place, CancellationToken cancellationToken)
    {
        string device = $"/sys/class/block/{place.Real[(place.Real.LastIndexOf('/') + 1)..]}/dev";
        BulkAnswer blocks = await Dom0.Files.ReadManyAsync(
            new BulkQuery(
                [Loops, .. place.Kind == HostFileKind.BlockDevice ? [device] : (string[])[]], [], []), cancellationToken)
            .ConfigureAwait(false);
        if (await FindDiskAsync(place, HexOf(blocks.Files.GetValueOrDefault(device)), cancellationToken).ConfigureAwait(false) is { } guest)
        {
            throw InUse(place, $"it is a disk of the domain {guest}", "Stop the domain first; a file system has one user at a time.");
        }

        foreach ((string path, string file) in blocks.Files)
        {
            if (path != device && file == place.Real)
            {
                throw InUse(place, $"it is the file of /dev/{path.Split('/')[4]}", "Take off what is mounted from it, and losetup -d it.");
            }
        }

        if ((await ReadMountsAsync(Dom0, cancellationToken).ConfigureAwait(false))
            .FirstOrDefault(mount => mount.Source == place.Real || mount.Source == place.Path) is { } its)
        {
            throw InUse(place, $"it is mounted at {Terminal.Text.Show(its.Point)}", "Give that directory as -Path, or take it off.");
        }
    }

    /// <summary>Takes off what a killed command has left mounted. Only who has the host's lock may.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        for (int left = 8; left > 0 && await IsMountedAsync(cancellationToken).ConfigureAwait(false); left--)
        {
            Dom0.Reporter.Warning($"What an interrupted command had left mounted at {Point} is taken off.");
            await RunAsync(Unmounting(), cancellationToken).ConfigureAwait(false);
        }

        await RunAsync(Removing(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Mounts an image read-only, has somebody look into it, and takes it off again, whatever happens.</summary>
    /// <param name="place">The image.</param>
    /// <param name="lookAsync">Looks; it is given the directory.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<T> LookAsync<T>(RootPlace place, Func<string, Task<T>> lookAsync, CancellationToken cancellationToken)
    {
        await ClearAsync(cancellationToken).ConfigureAwait(false);
        await RequireUnusedAsync(place, cancellationToken).ConfigureAwait(false);
        try
        {
            await MountToLookAsync(place, cancellationToken).ConfigureAwait(false);
            return await lookAsync(Point).ConfigureAwait(false);
        }
        finally
        {
            // Also when the user has stopped it: nothing of this may stay.
            using CancellationTokenSource limit = new(s_patience, Dom0.Time);
            await RunAsync([new When(new IsMounted(), [.. Unmounting()]), .. Removing()], limit.Token).ConfigureAwait(false);
        }
    }

    /// <summary>The step that mounts an image to write; its undo takes it off.</summary>
    public ChangeStep Mount(RootPlace place) => new(
        $"Mount {place.Path} at {Point}",
        RootActs.Run("mkdir", "-p", Point),
        new Act<CommandResult>(Mounting(place, "rw"), (result, _, token) => RequireMountedAsync(place, result, token)))
    {
        UndoDescription = $"Take {place.Path} off {Point}",
        Undo = [new When(new IsMounted(), [.. Unmounting()]), .. Removing()],
    };

    /// <summary>The step that takes it off at the end. That it cannot takes nothing back of what is in the image.</summary>
    public static ChangeStep Unmount(RootPlace place) => new($"Take {place.Path} off {Point}", [.. Unmounting(), .. Removing()])
    {
        KeepsEarlierSteps = true,
    };

    private Task RunAsync(IEnumerable<StepPart> parts, CancellationToken cancellationToken) => hand.RunAsync(parts, cancellationToken);

    // What a killed domain has left would be mended by mounting it, which is writing: it is looked at as it is then.
    private async Task MountToLookAsync(RootPlace place, CancellationToken cancellationToken)
    {
        await RunAsync([RootActs.Run("mkdir", "-p", Point)], cancellationToken).ConfigureAwait(false);
        CommandResult result = await hand.DoAsync(Mounting(place, "ro"), cancellationToken).ConfigureAwait(false);
        if (!await IsMountedAsync(cancellationToken).ConfigureAwait(false))
        {
            await hand.DoAsync(Mounting(place, "ro,norecovery"), cancellationToken).ConfigureAwait(false);
            await RequireMountedAsync(place, result, cancellationToken).ConfigureAwait(false);
            Dom0.Reporter.Warning(
                $"{Terminal.Text.Show(place.Path)} was not taken off cleanly; it is looked at without what is in its journal. Who mounts "
                    + "it to write, as Initialize-XenDriverDomainImage does, has it mended; fsck does, too.");
        }
    }

    private static RunProgram Mounting(RootPlace place, string mode) => new(
        "mount", "-o", $"{mode},{Options}{(place.Kind == HostFileKind.File ? ",loop" : string.Empty)}", place.Real, Point);

    private static StepPart[] Unmounting() =>
    [
        new Act<CommandResult>(new RunProgram("umount", Point), async (result, hand, token) =>
        {
            if (await hand.HoldsAsync(new IsMounted(), token).ConfigureAwait(false))
            {
                throw new XenDriverDomainException(
                    ErrorIds.RootImageStillMounted,
                    ErrorKind.InUse,
                    $"What is mounted at {Point} cannot be taken off: umount ended with {result.ExitCode}: {RootActs.WordsOf(result)}",
                    $"End what uses it (fuser -m {Point}), then run the same command again, which takes it off first; or umount it.",
                    Point);
            }
        }),
    ];

    private static StepPart[] Removing() => [new When(new PathExists(Point) & !new IsMounted(), RootActs.Run("rmdir", Point))];

    private async Task RequireMountedAsync(RootPlace place, CommandResult result, CancellationToken cancellationToken)
    {
        if (await IsMountedAsync(cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        // A partition table, and what boots from it, ends with 55 aa.
        CommandResult sector = await Dom0.Commands.RunAsync(
            new CommandRequest("od", ["-An", "-v", "-tx1", "-j", "510", "-N", "2", place.Real]) { OnlyLooks = true }, cancellationToken)
            .ConfigureAwait(false);
        if (sector.StandardOutput.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is ["55", "aa"])
        {
            throw new XenDriverDomainException(
                ErrorIds.RootImagePartitioned,
                ErrorKind.NotSupported,
                $"{Terminal.Text.Show(place.Path)} has partitions, and cannot be mounted as a whole.",
                $"Give the device of the partition with the root. For a file, 'losetup -fP --show {place.Path}' on dom0 says the device, "
                    + "whose partitions are called …p1 and so on; 'losetup -d' of it when all is done.",
                place.Path);
        }

        throw new XenDriverDomainException(
            ErrorIds.RootImageNotMounted,
            ErrorKind.Device,
            $"{Terminal.Text.Show(place.Path)} cannot be mounted: mount ended with {result.ExitCode}: {RootActs.WordsOf(result)}",
            "Look whether it holds a file system that dom0's kernel knows (blkid), and what the kernel says of it (dmesg); fsck mends one.",
            place.Path);
    }

    private async Task<bool> IsMountedAsync(CancellationToken cancellationToken) =>
        await hand.HoldsAsync(new IsMounted(), cancellationToken).ConfigureAwait(false);

    private static async Task<IReadOnlyList<Mount>> ReadMountsAsync(Dom0 dom0, CancellationToken cancellationToken) => MountTable.Parse(
        Encoding.UTF8.GetString(
            await dom0.Files.TryReadAsync("/proc/self/mountinfo", MaxBytes, cancellationToken).ConfigureAwait(false) ?? []));

    // By the toolstack's records of disks that dom0 serves. A dom0 without a xenstored has no domains.
    private async Task<string?> FindDiskAsync(RootPlace place, string? device, CancellationToken cancellationToken)
    {
        IXenStoreClient store;
        try
        {
            store = await Dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.XenStoreUnavailable)
        {
            return null;
        }

        foreach (SplitDevice disk in await DeviceReader.FindAsync(store, "vbd", null, cancellationToken).ConfigureAwait(false))
        {
            if (await DeviceReader.TryReadBackendAsync(store, disk, cancellationToken).ConfigureAwait(false) is not 0)
            {
                continue;
            }

            string? target = await store.TryReadTextAsync(disk.Record / "params", cancellationToken).ConfigureAwait(false);
            string? number = await store.TryReadTextAsync(
                XenPaths.Backend(0, "vbd", disk.Guest, disk.Devid) / "physical-device", cancellationToken).ConfigureAwait(false);
            if ((device is not null && number == device)
                || (target is not null && await IsOfAsync(target, place, cancellationToken).ConfigureAwait(false)))
            {
                string? name = await store.TryReadTextAsync(XenPaths.Name(disk.Guest), cancellationToken).ConfigureAwait(false);
                return Terminal.Text.Show(name ?? $"{disk.Guest}", 80);
            }
        }

        return null;
    }

    // A path, or with what reads it before it: aio:/srv/dd.img. It may lead there by links.
    private async ValueTask<bool> IsOfAsync(string target, RootPlace place, CancellationToken cancellationToken)
    {
        int path = target.IndexOf('/', StringComparison.Ordinal);
        return path >= 0 && !target.Contains('\0')
            && (target[path..] == place.Real || target[path..] == place.Path
                || await Dom0.Files.ResolveAsync(target[path..], cancellationToken).ConfigureAwait(false) == place.Real);
    }

    // What the hotplug script writes of a device: its numbers in hexadecimal.
    private static string? HexOf(string? numbers) => numbers?.Trim().Split(':') is [var major, var minor]
        && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out int first)
        && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out int second)
            ? $"{first:x}:{second:x}"
            : null;

    private static XenDriverDomainException InUse(RootPlace place, string how, string remedy) => new(
        ErrorIds.RootImageInUse, ErrorKind.InUse, $"{Terminal.Text.Show(place.Path)} is in use: {how}.", remedy, place.Path);

    private static XenDriverDomainException Invalid(string path, string why, string remedy) => new(
        ErrorIds.RootPathInvalid, ErrorKind.InvalidArgument, $"'{Terminal.Text.Show(path)}' cannot be a root: {why}.", remedy, path);

    /// <summary>Something is mounted at our place.</summary>
    private sealed record IsMounted : HostCondition
    {
        public override string ToShell() => $"grep -q ' {Point} ' /proc/self/mountinfo";

        public override async ValueTask<bool> HoldsAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken) =>
            (await ReadMountsAsync(dom0, cancellationToken).ConfigureAwait(false)).Any(mount => mount.Point == Point);
    }
}
