using XenDriverDomain.Access;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Pci.Uses;

/// <summary>
/// dom0's block devices and what is stacked on what: partitions, RAID sets, volumes, encrypted volumes, ways to one disk.
/// </summary>
internal sealed class BlockStack
{
    /// <summary>Where the nodes of all devices are.</summary>
    public const string Dev = "/dev/";

    /// <summary>Where the device mapper's have their names.</summary>
    public const string Mapper = Dev + "mapper/";

    private const string Prefix = PciQueries.Block + "/";
    private readonly BulkAnswer _sys;
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _above = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _byNumber = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _byMapperName = new(StringComparer.Ordinal);

    private BlockStack(BulkAnswer sys) => _sys = sys;

    /// <summary>The devices as sysfs calls them, with where their links lead.</summary>
    public IReadOnlyDictionary<string, string> Targets => _targets;

    /// <summary>Reads it.</summary>
    public static BlockStack Read(BulkAnswer sys)
    {
        BlockStack stack = new(sys);
        foreach (string path in sys.LinksBelow(Prefix))
        {
            stack._targets[path[Prefix.Length..]] = sys.Links[path];
        }

        foreach ((string name, string target) in stack._targets)
        {
            if (sys.Files.TryGetValue($"{Prefix}{name}/dev", out string? number))
            {
                stack._byNumber[number.Trim()] = name;
            }

            if (stack.MapperNameOf(name) is { } mapper)
            {
                stack._byMapperName[mapper] = name;
            }

            if (stack.IsPartition(name))
            {
                stack.Put(Parent(target), name);
            }
            else if (MultipathHead(name) is { } head && stack._targets.ContainsKey(head))
            {
                stack.Put(name, head);
            }
        }

        foreach (string path in sys.Names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            stack.Put(SysPath.Name(path), SysPath.Component(path, 3));
        }

        return stack;
    }

    /// <summary>What lies right on a device.</summary>
    public IReadOnlyCollection<string> Above(string name) => _above.TryGetValue(name, out SortedSet<string>? names) ? names : [];

    /// <summary>What a device lies right on.</summary>
    public IEnumerable<string> Below(string name) => _above.Keys.Where(lower => _above[lower].Contains(name));

    /// <summary>The device with a number, <c>major:minor</c>.</summary>
    public string? ByNumber(string number) => _byNumber.GetValueOrDefault(number);

    /// <summary>The device that a path in /dev names, as far as names alone tell.</summary>
    public string? ByPath(string path)
    {
        if (path.StartsWith(Mapper, StringComparison.Ordinal))
        {
            return _byMapperName.GetValueOrDefault(path[Mapper.Length..]);
        }

        if (!path.StartsWith(Dev, StringComparison.Ordinal))
        {
            return null;
        }

        // sysfs writes the slash of cciss/c0d0 as an exclamation mark; /dev/group/volume is LVM's second name of a volume.
        string name = path[Dev.Length..];
        return _targets.ContainsKey(name.Replace('/', '!')) ? name.Replace('/', '!')
            : name.Split('/') is [var group, var volume] ? _byMapperName.GetValueOrDefault(
                $"{group.Replace("-", "--", StringComparison.Ordinal)}-{volume.Replace("-", "--", StringComparison.Ordinal)}")
            : null;
    }

    /// <summary>What the device mapper calls a device; null for others.</summary>
    public string? MapperNameOf(string name) => _sys.Files.GetValueOrDefault($"{Prefix}{name}/dm/name")?.Trim();

    /// <summary>What a stacked device is, for a person; null for disks and partitions.</summary>
    public string? Layer(string name)
    {
        if (MapperNameOf(name) is { } mapper)
        {
            string uuid = _sys.Files.GetValueOrDefault($"{Prefix}{name}/dm/uuid", string.Empty);
            string kind = uuid.Split('-')[0] switch
            {
                "LVM" => "LVM",
                "CRYPT" => "encrypted",
                "mpath" => "multipath",
                _ => "device mapper",
            };
            return $"{kind} {Text.Show(mapper)}";
        }

        return !SysPath.IsVirtual(_targets.GetValueOrDefault(name, string.Empty)) || IsPartition(name)
            || name.StartsWith("nvme", StringComparison.Ordinal) ? null
            : name.StartsWith("md", StringComparison.Ordinal) ? $"RAID {Text.Show(name)}"
            : Text.Show(name);
    }

    /// <summary>Whether a device is a partition of another one.</summary>
    public bool IsPartition(string name) => _targets.TryGetValue(name, out string? target) && _targets.ContainsKey(Parent(target));

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

    private void Put(string below, string above)
    {
        if (!_above.TryGetValue(below, out SortedSet<string>? names))
        {
            _above[below] = names = new SortedSet<string>(StringComparer.Ordinal);
        }

        names.Add(above);
    }
}
