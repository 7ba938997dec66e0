using XenDriverDomain.Images;

namespace XenDriverDomain.Roots;

/// <summary>The C library of a root, on which it depends which of dom0's programs can run there.</summary>
public enum RootLibC
{
    /// <summary>None was found.</summary>
    Unknown,

    /// <summary>That of GNU.</summary>
    Glibc,

    /// <summary>musl, as Alpine has it.</summary>
    Musl,
}

/// <summary>What starts the services of a root.</summary>
public enum RootInit
{
    /// <summary>None was found.</summary>
    Unknown,

    /// <summary>systemd.</summary>
    Systemd,

    /// <summary>Run levels of scripts in /etc/init.d.</summary>
    SysVInit,

    /// <summary>OpenRC.</summary>
    OpenRC,
}

/// <summary>What configures the network of a root, as far as a bridge can be left to it.</summary>
public enum RootNetwork
{
    /// <summary>Nothing that is known here, or nothing that can be given a file of its own: a service makes the bridge.</summary>
    Service,

    /// <summary>ifupdown, whose interfaces file takes in those in interfaces.d.</summary>
    IfUpDown,

    /// <summary>systemd-networkd.</summary>
    Networkd,
}

/// <summary>What a root has, as far as a driver domain is concerned.</summary>
internal sealed class RootFacts
{
    // What is dom0's alone, by the names of its services: of Xen itself, and Debian's script of all of them.
    private static readonly string[] s_dom0Services =
    [
        "xenstored", "xenconsoled", "xencommons", "xendomains", "xen-init-dom0", "xen-qemu-dom0-disk-backend", "xenqemu", "xen", "xend",
    ];

    private readonly Dictionary<string, string> _release;

    /// <summary>Tells what it has.</summary>
    /// <param name="tree">What was read.</param>
    /// <param name="builtIn">What each kernel has built in, by its release: the text of its modules.builtin.</param>
    public RootFacts(RootTree tree, IReadOnlyDictionary<string, string> builtIn)
    {
        Tree = tree;
        BuiltIn = builtIn;
        _release = Variables(tree.Text("/etc/os-release") ?? tree.Text("/usr/lib/os-release") ?? string.Empty);
        Init = InitOf(tree);
        Network = NetworkOf(tree, Init);
    }

    /// <summary>What was read.</summary>
    public RootTree Tree { get; }

    /// <summary>What each kernel has built in.</summary>
    public IReadOnlyDictionary<string, string> BuiltIn { get; }

    /// <summary>The distribution and those that it is like, as os-release has them: <c>debian</c>, <c>fedora</c>.</summary>
    public IReadOnlyList<string> Distributions =>
    [
        .. $"{_release.GetValueOrDefault("ID")} {_release.GetValueOrDefault("ID_LIKE")}"
            .Split(' ', StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>The distribution for a person; null when it does not say.</summary>
    public string? Distribution => (_release.GetValueOrDefault("PRETTY_NAME") ?? _release.GetValueOrDefault("ID")) is { } name
        ? Terminal.Text.Show(name, 80)
        : null;

    /// <summary>The C library.</summary>
    public RootLibC LibC => Loaders("ld-musl-*.so.1").Count > 0 && Loaders("ld-linux*.so.*").Count == 0 ? RootLibC.Musl
        : Loaders("ld-linux*.so.*").Count > 0 || Loaders("libc.so.6").Count > 0 ? RootLibC.Glibc
        : RootLibC.Unknown;

    /// <summary>What starts services.</summary>
    public RootInit Init { get; }

    /// <summary>What configures the network.</summary>
    public RootNetwork Network { get; }

    /// <summary>The releases of the kernels whose modules are there.</summary>
    public IReadOnlyList<string> Kernels =>
        [.. Tree.Match("/lib/modules/*").Select(path => path[(path.LastIndexOf('/') + 1)..]).Order(StringComparer.Ordinal)];

    /// <summary>The versions of Xen's tools, such as 4.17: Debian may have several, the others have one.</summary>
    public IReadOnlyList<string> XenVersions =>
    [
        .. Tree.Match("/usr/lib/xen-*/bin/xl").Select(path => path.Split('/')[3]["xen-".Length..])
            .Concat(RootQueries.LibraryFolders.SelectMany(folder => Tree.Match(folder + "/libxenlight.so.*"))
                .Select(path => string.Join('.', path[(path.IndexOf(".so.", StringComparison.Ordinal) + 4)..].Split('.').Take(2))))
            .Where(version => version.Contains('.', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>True where xl is a script that runs the one for the hypervisor's version, as Debian has it.</summary>
    public bool ChoosesByVersion => Tree.Match("/usr/lib/xen-*/bin/xl").Count > 0;

    /// <summary>A program by its path inside; null when it is not there.</summary>
    public string? Program(string name) => Tree.First(RootQueries.ProgramFolders.Select(folder => $"{folder}/{name}"));

    /// <summary>The folder with the hotplug scripts of a role; null when there is none.</summary>
    public string? ScriptFolder(DriverDomainRole role) =>
        RootQueries.ScriptFolders.FirstOrDefault(folder => ScriptsOf(role).All(script => Tree.Exists($"{folder}/{script}")));

    /// <summary>The scripts that a role cannot do without.</summary>
    public static IReadOnlyList<string> ScriptsOf(DriverDomainRole role) =>
    [
        "xen-hotplug-common.sh",
        .. role != DriverDomainRole.Disk ? ["vif-bridge"] : (string[])[],
        .. role != DriverDomainRole.Network ? ["block"] : (string[])[],
    ];

    /// <summary>Whether each kernel that is there has a driver, as a file or built in.</summary>
    public bool HasModule(RootModule module) => Kernels.All(kernel =>
        Tree.Match($"/lib/modules/{kernel}/{module.File}*").Count > 0 || IsBuiltIn(kernel, module));

    /// <summary>Whether all kernels have it built in, so that nobody has to load it.</summary>
    public bool IsBuiltIn(RootModule module) => Kernels.Count > 0 && Kernels.All(kernel => IsBuiltIn(kernel, module));

    /// <summary>Whether a module is loaded at boot.</summary>
    public bool IsLoaded(RootModule module) => ModuleLists().SelectMany(text => text.Split('\n'))
        .Any(line => line.Trim().Split(' ')[0].Replace('_', '-') == module.Name);

    /// <summary>The service that runs devd and is enabled; null when none is.</summary>
    public string? EnabledDevd => new[] { "xendriverdomain", RootFiles.Service }.FirstOrDefault(service => Enablings(service).Count > 0);

    /// <summary>The names in run levels and targets that start a service at boot, as paths inside.</summary>
    public IReadOnlyList<string> Enablings(string service) => Init switch
    {
        RootInit.Systemd =>
        [
            .. Units(service).SelectMany(unit => Tree.Match($"/etc/systemd/system/*.wants/{unit}")
                .Concat(Tree.Match($"/etc/systemd/system/*.requires/{unit}"))),

            // A script of /etc/init.d without a unit of that name is one for systemd-sysv-generator.
            .. HasUnit(service) ? [] : InRunLevels(service),
        ],
        RootInit.OpenRC => Tree.Match($"/etc/runlevels/*/{service}"),
        _ => IsInOrder(service) ? InRunLevels(service) : [],
    };

    /// <summary>Whether what run levels are started by knows a service.</summary>
    public bool IsInOrder(string service) => RunLevelOrder.Has(Tree.Text(RunLevelOrder.File), service);

    /// <summary>What is started at boot and belongs into dom0 only, with the names that start it.</summary>
    public IReadOnlyList<(string Service, IReadOnlyList<string> Enablings)> OfDom0 =>
    [
        .. s_dom0Services.Select(service => (service, Enablings(service))).Where(one => one.Item2.Count > 0),
    ];

    /// <summary>Whether systemd has a unit for a service.</summary>
    public bool HasUnit(string service) => Tree.First(RootQueries.UnitFolders.Select(folder => $"{folder}/{service}.service")) is not null;

    /// <summary>Whether a bridge of a name is made at boot.</summary>
    public bool HasBridge(string bridge) =>
        (Network == RootNetwork.Networkd
            && Files("/etc/systemd/network/*.netdev").Any(text => Has(text, "Kind", "bridge") && Has(text, "Name", bridge))
            && Files("/etc/systemd/network/*.network").Any(text => Has(text, "Bridge", bridge)))
        || IfUpDownTexts().Any(text => Lines(text).Any(line => line.StartsWith($"iface {bridge} ", StringComparison.Ordinal)))
        || (Enablings(RootFiles.BridgeService).Count > 0
            && BridgeServiceText()?.Contains($"bridge {bridge} ", StringComparison.Ordinal) == true)
        || Files("/etc/NetworkManager/system-connections/*").Any(text => Has(text, "type", "bridge") && Has(text, "interface-name", bridge))
        || Tree.Exists($"/etc/sysconfig/network-scripts/ifcfg-{bridge}")
        || Tree.Exists($"/etc/sysconfig/network/ifcfg-{bridge}");

    /// <summary>Whether somebody can work on Xen's console.</summary>
    public bool HasConsole => Init == RootInit.Systemd
        || Tree.Text("/etc/inittab") is not { } table
        || Lines(table).Any(line => line.Contains("hvc0", StringComparison.Ordinal));

    /// <summary>Whether a text has our mark, or there is none: what lacks it is somebody's own.</summary>
    public bool IsOurs(RootFile file) => !Tree.HasName(file.Path)
        || Tree.Text(file.Path)?.Contains(RootFiles.Mark, StringComparison.Ordinal) == true;

    private string? BridgeServiceText() =>
        Tree.Text(Init == RootInit.Systemd ? RootFiles.BridgeUnit.Path : RootFiles.BridgeInit.Path);

    private IReadOnlyList<string> Loaders(string name) =>
        [.. RootQueries.LibraryFolders.SelectMany(folder => Tree.Match($"{folder}/{name}"))];

    private IEnumerable<string> ModuleLists() =>
        Files("/etc/modules-load.d/*.conf").Concat(Files("/usr/lib/modules-load.d/*.conf")).Concat(Files("/etc/modules"));

    private IEnumerable<string> IfUpDownTexts() => Network == RootNetwork.IfUpDown
        ? Files("/etc/network/interfaces").Concat(Files("/etc/network/interfaces.d/*"))
        : Files("/etc/network/interfaces");

    private IEnumerable<string> Files(string pattern) => Tree.Match(pattern).Select(path => Tree.Text(path)).OfType<string>();

    private IReadOnlyList<string> InRunLevels(string service) =>
    [
        .. Tree.Match("/etc/rc*.d/S*").Concat(Tree.Match("/etc/rc.d/rc*.d/S*"))
            .Where(path => path[(path.LastIndexOf('/') + 1)..] is var name && name.Length > 3 && name[3..] == service
                && name[1..3].All(char.IsAsciiDigit))
            .Distinct(StringComparer.Ordinal),
    ];

    private bool IsBuiltIn(string kernel, RootModule module) =>
        BuiltIn.GetValueOrDefault(kernel)?.Split('\n').Contains(module.File, StringComparer.Ordinal) == true;

    private static string[] Units(string service) => [$"{service}.service", $"{service}.socket", $"{service}.mount"];

    private static bool Has(string text, string key, string value) =>
        Lines(text).Any(line => line.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var its] && name == key && its == value);

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');

    private static RootInit InitOf(RootTree tree)
    {
        string? first = tree.First("/sbin/init", "/usr/sbin/init");
        bool hasSystemd = tree.First("/usr/lib/systemd/systemd", "/lib/systemd/systemd") is not null;
        return first is not null && tree.Resolve(first).EndsWith("/systemd", StringComparison.Ordinal) ? RootInit.Systemd
            : tree.First("/sbin/openrc-run", "/usr/sbin/openrc-run", "/usr/bin/openrc-run") is not null ? RootInit.OpenRC
            : first is not null && (tree.Exists("/etc/inittab") || tree.Exists("/etc/rc2.d") || tree.Exists("/etc/rc.d/rc3.d"))
                ? RootInit.SysVInit
            : first is null && hasSystemd ? RootInit.Systemd
            : RootInit.Unknown;
    }

    private static RootNetwork NetworkOf(RootTree tree, RootInit init)
    {
        bool usesNetworkd = init == RootInit.Systemd && tree.Match("/etc/systemd/system/*.wants/systemd-networkd.service").Count > 0;
        bool takesIn = tree.Exists("/etc/network/interfaces.d") && Lines(tree.Text("/etc/network/interfaces") ?? string.Empty).Any(
            line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var word, var path]
                && ((word == "source" && path is "/etc/network/interfaces.d/*" or "interfaces.d/*")
                    || (word == "source-directory" && path.TrimEnd('/') is "/etc/network/interfaces.d" or "interfaces.d")));
        return usesNetworkd ? RootNetwork.Networkd
            : takesIn && tree.First(RootQueries.ProgramFolders.Select(folder => folder + "/ifup")) is not null ? RootNetwork.IfUpDown
            : RootNetwork.Service;
    }

    private static Dictionary<string, string> Variables(string text)
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (string line in Lines(text))
        {
            if (line.Split('=', 2) is [var name, var value])
            {
                variables[name] = value.Trim('"', '\'');
            }
        }

        return variables;
    }
}
