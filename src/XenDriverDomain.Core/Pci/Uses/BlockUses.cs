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
    private readonly BlockStack _stack;
    private readonly Dictionary<string, List<string>> _mounts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _swaps = new(StringComparer.Ordinal);

    private BlockUses(BulkAnswer sys)
    {
        _sys = sys;
        _stack = BlockStack.Read(sys);
    }

    /// <summary>Finds the uses of all functions; says in <paramref name="rootIsTraced"/> whether a disk was found below "/".</summary>
    public static IReadOnlyList<FunctionUse> Find(
        BulkAnswer sys, IReadOnlyList<Mount> mounts, out bool rootIsTraced)
    {
        BlockUses uses = new(sys);
        uses.ReadMounts(mounts);
        uses.ReadSwaps();
        rootIsTraced = uses._mounts.Values.Any(points => points.Contains("/"));
        List<FunctionUse> found = [];
        foreach (string name in uses._stack.Targets.Keys.Order(StringComparer.Ordinal))
        {
            string target = uses._stack.Targets[name];
            if (SysPath.Owner(target) is { } owner && !uses._stack.IsPartition(name))
            {
                found.Add(new FunctionUse(owner, uses.Describe(name, target)));
            }
        }

        return found;
    }

    private void ReadMounts(IReadOnlyList<Mount> mounts)
    {
        ILookup<string, string> btrfs = _sys.Names
            .Where(name => name.StartsWith("/sys/fs/btrfs/", StringComparison.Ordinal))
            .ToLookup(SysPath.Name, name => SysPath.Component(name, 3), StringComparer.Ordinal);
        foreach (Mount mount in mounts)
        {
            string? device = _stack.ByNumber(mount.Device) ?? _stack.ByPath(mount.Source);
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
            if (_stack.ByPath(MountTable.Unescape(line.Split([' ', '\t'])[0])) is { } device)
            {
                _swaps.Add(device);
            }
        }
    }

    private PciUse Describe(string disk, string target)
    {
        List<string> stack = [disk];
        for (int i = 0; i < stack.Count; i++)
        {
            stack.AddRange(_stack.Above(stack[i]).Where(name => !stack.Contains(name)));
        }

        List<MountedAt> mounted = [];
        List<string> rest = [];
        foreach (string name in stack)
        {
            string? layer = _stack.Layer(name);
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

            if (!isUsed && layer is not null && _stack.Above(name).Count == 0)
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

    /// <summary>A mount point, and what is said of it.</summary>
    private sealed record MountedAt(string Point, string Text);
}
