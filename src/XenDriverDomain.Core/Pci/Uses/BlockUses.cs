using XenDriverDomain.Access;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Pci.Uses;

/// <summary>
/// The disks behind each function, with the mounts, swap areas, LVM volumes, RAID sets and encrypted volumes that lie on them or
/// on what is stacked above them.
/// </summary>
internal sealed class BlockUses
{
    private const int MostFacts = 6;

    private readonly BulkAnswer _sys;
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _above = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _byNumber = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _byMapperName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _mounts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _swaps = new(StringComparer.Ordinal);

    private BlockUses(BulkAnswer sys) => _sys = sys;

    /// <summary>Finds the uses of all functions; says in <paramref name="rootIsTraced"/> whether a disk was found below "/".</summary>
    public static IReadOnlyList<FunctionUse> Find(
        BulkAnswer sys, IReadOnlyList<Mount> mounts, out bool rootIsTraced)
    {
        BlockUses uses = new(sys);
        uses.ReadStack();
        uses.ReadMounts(mounts);
        uses.ReadSwaps();
        rootIsTraced = uses._mounts.Values.Any(points => points.Contains("/"));
        List<FunctionUse> found = [];
        foreach (string name in uses._targets.Keys.Order(StringComparer.Ordinal))
        {
            string target = uses._targets[name];
            if (SysPath.Owner(target) is { } owner && !uses.IsPartition(target))
            {
                found.Add(new FunctionUse(owner, uses.Describe(name, target)));
            }
        }

        return found;
    }

    private void ReadStack()
    {
        string prefix = PciQueries.Block + "/";
        foreach (string path in _sys.LinksBelow(prefix))
        {
            _targets[path[prefix.Length..]] = _sys.Links[path];
        }

        foreach ((string name, string target) in _targets)
        {
            if (_sys.Files.TryGetValue($"{prefix}{name}/dev", out string? number))
            {
                _byNumber[number.Trim()] = name;
            }

            if (_sys.Files.TryGetValue($"{prefix}{name}/dm/name", out string? mapper))
            {
                _byMapperName[mapper.Trim()] = name;
            }

            if (IsPartition(target))
            {
                Stack(Parent(target), name);
            }
            else if (MultipathHead(name) is { } head && _targets.ContainsKey(head))
            {
                Stack(name, head);
            }
        }

        foreach (string path in _sys.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            Stack(SysPath.Name(path), SysPath.Component(path, 3));
        }
    }

    private void ReadMounts(IReadOnlyList<Mount> mounts)
    {
        ILookup<string, string> btrfs = _sys.Names
            .Where(name => name.StartsWith("/sys/fs/btrfs/", StringComparison.Ordinal))
            .ToLookup(SysPath.Name, name => SysPath.Component(name, 3), StringComparer.Ordinal);
        foreach (Mount mount in mounts)
        {
            string? device = _byNumber.GetValueOrDefault(mount.Device) ?? BySource(mount.Source);
            if (device is null)
            {
                continue;
            }

            // Of a file system on several disks, the mount names one.
            HashSet<string> sets = [.. btrfs[device]];
            foreach (string member in btrfs.Where(group => group.Any(sets.Contains)).Select(group => group.Key).Append(device).Distinct())
            {
                if (!_mounts.TryGetValue(member, out List<string>? points))
                {
                    _mounts[member] = points = [];
                }

                if (!points.Contains(mount.Point))
                {
                    points.Add(mount.Point);
                }
            }
        }
    }

    private void ReadSwaps()
    {
        foreach (string line in _sys.Files.GetValueOrDefault("/proc/swaps", string.Empty).Split('\n').Skip(1))
        {
            if (BySource(MountTable.Unescape(line.Split([' ', '\t'])[0])) is { } device)
            {
                _swaps.Add(device);
            }
        }
    }

    /// <summary>The device that a path in /dev names, as far as names alone tell.</summary>
    private string? BySource(string source)
    {
        const string Mapper = "/dev/mapper/";
        if (source.StartsWith(Mapper, StringComparison.Ordinal))
        {
            return _byMapperName.GetValueOrDefault(source[Mapper.Length..]);
        }

        if (!source.StartsWith("/dev/", StringComparison.Ordinal))
        {
            return null;
        }

        // sysfs writes the slash of cciss/c0d0 as an exclamation mark; /dev/group/volume is LVM's second name of a volume.
        string name = source["/dev/".Length..];
        return _targets.ContainsKey(name.Replace('/', '!')) ? name.Replace('/', '!')
            : name.Split('/') is [var group, var volume] ? _byMapperName.GetValueOrDefault(
                $"{group.Replace("-", "--", StringComparison.Ordinal)}-{volume.Replace("-", "--", StringComparison.Ordinal)}")
            : null;
    }

    private PciUse Describe(string disk, string target)
    {
        List<string> stack = [disk];
        for (int i = 0; i < stack.Count; i++)
        {
            if (_above.TryGetValue(stack[i], out SortedSet<string>? above))
            {
                stack.AddRange(above.Where(name => !stack.Contains(name)));
            }
        }

        List<MountedAt> mounted = [];
        List<string> rest = [];
        foreach (string name in stack)
        {
            string? layer = Layer(name);
            string on = layer is null ? string.Empty : $" on {layer}";
            bool isUsed = false;
            foreach (string point in _mounts.GetValueOrDefault(name) ?? [])
            {
                mounted.Add(new MountedAt(point, Text.Show(point) + on));
                isUsed = true;
            }

            if (_swaps.Contains(name))
            {
                rest.Insert(0, "swap" + on);
                isUsed = true;
            }

            if (!isUsed && layer is not null && !_above.ContainsKey(name))
            {
                rest.Add(layer);
            }
        }

        bool isVital = mounted.Count > 0 || stack.Any(_swaps.Contains);
        string[] facts = [.. mounted.OrderBy(mount => mount.Point.Length).ThenBy(mount => mount.Point, StringComparer.Ordinal)
            .Select(mount => mount.Text).Concat(rest)];
        string detail = facts.Length switch
        {
            0 => "not mounted",
            > MostFacts => $"{string.Join(", ", facts[..MostFacts])} and {facts.Length - MostFacts} more",
            _ => string.Join(", ", facts),
        };
        PciUseKind kind = target.Contains("/usb", StringComparison.Ordinal) ? PciUseKind.UsbStorage : PciUseKind.Block;
        return new PciUse(kind, Text.Show(disk), detail, isVital);
    }

    /// <summary>What a stacked device is, for a person; null for disks and partitions.</summary>
    private string? Layer(string name)
    {
        string prefix = $"{PciQueries.Block}/{name}/dm/";
        if (_sys.Files.TryGetValue(prefix + "name", out string? mapper))
        {
            string uuid = _sys.Files.GetValueOrDefault(prefix + "uuid", string.Empty);
            string kind = uuid.Split('-')[0] switch
            {
                "LVM" => "LVM",
                "CRYPT" => "encrypted",
                "mpath" => "multipath",
                _ => "device mapper",
            };
            return $"{kind} {Text.Show(mapper.Trim())}";
        }

        return !SysPath.IsVirtual(_targets.GetValueOrDefault(name, string.Empty)) || IsPartition(_targets[name])
            || name.StartsWith("nvme", StringComparison.Ordinal) ? null
            : name.StartsWith("md", StringComparison.Ordinal) ? $"RAID {Text.Show(name)}"
            : Text.Show(name);
    }

    private bool IsPartition(string target) => _targets.ContainsKey(Parent(target));

    private static string Parent(string target)
    {
        int last = target.LastIndexOf('/');
        return last <= 0 ? string.Empty : SysPath.Name(target[..last]);
    }

    /// <summary>
    /// NVMe multipath shows the disk as a virtual nvme0n1 and each way to it as a hidden nvme0cYn1 below the controller
    /// (drivers/nvme/host/multipath.c).
    /// </summary>
    private static string? MultipathHead(string name)
    {
        if (!name.StartsWith("nvme", StringComparison.Ordinal))
        {
            return null;
        }

        int c = name.IndexOf('c', 4);
        int n = c < 0 ? -1 : name.IndexOf('n', c);
        return n < 0 ? null : name[..c] + name[n..];
    }

    private void Stack(string below, string above)
    {
        if (!_above.TryGetValue(below, out SortedSet<string>? names))
        {
            _above[below] = names = new SortedSet<string>(StringComparer.Ordinal);
        }

        names.Add(above);
    }

    /// <summary>A mount point, and what is said of it.</summary>
    private sealed record MountedAt(string Point, string Text);
}
