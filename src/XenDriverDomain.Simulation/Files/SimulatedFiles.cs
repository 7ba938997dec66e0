using System.IO.Compression;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Time;

namespace XenDriverDomain.Simulation.Files;

/// <summary>
/// The files of a simulated dom0, seen by root: ordinary files and links, and the kernel's attributes that the machine gives a
/// behaviour. Safe for use by several threads.
/// </summary>
internal sealed class SimulatedFiles : IDom0Files
{
    // What a boot begins with empty.
    private static readonly string[] s_madeAnew = ["/proc", "/sys", "/dev", "/run", "/tmp", "/var/run"];

    private readonly SimulatedTime _time;
    private readonly IFaults _faults;
    private readonly List<MountedTree> _mounts = [];
    private FileTree _tree = new();
    private bool _isDead;

    /// <summary>Files without any but empty /proc and /sys.</summary>
    /// <param name="time">The clock, which stands while the port is used.</param>
    /// <param name="faults">Decides which writes fail.</param>
    public SimulatedFiles(SimulatedTime time, IFaults faults)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(faults);
        _time = time;
        _faults = faults;
    }

    /// <summary>The lock that the machine shares.</summary>
    internal MachineLock Lock { get; } = new();

    /// <summary>Holds the clock while something else than a file is used.</summary>
    internal IDisposable Busy() => _time.Busy();

    /// <summary>True after <see cref="Die"/>.</summary>
    internal bool IsDead => Lock.Run(() => _isDead);

    /// <summary>dom0's kernel is gone: whatever is asked from now on gets no answer.</summary>
    internal void Die() => Lock.Run(() => _isDead = true);

    /// <summary>
    /// What a boot finds of what was there before: ordinary files and links outside of the places that are made anew. Nothing else is
    /// left, and a kernel that was gone is there again.
    /// </summary>
    internal void BootAnew() => Lock.Run(() =>
    {
        List<(string Path, FileNode Node)> kept = [];
        Collect("/", kept);
        _tree = new FileTree();
        _mounts.Clear();
        foreach ((string path, FileNode node) in kept)
        {
            if (node is DirectoryNode)
            {
                _tree.MakeDirectory(path);
            }
            else
            {
                _tree.Put(path, node);
            }
        }

        _isDead = false;
    });

    /// <summary>What a caller sees of a host whose kernel is gone: a connection that ended, as over SSH.</summary>
    internal static XenDriverDomainException Lost(string why = "its kernel crashed") => new(
        ErrorIds.ConnectionLost,
        ErrorKind.Connection,
        $"The connection to the simulated dom0 was lost: {why}.",
        "Connect anew, or have the simulated host boot again. Its kernel's last words are in the simulated machine's kernel log.",
        "dom0");

    private void Collect(string directory, List<(string Path, FileNode Node)> kept)
    {
        if (_tree.Find(directory, followLast: false, out _)?.Node is not DirectoryNode { IsKernels: false } node)
        {
            return;
        }

        foreach ((string name, FileNode child) in node.Children)
        {
            string path = FileTree.Join(directory, name);
            if (!s_madeAnew.Contains(path) && child is (OrdinaryFile or LinkNode or DirectoryNode { IsKernels: false }))
            {
                kept.Add((path, child));
                Collect(path, kept);
            }
        }
    }

    /// <summary>What was mounted since the boot, oldest first.</summary>
    internal IReadOnlyList<MountedTree> Mounts => Lock.Run<IReadOnlyList<MountedTree>>(() => [.. _mounts]);

    /// <summary>
    /// Mounts the file system that an image holds. A file of the simulation is one by its content, a line
    /// <c>tree: /srv/roots/debian</c>: the directory of the host that stands for what is in it. A line <c>unclean</c> below it says that it
    /// was not taken off: then it is mended when it is mounted to be written, and read-only only without that.
    /// </summary>
    /// <returns>Why not, or null.</returns>
    internal Errno? Mount(string image, string point, string options) => Lock.Run<Errno?>(() =>
    {
        if (_tree.Find(image, followLast: true, out Errno why) is not { } source)
        {
            return why;
        }

        if (_tree.Find(point, followLast: true, out why) is not { Node: DirectoryNode under } place)
        {
            return why == Errno.Unknown ? Errno.ENOTDIR : why;
        }

        if (source.Node is not OrdinaryFile file || !file.Content.AsSpan().StartsWith("tree: "u8)
            || Encoding.UTF8.GetString(file.Content)["tree: ".Length..].Split('\n') is not [var name, .. var more]
            || _tree.Find(name, followLast: true, out _)?.Node is not DirectoryNode tree)
        {
            return Errno.EINVAL;
        }

        string[] how = options.Split(',');
        if (more.Contains("unclean"))
        {
            if (how.Contains("ro") && !how.Contains("norecovery"))
            {
                return Errno.EROFS;
            }

            if (!how.Contains("ro") && _tree.Find(HostPath.Parent(source.Path), followLast: true, out _)?.Node is DirectoryNode folder)
            {
                folder.Children[FileTree.Name(source.Path)] = new OrdinaryFile(Encoding.UTF8.GetBytes($"tree: {name}\n"), file.Mode);
            }
        }

        if (_tree.Find(HostPath.Parent(place.Path), followLast: true, out _)?.Node is not DirectoryNode parent)
        {
            return Errno.EBUSY;
        }

        parent.Children[FileTree.Name(place.Path)] = tree;
        _mounts.Add(new MountedTree(source.Path, place.Path, options, under));
        return null;
    });

    /// <summary>Takes off what was mounted at a place last; false when there is nothing.</summary>
    internal bool Unmount(string point) => Lock.Run(() =>
    {
        if (_mounts.FindLast(mount => mount.Point == point) is not { } mounted
            || _tree.Find(HostPath.Parent(point), followLast: true, out _)?.Node is not DirectoryNode parent)
        {
            return false;
        }

        parent.Children[FileTree.Name(point)] = mounted.Under;
        return _mounts.Remove(mounted);
    });

    /// <summary>Adds an ordinary file or replaces it; directories are made.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="text">Its content.</param>
    /// <param name="mode">The permission bits; 0644 by default.</param>
    public void Put(string path, string text, int mode = 0x1A4) => Put(path, Encoding.UTF8.GetBytes(text), mode);

    /// <summary>Adds an ordinary file or replaces it; directories are made.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="content">Its content.</param>
    /// <param name="mode">The permission bits; 0644 by default.</param>
    public void Put(string path, byte[] content, int mode = 0x1A4) => Place(path, new OrdinaryFile(content, mode));

    /// <summary>Adds files and links as a host has them from the start.</summary>
    public void Put(IEnumerable<SystemFile> those) => Lock.Run(() =>
    {
        foreach (SystemFile file in those)
        {
            _tree.Put(file.Path, file.ToNode());
        }
    });

    /// <summary>Has a directory filled when somebody looks into it for the first time.</summary>
    public void PutLater(string directory, Func<IEnumerable<SystemFile>> those) => Lock.Run(() => _tree.FillLater(directory, those));

    /// <summary>Adds a symbolic link; directories are made.</summary>
    public void Link(string path, string target) => Place(path, new LinkNode(target));

    /// <summary>Adds a file of the kernel's; its callbacks run under the machine's lock and must not wait.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="show">What a read gives; null when it cannot be read (EACCES).</param>
    /// <param name="store">What a store does, given its text as it came; null when it cannot be written (EACCES).</param>
    public void PutAttribute(string path, Func<string>? show, Func<string, Errno?>? store = null) =>
        Place(path, new AttributeNode(show, store, store is null ? 0x124 : show is null ? 0x80 : 0x1A4));

    /// <summary>Adds a device file or socket.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="kind">BlockDevice or Other.</param>
    /// <param name="isEndless">True for /dev/zero.</param>
    /// <param name="storeFails">What each write ends in.</param>
    public void PutDevice(string path, HostFileKind kind = HostFileKind.Other, bool isEndless = false, Errno? storeFails = null) =>
        Place(path, new DeviceNode(kind, isEndless, storeFails));

    /// <summary>Adds a directory and its parents.</summary>
    public void MakeDirectory(string path) => Lock.Run(() => _tree.MakeDirectory(HostPath.Require(path)));

    /// <summary>Takes a name away with all that is below it, the kernel's as well; false when it was not there.</summary>
    public bool Remove(string path) => Lock.Run(() => _tree.Remove(HostPath.Require(path)));

    /// <summary>True when the path exists, its last link not followed.</summary>
    public bool Exists(string path) => Lock.Run(() => _tree.Find(HostPath.Require(path), followLast: false, out _) is not null);

    /// <summary>The text of a file; null when it does not exist or cannot be read.</summary>
    public string? Text(string path) => Lock.Run(() => _tree.Find(HostPath.Require(path), followLast: true, out _)?.Node switch
    {
        OrdinaryFile file => Encoding.UTF8.GetString(file.Content),
        AttributeNode { Show: { } show } => show(),
        _ => null,
    });

    /// <summary>
    /// Gives a link the number that it had on the host that this one is a copy of; where there is no link, nothing happens.
    /// </summary>
    internal void Renumber(string link, long inode) => Lock.Run(() =>
    {
        if (_tree.Find(HostPath.Require(link), followLast: false, out _)?.Node is LinkNode node)
        {
            _tree.Renumber(node, inode);
        }
    });

    /// <summary>A link's target as stored; null when the path is no link.</summary>
    public string? TargetOf(string path) =>
        Lock.Run(() => (_tree.Find(HostPath.Require(path), followLast: false, out _)?.Node as LinkNode)?.Target);

    /// <summary>The names in a directory; none when it is no directory.</summary>
    public IReadOnlyList<string> Names(string path) => Lock.Run<IReadOnlyList<string>>(() =>
        _tree.Find(HostPath.Require(path), followLast: true, out _)?.Node is DirectoryNode directory ? [.. directory.Children.Keys] : []);

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return Answer(path, () =>
        {
            byte[] content = Must("read", path) is DeviceNode { IsEndless: true }
                ? throw FileErrors.TooLarge(path, limit)
                : Content(path);
            return content.Length > limit ? throw FileErrors.TooLarge(path, limit) : content.ToArray();
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask WriteOnceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (data.IsEmpty)
        {
            throw new ArgumentException("There is nothing to write; a sysfs attribute is cleared by a newline.", nameof(data));
        }

        return Change("write", path, () =>
        {
            FileNode node = Must("write", path);
            Errno? failure = node switch
            {
                AttributeNode { Store: { } store } => store(Encoding.Latin1.GetString(data.Span)),
                AttributeNode => Errno.EACCES,
                DirectoryNode => Errno.EISDIR,
                DeviceNode device => device.StoreFails,
                _ => null,
            };
            (node as OrdinaryFile)?.Overwrite(data.Span);
            if (failure is { } errno)
            {
                throw Error("write", path, errno);
            }
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        ReplaceAsync(path, () => data.ToArray(), cancellationToken);

    /// <inheritdoc/>
    public ValueTask ComposeAsync(
        string path, IReadOnlyList<FilePiece> pieces, bool isPacked, CancellationToken cancellationToken) =>
        ReplaceAsync(path, () => Compose(path, pieces, isPacked), cancellationToken);

    private byte[] Compose(string path, IReadOnlyList<FilePiece> pieces, bool isPacked)
    {
        using MemoryStream file = new();
        using (Stream target = isPacked ? new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true) : file)
        {
            foreach (FilePiece piece in pieces)
            {
                ReadOnlySpan<byte> bytes = piece.Source is null ? piece.Bytes.Span : Content(piece.Source);
                target.Write(bytes.Length == piece.Length ? bytes : throw FileErrors.Changed(path, piece, bytes.Length));
            }
        }

        return file.ToArray();
    }

    private ValueTask ReplaceAsync(string path, Func<byte[]> content, CancellationToken cancellationToken) =>
        Change("replace", path, () =>
        {
            // What a link points at is replaced, not the link.
            Found? old = _tree.Find(path, followLast: true, out _);
            if (old is { Node.Kind: not HostFileKind.File })
            {
                throw new HostFileException(
                    "replace", path, old.Value.Node.Kind == HostFileKind.Directory ? Errno.EISDIR : Errno.EINVAL,
                    "it is not an ordinary file");
            }

            string real = old?.Path ?? path;
            RequireWritable("replace", path, HostPath.Parent(real), Errno.EACCES)
                .Children[FileTree.Name(real)] = new OrdinaryFile(content(), old?.Node.Mode ?? 0x1A4);
        }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) =>
        Change("delete", path, () =>
        {
            if (_tree.Find(path, followLast: false, out Errno why) is not { } found)
            {
                if (why is not (Errno.ENOENT or Errno.ENOTDIR))
                {
                    throw Error("delete", path, why);
                }

                return;
            }

            if (found.Node is DirectoryNode)
            {
                throw Error("delete", path, Errno.EISDIR);
            }

            RequireWritable("delete", path, HostPath.Parent(found.Path), Errno.EPERM).Children.Remove(FileTree.Name(found.Path));
        }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken) =>
        Change("create", path, () => CreateDirectory(path, path), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<string>>(
            path,
            () => Must("list", path) is DirectoryNode directory
                ? [.. directory.Children.Keys]
                : throw Error("list", path, Errno.ENOTDIR),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken) =>
        Answer(path, () => Look("resolve", path)?.Path, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken) =>
        Answer(path, () => Look("look at", path)?.Node.Kind ?? HostFileKind.None, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken)
    {
        BulkPath.Require(query);
        return Answer("/", () => new TreeBulkReader(_tree, cancellationToken).Read(query), cancellationToken);
    }

    /// <summary>What is at a path, for the small file programs; the caller decides about links.</summary>
    internal Found? Find(string path, bool followLast, out Errno why)
    {
        (Found? found, why) = Lock.Run(() => (_tree.Find(path, followLast, out Errno reason), reason));
        return found;
    }

    private byte[] Content(string path) => Must("read", path) switch
    {
        OrdinaryFile file => file.Content,
        AttributeNode { Show: { } show } => Encoding.UTF8.GetBytes(show()),
        AttributeNode => throw Error("read", path, Errno.EACCES),
        DirectoryNode => throw Error("read", path, Errno.EISDIR),
        _ => [],
    };

    private static HostFileException Error(string operation, string path, Errno errno) =>
        new(operation, path, errno, ErrnoWords.Of(errno));

    private void RequireLife()
    {
        if (IsDead)
        {
            throw Lost();
        }
    }

    private void Place(string path, FileNode node) => Lock.Run(() => _tree.Put(HostPath.Require(path), node));

    private Found? Look(string operation, string path) => _tree.Find(path, followLast: true, out Errno why) is { } found
        ? found
        : why is Errno.ENOENT or Errno.ENOTDIR ? null : throw Error(operation, path, why);

    private FileNode Must(string operation, string path) => _tree.Find(path, followLast: true, out Errno why) is { } found
        ? found.Node
        : throw Error(operation, path, why);

    private DirectoryNode RequireWritable(string operation, string path, string directory, Errno refusal) =>
        _tree.Find(directory, followLast: true, out Errno why)?.Node switch
        {
            null => throw Error(operation, path, why),
            DirectoryNode { IsKernels: false } ours => ours,
            DirectoryNode => throw Error(operation, path, refusal),
            _ => throw Error(operation, path, Errno.ENOTDIR),
        };

    private void CreateDirectory(string path, string here)
    {
        if (_tree.Find(here, followLast: true, out _) is { } found)
        {
            if (found.Node is not DirectoryNode)
            {
                throw Error("create", path, Errno.EEXIST);
            }

            return;
        }

        string parent = HostPath.Parent(here);
        CreateDirectory(path, parent);
        RequireWritable("create", path, parent, Errno.EPERM).Children.TryAdd(FileTree.Name(here), new DirectoryNode(isKernels: false));
    }

    /// <summary>A change that a fault may strike, for which it is known by its path without links.</summary>
    private ValueTask Change(string operation, string path, Action work, CancellationToken cancellationToken)
    {
        HostPath.Require(path);
        using IDisposable busy = _time.Busy();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            RequireLife();
            string real = Lock.Run(() => _tree.Find(path, followLast: operation != "delete", out _)?.Path ?? path);
            if (_faults.OnWrite(real) is { } fault)
            {
                throw Error(operation, path, fault);
            }

            Lock.Run(work);
            return ValueTask.CompletedTask;
        }
        catch (Exception e) when (e is XenDriverDomainException or OperationCanceledException)
        {
            return ValueTask.FromException(e);
        }
    }

    private ValueTask<T> Answer<T>(string path, Func<T> work, CancellationToken cancellationToken)
    {
        HostPath.Require(path);
        using IDisposable busy = _time.Busy();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            RequireLife();
            return ValueTask.FromResult(Lock.Run(work));
        }
        catch (Exception e) when (e is XenDriverDomainException or OperationCanceledException)
        {
            return ValueTask.FromException<T>(e);
        }
    }
}

/// <summary>A file system that is mounted.</summary>
/// <param name="Image">What it is in.</param>
/// <param name="Point">Where.</param>
/// <param name="Options">How.</param>
/// <param name="Under">The directory that it hides.</param>
internal sealed record MountedTree(string Image, string Point, string Options, DirectoryNode Under);
