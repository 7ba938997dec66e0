namespace XenDriverDomain.Images;

/// <summary>
/// The modules of a kernel, as depmod(8) lists them below /lib/modules/VERSION: where each is, which others it needs
/// (modules.dep), which go before or after it (modules.softdep, modprobe.d(5)), and which the kernel has in itself (modules.builtin).
/// </summary>
internal sealed class ModuleTree
{
    private readonly Dictionary<string, Entry> _modules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string[] Before, string[] After)> _soft = new(StringComparer.Ordinal);
    private readonly HashSet<string> _builtin;

    private ModuleTree(HashSet<string> builtin) => _builtin = builtin;

    /// <summary>Reads the lists.</summary>
    /// <param name="folder">Where the modules are: /lib/modules/VERSION.</param>
    /// <param name="dependencies">modules.dep.</param>
    /// <param name="soft">modules.softdep; empty where there is none.</param>
    /// <param name="builtin">modules.builtin; empty where there is none.</param>
    internal static ModuleTree Read(string folder, string dependencies, string soft, string builtin)
    {
        ModuleTree tree = new([.. Lines(builtin).Select(NameOf)]);
        foreach (string line in Lines(dependencies))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                // The last one named is the first to be loaded.
                string[] needed = [.. Words(line[(colon + 1)..]).Reverse().Select(NameOf)];
                string path = line[..colon];
                tree._modules[NameOf(path)] = new Entry(path.StartsWith('/') ? path : $"{folder}/{path}", needed);
            }
        }

        foreach (string[] words in Lines(soft).Select(Words))
        {
            if (words is ["softdep", var name, ..])
            {
                tree.PutSoft(Normal(name), words[2..]);
            }
        }

        return tree;
    }

    /// <summary>Whether the kernel has a module, in a file or in itself.</summary>
    /// <param name="name">Its name; hyphens and underscores are the same.</param>
    internal bool Has(string name) => _modules.ContainsKey(Normal(name)) || _builtin.Contains(Normal(name));

    /// <summary>
    /// The files of modules and of all that they need, each once, in an order in which insmod(8) takes them. What the kernel has in itself
    /// needs no file; of soft dependencies those that are not there are left out, as modprobe does.
    /// </summary>
    /// <param name="names">The modules.</param>
    /// <param name="missing">What is in neither a file nor the kernel, and is needed.</param>
    internal IReadOnlyList<string> LoadOrder(IEnumerable<string> names, out IReadOnlyList<string> missing)
    {
        List<string> order = [], absent = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            Visit(Normal(name), isNeeded: true);
        }

        missing = absent;
        return order;

        void Visit(string name, bool isNeeded)
        {
            if (_modules.TryGetValue(name, out Entry? module))
            {
                if (seen.Add(name))
                {
                    (string[] before, string[] after) = _soft.GetValueOrDefault(name, ([], []));
                    Array.ForEach(before, one => Visit(one, isNeeded: false));
                    Array.ForEach(module.Needs, one => Visit(one, isNeeded: true));
                    order.Add(module.Path);
                    Array.ForEach(after, one => Visit(one, isNeeded: false));
                }
            }
            else if (isNeeded && !_builtin.Contains(name) && seen.Add(name))
            {
                absent.Add(name);
            }
        }
    }

    /// <summary>The name that modprobe, lsmod and /sys/module know a module file by.</summary>
    /// <param name="path">The file: xen-netback.ko, xen-netback.ko.xz.</param>
    internal static string NameOf(string path)
    {
        string file = path[(path.LastIndexOf('/') + 1)..];
        int end = file.IndexOf(".ko", StringComparison.Ordinal);
        return Normal(end < 0 ? file : file[..end]);
    }

    private static string Normal(string name) => name.Replace('-', '_');

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#'));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    // A module may have several lines; all count.
    private void PutSoft(string name, string[] words)
    {
        (string[] before, string[] after) = _soft.GetValueOrDefault(name, ([], []));
        List<string>? list = null;
        List<string> pre = [.. before], post = [.. after];
        foreach (string word in words)
        {
            switch (word)
            {
                case "pre:":
                    list = pre;
                    break;
                case "post:":
                    list = post;
                    break;
                default:
                    list?.Add(Normal(word));
                    break;
            }
        }

        _soft[name] = ([.. pre], [.. post]);
    }

    private sealed record Entry(string Path, string[] Needs);
}
