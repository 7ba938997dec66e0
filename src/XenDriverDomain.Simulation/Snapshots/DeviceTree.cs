using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Machine;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>
/// The devices in sysfs: functions by their directories, and what drivers made of them, found by the links of their classes.
/// </summary>
internal sealed class DeviceTree
{
    private static readonly string[] s_classes =
    [
        PciQueries.Net, PciQueries.Block, PciQueries.Usb, PciQueries.Input, PciQueries.Tty, "/sys/class/drm", "/sys/class/graphics",
    ];

    private readonly RecordedFiles _files;
    private readonly SortedDictionary<string, PciAddress> _functions = new(StringComparer.Ordinal);
    private readonly Dictionary<PciAddress, List<ChildDevice>> _children = [];
    private readonly List<ChildDevice> _others = [];
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    private DeviceTree(RecordedFiles files) => _files = files;

    /// <summary>The functions by their directories, which puts bridges before what is behind them.</summary>
    public IReadOnlyDictionary<string, PciAddress> Functions => _functions;

    /// <summary>What is on no function.</summary>
    public IReadOnlyList<ChildDevice> Others => _others;

    /// <summary>Links that belong to no device.</summary>
    public IReadOnlyDictionary<string, string> Links => _links;

    /// <summary>Finds them.</summary>
    public static DeviceTree Read(RecordedFiles files)
    {
        DeviceTree tree = new(files);
        tree.FindFunctions();
        tree.FindDevices();
        tree.FindMembers();
        return tree;
    }

    /// <summary>What the driver of a function made of it.</summary>
    public IReadOnlyList<ChildDevice> ChildrenOf(PciAddress address) => _children.GetValueOrDefault(address) ?? [];

    private void FindFunctions()
    {
        const string Prefix = PciQueries.Devices + "/";
        foreach (string link in _files.Links.Keys)
        {
            if (link.StartsWith(Prefix, StringComparison.Ordinal) && PciAddress.TryParse(link[Prefix.Length..], out PciAddress address)
                && _files.Resolve(link) is { } directory && directory.EndsWith($"/{address}", StringComparison.Ordinal))
            {
                _functions[directory] = address;
            }
        }
    }

    private void FindDevices()
    {
        // A thing may be in several classes; its directory is what it is.
        IEnumerable<IGrouping<string, string>> devices = _files.Links.Keys
            .Where(link => s_classes.Contains(link[..link.LastIndexOf('/')]))
            .Select(link => (Link: link, Directory: _files.Resolve(link)!))
            .Where(one => one.Directory.StartsWith(ChildDevices.Root + "/", StringComparison.Ordinal)
                && one.Directory.EndsWith(one.Link[one.Link.LastIndexOf('/')..], StringComparison.Ordinal))
            .GroupBy(one => one.Directory, one => one.Link)
            .OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (IGrouping<string, string> device in devices)
        {
            foreach (ChildDevice part in Describe(device.Key, [.. device]))
            {
                Place(device.Key, part);
            }
        }
    }

    private void Place(string directory, ChildDevice device)
    {
        string parent = directory;
        while (!_functions.ContainsKey(parent) && parent.Length > ChildDevices.Root.Length)
        {
            parent = parent[..parent.LastIndexOf('/')];
        }

        if (!_functions.TryGetValue(parent, out PciAddress owner))
        {
            _others.Add(device with { Path = device.Path[(ChildDevices.Root.Length + 1)..] });
            return;
        }

        if (!_children.TryGetValue(owner, out List<ChildDevice>? children))
        {
            _children[owner] = children = [];
        }

        children.Add(device with { Path = device.Path[(parent.Length + 1)..] });
    }

    // With absolute paths as yet.
    private IEnumerable<ChildDevice> Describe(string directory, IReadOnlyList<string> links)
    {
        Dictionary<string, string> attributes = [];
        Dictionary<string, string> configured = [];
        Dictionary<string, string> configuredLinks = [];
        List<string> folders = [];
        foreach (string link in links)
        {
            string prefix = link + "/";
            foreach ((string path, string text) in _files.Files.Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(file => (file.Key, file.Value.Text)))
            {
                attributes[path[prefix.Length..]] = text;
            }

            foreach (string name in _files.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                string rest = name[prefix.Length..];
                if (TargetOf(rest) is { } target)
                {
                    configuredLinks[rest] = target;
                }
                else
                {
                    folders.Add(rest);
                }
            }
        }

        // An interface is down when its driver makes it.
        if (attributes.Remove("operstate", out string? state))
        {
            attributes["operstate"] = "down";
            configured["operstate"] = state;
        }

        yield return new ChildDevice(directory)
        {
            Classes = [.. links.Select(link => link[..link.LastIndexOf('/')])],
            Attributes = attributes,
            ConfiguredAttributes = configured,
            ConfiguredLinks = configuredLinks,
        };
        foreach (string folder in folders)
        {
            yield return new ChildDevice($"{directory}/{folder}");
        }
    }

    // upper_xenbr0 of an interface, slaves/sda1 of a volume; others are directories.
    private string? TargetOf(string name) =>
        name.StartsWith("upper_", StringComparison.Ordinal) ? _files.Resolve($"{PciQueries.Net}/{name["upper_".Length..]}")
        : name.StartsWith("slaves/", StringComparison.Ordinal) ? _files.Resolve($"{PciQueries.Block}/{name["slaves/".Length..]}")
        : null;

    // /sys/fs/btrfs/UUID/devices/sda1.
    private void FindMembers()
    {
        foreach (string name in _files.Names.Where(name => name.StartsWith("/sys/fs/btrfs/", StringComparison.Ordinal)))
        {
            if (_files.Resolve($"{PciQueries.Block}/{SysPath.Name(name)}") is { } target)
            {
                _links[name] = target;
            }
        }
    }
}
