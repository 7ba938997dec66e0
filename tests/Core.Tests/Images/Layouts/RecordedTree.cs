using XenDriverDomain.Access;
using XenDriverDomain.Tests.Support;
using XenDriverDomain.Tests.Xl;
using ScriptedCommands = XenDriverDomain.Tests.Support.ScriptedCommands;

namespace XenDriverDomain.Tests.Images.Layouts;

/// <summary>
/// A dom0 as a distribution installs it, of a text file in this folder. Lines of its section tree: <c>d PATH</c> a directory,
/// <c>l PATH TARGET</c> a link, <c>f PATH : LIBRARY…</c> a file, a program or library by what it loads (all load the C library),
/// <c>s PATH</c> a script; <c>{a,b}</c> stands for several. Its programs answer as those of the distribution do.
/// </summary>
internal sealed class RecordedTree
{
    private const string Section = "[";
    private readonly Dictionary<string, List<string>> _sections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _loads = new(StringComparer.Ordinal);

    private RecordedTree(string text)
    {
        string section = string.Empty;
        foreach (string line in text.Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#')))
        {
            if (line.StartsWith(Section, StringComparison.Ordinal))
            {
                section = line.Trim('[', ']');
            }
            else
            {
                In(section).Add(line);
            }
        }

        Files = new MemoryFiles();
        Commands = new ScriptedCommands();
        string release = Value("release"), modules = $"/lib/modules/{release}";
        foreach (string line in In("tree"))
        {
            string[] words = line.Split(' ');
            foreach (string path in Expand(words[1]))
            {
                Add(words, path);
            }
        }

        foreach (string place in In("modules.dep").Select(line => line.Split(':')[0]))
        {
            Put($"{modules}/{place}");
        }

        foreach (string name in (string[])["modules.dep", "modules.softdep", "modules.builtin"])
        {
            Files.Put($"{modules}/{name}", Text(name));
        }

        string[] xen = Value("xen").Split('.', 3);
        Files.Put("/proc/sys/kernel/osrelease", release + "\n").Put("/etc/os-release", Text("os-release"))
            .Put("/sys/hypervisor/version/major", xen[0]).Put("/sys/hypervisor/version/minor", xen[1])
            .Put("/sys/hypervisor/version/extra", "." + xen[2]);
        string[] card = Value("card").Split(' ');
        Files.Put($"/sys/bus/pci/devices/{card[0]}/modalias", card[1] + "\n");
        Commands.On("grep", Text("modules.alias")).On("ldd", Ldd).On("modinfo", Text("modinfo"))
            .On("sha256sum", request => Each(request, path => $"{Sum(path)}  {path}"))
            .On("wc", request => Each(request, path => $"{(Files.Text(path) ?? string.Empty).Length} {path}", skip: 2));
        if (_sections.ContainsKey("busybox --list"))
        {
            Commands.On("busybox", string.Join('\n', Text("busybox --list").Split(' ')));
        }
    }

    /// <summary>What is in the file.</summary>
    public MemoryFiles Files { get; }

    /// <summary>What it runs.</summary>
    public ScriptedCommands Commands { get; }

    /// <summary>The host.</summary>
    public Dom0 Host => ScriptedHost.Create(Commands, Files);

    /// <summary>The folders that this distribution's loader searches without being told: all but those that its cache knows.</summary>
    public string[] LoaderFolders => [.. Search.Where(folder => folder != "/usr/local/lib" || Value("libc") == "musl")];

    /// <summary>Reads one.</summary>
    /// <param name="name">The distribution.</param>
    /// <param name="change">What is other than in the file.</param>
    public static RecordedTree Of(string name, Func<string, string>? change = null)
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Images", "Layouts", name + ".txt"));
        return new RecordedTree(change is null ? text : change(text));
    }

    /// <summary>Takes files away, by any path that leads to them.</summary>
    public RecordedTree Without(params string[] paths)
    {
        Array.ForEach(paths, path => Files.Remove(path));
        return this;
    }

    /// <summary>What a program or library loads by itself: names of libraries.</summary>
    public IReadOnlyList<string> LoadedBy(string path) => _loads.GetValueOrDefault(path, []);

    /// <summary>The value of a line of the section host.</summary>
    public string Value(string key) =>
        In("host").FirstOrDefault(line => line.StartsWith(key + " ", StringComparison.Ordinal))?[(key.Length + 1)..] ?? string.Empty;

    private string[] Search => Value("search").Split(' ');

    private string Text(string section) => string.Concat(In(section).Select(line => line + "\n"));

    private List<string> In(string section) => _sections.TryGetValue(section, out List<string>? lines) ? lines : _sections[section] = [];

    private void Add(string[] words, string path)
    {
        switch (words[0])
        {
            case "d":
                Files.MakeDirectory(path);
                break;
            case "l":
                Files.Link(path, words[2]);
                break;
            case "s":
                Files.Put(path, "#!/bin/bash\n");
                break;
            default:
                Put(path);
                _loads[path] = words.Length > 2 ? words[3..] : [];
                break;
        }
    }

    private void Put(string path) => Files.Put(path, $"that is {path}\n");

    private static IEnumerable<string> Expand(string path)
    {
        int open = path.IndexOf('{', StringComparison.Ordinal), close = path.IndexOf('}', StringComparison.Ordinal);
        return open < 0 ? [path] : path[(open + 1)..close].Split(',').Select(one => path[..open] + one + path[(close + 1)..]);
    }

    private CommandResult Ldd(CommandRequest request)
    {
        List<string> lines = [];
        foreach (string program in request.Arguments)
        {
            if (request.Arguments.Count > 1)
            {
                lines.Add(program + ":");
            }

            string real = Real(program);
            lines.AddRange(_loads.ContainsKey(real) ? Mapped(real) : ["\tnot a dynamic executable"]);
        }

        return new CommandResult(0, string.Join('\n', lines) + "\n", string.Empty);
    }

    private IEnumerable<string> Mapped(string real)
    {
        string loader = Value("loader");
        bool isMusl = Value("libc") == "musl";
        yield return isMusl ? $"\t{loader} (0x7f00)" : "\tlinux-vdso.so.1 (0x7f00)";
        Queue<string> wanted = new(_loads[real]);
        HashSet<string> seen = [];
        while (wanted.TryDequeue(out string? name))
        {
            if (!seen.Add(name))
            {
                continue;
            }

            string? found = Search.Select(folder => $"{folder}/{name}").FirstOrDefault(path => Files.Text(path) is not null);
            yield return $"\t{name} => {(found is null ? "not found" : found + " (0x7f00)")}";
            foreach (string next in found is null ? [] : _loads.GetValueOrDefault(Real(found), []))
            {
                wanted.Enqueue(next);
            }
        }

        if (isMusl)
        {
            yield return $"\tlibc.musl-x86_64.so.1 => {loader} (0x7f00)";
        }
        else
        {
            yield return $"\tlibc.so.6 => {Search.Select(one => one + "/libc.so.6").First(one => Files.Text(one) is not null)} (0x7f00)";
            yield return $"\t{loader} (0x7f00)";
        }
    }

    private string Real(string path) => Files.ResolveAsync(path, default).AsTask().GetAwaiter().GetResult() ?? path;

    private string Sum(string path) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Files.Text(path)!)));

    private static CommandResult Each(CommandRequest request, Func<string, string> line, int skip = 1) =>
        new(0, string.Concat(request.Arguments.Skip(skip).Select(path => line(path) + "\n")), string.Empty);
}
