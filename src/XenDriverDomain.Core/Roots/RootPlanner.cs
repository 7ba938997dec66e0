using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Images;

namespace XenDriverDomain.Roots;

/// <summary>The steps that make a root the inside of a driver domain: only what is not so already.</summary>
/// <param name="dom0">The host.</param>
/// <param name="root">What the root has.</param>
/// <param name="question">What is asked of it.</param>
internal sealed class RootPlanner(Dom0 dom0, RootFacts root, RootQuestion question)
{
    // Of Debian, and of those that Red Hat's are the model of.
    private static readonly string[] s_runLevels =
        ["/etc/rc2.d", "/etc/rc3.d", "/etc/rc4.d", "/etc/rc5.d", "/etc/rc.d/rc3.d", "/etc/rc.d/rc5.d"];

    private readonly List<ChangeStep> _steps = [];
    private readonly List<string> _ordered = [];
    private readonly SortedSet<string> _folders = new(StringComparer.Ordinal);

    private bool ServesNetwork => question.Role != DriverDomainRole.Disk;

    /// <summary>Plans them.</summary>
    /// <param name="copies">What is copied from dom0.</param>
    /// <param name="links">The links that belong to that.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<IReadOnlyList<ChangeStep>> PlanAsync(
        IReadOnlyList<Dom0Copy> copies, IReadOnlyList<(string Path, string Target)> links, CancellationToken cancellationToken)
    {
        if (copies.Count > 0)
        {
            _steps.Add(Copy(copies));
            foreach ((string path, string target) in links)
            {
                Link($"Have {path} lead to {target}", (path, target));
            }
        }
        else if (root.ScriptFolder(question.Role) is { } scripts && scripts != question.ScriptFolder
            && !root.Tree.HasName(question.ScriptFolder))
        {
            Link($"Have {question.ScriptFolder} lead to {scripts}", (question.ScriptFolder, scripts));
        }

        NeedFolder("/var/log/xen");
        await AddModulesAsync(cancellationToken).ConfigureAwait(false);
        if (ServesNetwork && !HasForeignBridge())
        {
            await AddBridgeAsync(cancellationToken).ConfigureAwait(false);
        }

        await AddDevdAsync(cancellationToken).ConfigureAwait(false);
        if (_ordered.Count > 0)
        {
            await ChangeAsync(
                $"Have {string.Join(" and ", _ordered)} started in this order: add to {RunLevelOrder.File}", RunLevelOrder.File,
                text => RunLevelOrder.Add(text, _ordered), cancellationToken).ConfigureAwait(false);
        }

        foreach ((string service, IReadOnlyList<string> enablings) in root.OfDom0)
        {
            Disable(service, enablings);
        }

        await AddConsoleAsync(cancellationToken).ConfigureAwait(false);
        return _folders.Count > 0 ? [MakeFolders(), .. _steps] : _steps;
    }

    private async Task AddModulesAsync(CancellationToken cancellationToken)
    {
        RootModule[] needed =
        [
            .. ServesNetwork ? [RootModule.NetBack] : (RootModule[])[],
            .. question.Role != DriverDomainRole.Network ? [RootModule.BlockBack] : (RootModule[])[],
        ];
        bool isOurs = root.Tree.HasName(RootFiles.Modules.Path);
        if (!isOurs && needed.All(module => root.IsBuiltIn(module) || root.IsLoaded(module)))
        {
            return;
        }

        string[] names =
        [
            "xen-evtchn", "xen-gntdev", "xen-gntalloc", "xen-privcmd", "xenfs",
            .. ServesNetwork ? ["bridge"] : (string[])[],
            .. needed.Select(module => module.Name),
            .. question.Role != DriverDomainRole.Network ? ["loop"] : (string[])[],
        ];
        await WriteAsync(
            RootFiles.Modules, "Have the back end's modules loaded at boot", cancellationToken, ("MODULES", string.Join('\n', names)))
            .ConfigureAwait(false);
    }

    // A bridge that somebody has configured is left as it is; ours is brought up to date.
    private bool HasForeignBridge() => root.HasBridge(question.Bridge)
        && !RootFiles.Networkd.Concat([RootFiles.Stanza, RootFiles.BridgeUnit, RootFiles.BridgeInit])
            .Any(file => root.Tree.HasName(file.Path));

    private async Task AddBridgeAsync(CancellationToken cancellationToken)
    {
        bool hasUdev = root.Tree.First("/usr/lib/udev/rules.d", "/lib/udev/rules.d", "/etc/udev/rules.d") is not null;
        (string, string)[] words = [("BRIDGE", question.Bridge), ("SECONDS", hasUdev ? "0" : "10")];
        string what = $"Have the bridge {question.Bridge} made at boot";
        if (root.Network == RootNetwork.Networkd)
        {
            foreach (RootFile file in RootFiles.Networkd)
            {
                await WriteAsync(file, $"{what}, by systemd-networkd", cancellationToken, words).ConfigureAwait(false);
            }

            return;
        }

        await WriteAsync(RootFiles.BridgeScript, "Lay down what makes the bridge", cancellationToken, words).ConfigureAwait(false);
        if (hasUdev)
        {
            await WriteAsync(RootFiles.UdevRule, "Have cards that come later put into the bridge", cancellationToken, words)
                .ConfigureAwait(false);
        }

        if (root.Program("NetworkManager") is not null)
        {
            await WriteAsync(RootFiles.NetworkManager, "Have NetworkManager leave cards and vifs alone", cancellationToken)
                .ConfigureAwait(false);
        }

        if (root.Network == RootNetwork.IfUpDown)
        {
            await WriteAsync(RootFiles.Stanza, $"{what}, by ifupdown", cancellationToken, words).ConfigureAwait(false);
            return;
        }

        RootFile service = root.Init switch
        {
            RootInit.Systemd => RootFiles.BridgeUnit,
            RootInit.OpenRC => RootFiles.BridgeOpenRc,
            _ => RootFiles.BridgeInit,
        };
        await WriteAsync(service, $"{what}, by a service", cancellationToken, words).ConfigureAwait(false);
        Enable(RootFiles.BridgeService, service.Path, 19);
    }

    private async Task AddDevdAsync(CancellationToken cancellationToken)
    {
        const string Packaged = "xendriverdomain";
        string? unit = root.Init == RootInit.Systemd
            ? root.Tree.First(RootQueries.UnitFolders.Select(folder => $"{folder}/{Packaged}.service"))
            : root.Tree.First($"/etc/init.d/{Packaged}");
        if (unit is not null)
        {
            Enable(Packaged, unit, 20);
            return;
        }

        RootFile service = root.Init switch
        {
            RootInit.Systemd => RootFiles.DevdUnit,
            RootInit.OpenRC => RootFiles.DevdOpenRc,
            _ => RootFiles.DevdInit,
        };
        await WriteAsync(
            service, "Have 'xl devd' run at boot", cancellationToken, ("XL", root.Program("xl") ?? "/usr/sbin/xl")).ConfigureAwait(false);
        Enable(RootFiles.Service, service.Path, 20);
    }

    private async Task AddConsoleAsync(CancellationToken cancellationToken)
    {
        if (root.HasConsole || root.Tree.Text("/etc/inittab") is not { } table)
        {
            return;
        }

        string getty = root.Program("getty") ?? root.Program("agetty") ?? "/sbin/getty";

        // busybox's init has a terminal where others have a name, and no run levels.
        bool isBusybox = table.Contains("::sysinit:", StringComparison.Ordinal);
        await AppendAsync(
            "/etc/inittab",
            isBusybox ? $"hvc0::respawn:{getty} 115200 hvc0 vt100" : $"h0:2345:respawn:{getty} 115200 hvc0",
            cancellationToken).ConfigureAwait(false);
        if (root.Tree.Text("/etc/securetty") is { } terminals && !terminals.Split('\n').Contains("hvc0", StringComparer.Ordinal))
        {
            await AppendAsync("/etc/securetty", "hvc0", cancellationToken).ConfigureAwait(false);
        }
    }

    private Task AppendAsync(string path, string line, CancellationToken cancellationToken) => ChangeAsync(
        $"Add hvc0, Xen's console, to {path}",
        path,
        text => $"{text}{(text.EndsWith('\n') || text.Length == 0 ? string.Empty : "\n")}{line}\n",
        cancellationToken);

    private async Task ChangeAsync(string what, string path, Func<string, string> change, CancellationToken cancellationToken)
    {
        string onHost = root.Tree.OnHost(path);
        byte[] before = await dom0.Files.ReadAsync(onHost, HostFileStep.MaxBytes, cancellationToken).ConfigureAwait(false);
        byte[] after = Encoding.Latin1.GetBytes(change(Encoding.Latin1.GetString(before)));
        _steps.Add(HostFileStep.Set(what, onHost, after, before));
    }

    private async Task WriteAsync(
        RootFile file, string why, CancellationToken cancellationToken, params (string Name, string Value)[] words)
    {
        if (!root.IsOurs(file))
        {
            dom0.Reporter.Verbose(
                $"{file.Path} in the root is somebody's own, since it lacks the line '{RootFiles.Mark}', and is left as it is.");
            return;
        }

        NeedFolder(HostPath.Parent(file.Path));
        string onHost = root.Tree.OnHost(file.Path);
        ChangeStep? step = await HostFileStep.PlanAsync(dom0.Files, onHost, file.Content(words), cancellationToken).ConfigureAwait(false);
        StepPart[] parts = file.IsProgram ? [RootActs.Run("chmod", "755", onHost)] : [];
        if (step is not null)
        {
            _steps.Add(step with { Description = $"{why}: write {file.Path}", Parts = [.. step.Parts, .. parts] });
        }
        else if (file.IsProgram && await RootActs.ModeOfAsync(dom0, onHost, cancellationToken).ConfigureAwait(false) != "755")
        {
            _steps.Add(new ChangeStep($"{why}: make {file.Path} executable", parts));
        }
    }

    private void Enable(string service, string file, int order)
    {
        // Of ours a killed run may have made some of the links that it has in run levels.
        bool isOurs = service is RootFiles.Service or RootFiles.BridgeService;
        if (root.Init == RootInit.SysVInit && !root.IsInOrder(service))
        {
            _ordered.Add(service);
        }

        if (root.Enablings(service).Count > 0 && !(root.Init == RootInit.SysVInit && isOurs))
        {
            return;
        }

        string what = $"Have {service} started at boot";
        switch (root.Init)
        {
            case RootInit.Systemd:
                const string Wants = "/etc/systemd/system/multi-user.target.wants";
                NeedFolder(Wants);
                Link(what, ($"{Wants}/{service}.service", file));
                break;
            case RootInit.OpenRC:
                NeedFolder("/etc/runlevels/default");
                Link(what, ($"/etc/runlevels/default/{service}", $"/etc/init.d/{service}"));
                break;
            default:
                // Where /etc/rc3.d leads to /etc/rc.d/rc3.d, there is one link.
                (string Path, string Target)[] links =
                [
                    .. s_runLevels.Where(root.Tree.Exists)
                        .Select(folder => root.Tree.Resolve($"{folder}/S{order}{service}", followLast: false)).Distinct()
                        .Where(link => !root.Tree.HasName(link))
                        .Select(link => (link, $"{UpFrom(link)}/init.d/{service}")),
                ];
                if (links.Length > 0)
                {
                    Link(what, links);
                }

                break;
        }
    }

    private static string UpFrom(string link) => link.StartsWith("/etc/rc.d/", StringComparison.Ordinal) ? "../.." : "..";

    private void Disable(string service, IReadOnlyList<string> enablings)
    {
        (string Path, string OnHost, string Target)[] links =
        [
            .. from path in enablings
               let target = root.Tree.TargetOf(path)
               where target is not null
               select (path, root.Tree.OnHost(path, followLast: false), target),
        ];
        if (links.Length > 0)
        {
            string paths = string.Join(", ", links.Select(link => link.Path));
            _steps.Add(new ChangeStep(
                $"Have {service}, which belongs into dom0, not started at boot: delete {paths}",
                [.. links.Select(link => (StepPart)new DeleteFile(link.OnHost))])
            {
                UndoDescription = $"Make {paths} again",
                Undo =
                [
                    .. links.Select(link => (StepPart)new When(
                        !new LinkIs(link.OnHost, link.Target), RootActs.Run("ln", "-s", link.Target, link.OnHost))),
                ],
            });
        }
    }

    private void Link(string what, params IReadOnlyList<(string Path, string Target)> links)
    {
        foreach ((string path, _) in links)
        {
            NeedFolder(HostPath.Parent(path));
        }

        string[] onHost = [.. links.Select(link => root.Tree.OnHost(link.Path, followLast: false))];
        _steps.Add(new ChangeStep(
            what,
            [
                .. links.SelectMany((link, i) => (StepPart[])
                [
                    // A run that was killed may have come as far.
                    new When(!new LinkIs(onHost[i], link.Target), RootActs.Run("ln", "-s", link.Target, onHost[i])),
                    RootActs.Require(new LinkIs(onHost[i], link.Target), "ln", onHost[i]),
                ]),
            ])
        {
            UndoDescription = $"Delete {string.Join(", ", links.Select(link => link.Path))}",
            Undo = [.. onHost.Select(path => (StepPart)new DeleteFile(path))],
        });
    }

    private ChangeStep Copy(IReadOnlyList<Dom0Copy> copies)
    {
        foreach (Dom0Copy copy in copies)
        {
            NeedFolder(HostPath.Parent(copy.To));
        }

        string[] scripts = [.. copies.Select(copy => copy.To).Where(to => HostPath.Parent(to) == question.ScriptFolder)];
        string others = string.Join(
            ", ", copies.Where(copy => !scripts.Contains(copy.To)).Select(copy => copy.To[(copy.To.LastIndexOf('/') + 1)..]));
        return new ChangeStep(
            $"Copy from dom0: {(scripts.Length > 0 ? $"{scripts.Length} hotplug scripts" : string.Empty)}"
                + $"{(scripts.Length > 0 && others.Length > 0 ? ", " : string.Empty)}{others}",
            [
                .. from copy in copies
                   let onHost = root.Tree.OnHost(copy.To, followLast: false)
                   from part in (StepPart[])
                       [RootActs.Run("cp", "-pL", copy.From, onHost), RootActs.Require(new PathExists(onHost), "cp", onHost)]
                   select part,
            ])
        {
            UndoDescription = "Delete what was copied",
            Undo = [.. copies.Select(copy => (StepPart)new DeleteFile(root.Tree.OnHost(copy.To, followLast: false)))],
        };
    }

    private void NeedFolder(string folder)
    {
        for (string one = folder; one != "/" && !root.Tree.Exists(one); one = HostPath.Parent(one))
        {
            _folders.Add(one);
        }
    }

    private ChangeStep MakeFolders()
    {
        string[] onHost = [.. _folders.Select(folder => root.Tree.OnHost(folder))];
        return new ChangeStep(
            $"Make {string.Join(", ", _folders)}",
            [RootActs.Run("mkdir", ["-p", .. onHost]), .. onHost.Select(path => RootActs.Require(new PathExists(path), "mkdir", path))])
        {
            UndoDescription = $"Remove {string.Join(", ", _folders)}",
            Undo = [.. onHost.Reverse().Select(path => (StepPart)new When(new PathExists(path), RootActs.Run("rmdir", path)))],
        };
    }
}

/// <summary>How programs are run for a root: what they did is looked at, and what they say is told when it went wrong.</summary>
internal static class RootActs
{
    /// <summary>Runs a program, which must end well.</summary>
    public static StepPart Run(string program, params IReadOnlyList<string> arguments) => new Act<CommandResult>(
        new RunProgram(program, arguments),
        (result, _, _) => result.ExitCode == 0
            ? Task.CompletedTask
            : throw Failed(
                $"{program} {Terminal.Text.Show(string.Join(' ', arguments), 300)} ended with {result.ExitCode}: {WordsOf(result)}",
                arguments[^1]));

    /// <summary>Looks whether a program has done what it was run for.</summary>
    public static StepPart Require(HostCondition condition, string program, string path) => new Look(async (hand, token) =>
    {
        if (!await hand.HoldsAsync(condition, token).ConfigureAwait(false))
        {
            throw Failed($"{program} reported no error, but {Terminal.Text.Show(path, 200)} is not as it should be", path);
        }
    });

    /// <summary>What a program complained, on one line.</summary>
    public static string WordsOf(CommandResult result) => Terminal.Text.Show(
        string.Join(' ', result.StandardError.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), 300);

    /// <summary>A file's permissions in octal digits.</summary>
    public static async Task<string> ModeOfAsync(Dom0 dom0, string path, CancellationToken cancellationToken) =>
        (await dom0.Commands.RunAsync(new CommandRequest("stat", ["-L", "-c", "%a", path]) { OnlyLooks = true }, cancellationToken)
            .ConfigureAwait(false)).StandardOutput.Trim();

    private static XenDriverDomainException Failed(string what, string path) => new(
        ErrorIds.RootChangeFailed,
        ErrorKind.Device,
        $"The root could not be changed: {what}.",
        "Look whether it is mounted read-only or full, then run the same command again.",
        path);
}
