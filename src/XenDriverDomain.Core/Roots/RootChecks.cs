using XenDriverDomain.Errors;
using XenDriverDomain.Images;

namespace XenDriverDomain.Roots;

/// <summary>What is asked of a root.</summary>
/// <param name="Dom0">The id of the host.</param>
/// <param name="Path">The root as its user named it.</param>
/// <param name="Role">What it is to serve.</param>
/// <param name="Bridge">The bridge that is to be in it.</param>
/// <param name="ScriptFolder">Where dom0 has its hotplug scripts.</param>
/// <param name="XenVersion">The version of the hypervisor, such as 4.17; null when it is not known.</param>
internal sealed record RootQuestion(
    string Dom0, string Path, DriverDomainRole Role, string Bridge, string ScriptFolder, string? XenVersion);

/// <summary>Judges a root: what it lacks to be the inside of a driver domain, and what must not be in it.</summary>
/// <param name="root">What it has.</param>
/// <param name="question">What is asked.</param>
internal sealed class RootChecks(RootFacts root, RootQuestion question)
{
    private const string SeesTo = "Initialize-XenDriverDomainImage does so.";

    // Those without which no script gets anywhere; there are more.
    private static readonly string[] s_tools = ["xenstore-read", "xenstore-write"];

    private bool ServesNetwork => question.Role != DriverDomainRole.Disk;

    private bool ServesDisks => question.Role != DriverDomainRole.Network;

    /// <summary>The findings, those that refuse first.</summary>
    public IReadOnlyList<RootFinding> Judge() =>
    [
        .. new[] { Programs(), Version(), Modules(), Services(), Places() }.SelectMany(findings => findings)
            .OrderByDescending(finding => finding.Severity),
    ];

    private IEnumerable<RootFinding> Programs()
    {
        if (root.Program("xl") is null)
        {
            yield return Lacks(
                ErrorIds.RootXlMissing, RootPart.Xl, "xl",
                "The root has no xl: 'xl devd' runs the hotplug scripts in a driver domain, and without it no device is ever connected.")
                with
            { IsCopied = true };
        }

        string[] tools = [.. s_tools.Where(tool => root.Program(tool) is null)];
        if (tools.Length > 0)
        {
            yield return Lacks(
                ErrorIds.RootXenStoreToolsMissing, RootPart.XenStoreTools, tools[0],
                $"The root has no {string.Join(" and no ", tools)}, which the hotplug scripts call.") with
            { IsCopied = true };
        }

        string? scripts = root.ScriptFolder(question.Role);
        if (scripts is null)
        {
            string[] missing =
            [
                .. RootFacts.ScriptsOf(question.Role).Where(script => !root.Tree.Exists($"{question.ScriptFolder}/{script}")),
            ];
            yield return Lacks(
                ErrorIds.RootScriptsMissing, RootPart.Scripts, question.ScriptFolder,
                $"{question.ScriptFolder} lacks {string.Join(", ", missing)}: a driver domain runs the script at the path that dom0 has it "
                    + "at.")
                with
            { IsCopied = true };
        }
        else if (!RootFacts.ScriptsOf(question.Role).All(script => root.Tree.Exists($"{question.ScriptFolder}/{script}")))
        {
            yield return Finding(
                ErrorIds.RootScriptsMissing, FindingSeverity.Error, question.ScriptFolder,
                $"The hotplug scripts are in {scripts}, and dom0 has them in {question.ScriptFolder}: xl stores dom0's path, and the "
                    + "driver domain looks there.",
                $"Make {question.ScriptFolder} a link to {scripts}; {SeesTo}") with
            { IsSeenTo = true };
        }

        if (root.Program("bash") is null)
        {
            yield return Lacks(
                ErrorIds.RootBashMissing, RootPart.Bash, "bash", "The root has no bash, in which Xen's hotplug scripts are written.");
        }

        if (ServesNetwork && root.Program("ip") is null)
        {
            yield return Lacks(
                ErrorIds.RootIpMissing, RootPart.Ip, "ip",
                "The root has no ip, with which the bridge is made and vif-bridge puts vifs into it.", DriverDomainRole.Network);
        }

        if (root.Init == RootInit.Unknown)
        {
            yield return Lacks(
                ErrorIds.RootInitUnknown, RootPart.Init, "/sbin/init",
                "The root has none of the init systems systemd, sysvinit and OpenRC, so that nothing would start 'xl devd'.");
        }
    }

    private IEnumerable<RootFinding> Version()
    {
        if (question.XenVersion is { } version && root.XenVersions is { Count: > 0 } there && !there.Contains(version))
        {
            string has = Terminal.Text.Show(string.Join(", ", there), 40);
            yield return Finding(
                ErrorIds.RootXenVersionDiffers,
                root.ChoosesByVersion ? FindingSeverity.Error : FindingSeverity.Warning,
                "xl",
                root.ChoosesByVersion
                    ? $"Xen's tools in the root are those of {has}, and the hypervisor is {version}: the root's xl runs the one of the "
                        + "hypervisor's version, and there is none."
                    : $"Xen's tools in the root are those of {has}, and the hypervisor is {version}: libxl is made for one version.",
                RootPackages.Remedy(root, RootPart.Xl, version)) with
            { Evidence = has };
        }
    }

    private IEnumerable<RootFinding> Modules()
    {
        if (root.Kernels.Count == 0)
        {
            yield return Finding(
                ErrorIds.RootModuleMissing, FindingSeverity.Warning, "/lib/modules",
                "The root has no kernel modules: its kernel, which comes from dom0 then, must have back ends, xen-pcifront and the card's "
                    + "driver built in.",
                "Install a kernel in the root, or copy /lib/modules/RELEASE of the kernel that it is started with.");
            yield break;
        }

        foreach ((RootModule module, DriverDomainRole role, string why) in Needed())
        {
            bool isOfPv = module == RootModule.PciFront;
            if (!root.HasModule(module))
            {
                yield return Finding(
                    ErrorIds.RootModuleMissing,
                    isOfPv ? FindingSeverity.Warning : FindingSeverity.Error,
                    module.Name,
                    $"Of the kernels in the root ({Terminal.Text.Show(string.Join(", ", root.Kernels), 200)}) one at least has no "
                        + $"{module.Name}: {why}.",
                    $"Install a kernel with {module.Name} in the root, or remove the one that lacks it; Test-XenKernelConfig tells what a "
                        + "kernel was built with.",
                    role);
            }
            else if (!isOfPv && module != RootModule.Bridge && !root.IsBuiltIn(module) && !root.IsLoaded(module))
            {
                yield return Finding(
                    ErrorIds.RootModuleNotLoaded, FindingSeverity.Error, module.Name,
                    $"Nothing in the root loads {module.Name} at boot: {why}.",
                    $"Name it in a file in /etc/modules-load.d; {SeesTo}", role) with
                { IsSeenTo = true };
            }
        }
    }

    private IEnumerable<(RootModule Module, DriverDomainRole Role, string Why)> Needed()
    {
        if (ServesNetwork)
        {
            yield return (RootModule.NetBack, DriverDomainRole.Network, "vifs stay unconnected");
            yield return (RootModule.Bridge, DriverDomainRole.Network, "there is no bridge for vifs");
        }

        if (ServesDisks)
        {
            yield return (RootModule.BlockBack, DriverDomainRole.Disk, "disks stay unconnected");
        }

        yield return (RootModule.PciFront, question.Role, "a PV domain does not see its cards; an HVM one does");
    }

    private IEnumerable<RootFinding> Services()
    {
        if (root.Init != RootInit.Unknown && root.EnabledDevd is null)
        {
            yield return Finding(
                ErrorIds.RootDevdNotEnabled, FindingSeverity.Error, "xl devd",
                "Nothing in the root starts 'xl devd' at boot, which connects devices in a driver domain.",
                $"Enable the service xendriverdomain, or one of your own; {SeesTo}") with
            { IsSeenTo = true };
        }

        foreach ((string service, IReadOnlyList<string> enablings) in root.OfDom0)
        {
            yield return Finding(
                ErrorIds.RootDom0ServiceEnabled, FindingSeverity.Warning, service,
                $"The root starts {service} at boot, which belongs into dom0: a second xenstored or console daemon is in the way of the "
                    + "real one.",
                $"Disable it; {SeesTo}") with
            { IsSeenTo = true, Evidence = Terminal.Text.Show(string.Join(", ", enablings), 200) };
        }

        if (ServesNetwork && root.Init != RootInit.Unknown && !root.HasBridge(question.Bridge))
        {
            yield return Finding(
                ErrorIds.RootBridgeMissing, FindingSeverity.Error, question.Bridge,
                $"Nothing in the root makes the bridge {question.Bridge} at boot, into which vif-bridge puts the vifs of guests.",
                $"Configure it with the card in it, or name the one that is there with -Bridge; {SeesTo}", DriverDomainRole.Network)
                with
            { IsSeenTo = true };
        }
    }

    private IEnumerable<RootFinding> Places()
    {
        if (!root.Tree.Exists("/var/log/xen"))
        {
            yield return Finding(
                ErrorIds.RootLogFolderMissing, FindingSeverity.Error, "/var/log/xen",
                "The root has no folder /var/log/xen: the hotplug scripts write there, and fail before they do anything when they cannot.",
                $"Make it; {SeesTo}") with
            { IsSeenTo = true };
        }

        if (!root.HasConsole)
        {
            yield return Finding(
                ErrorIds.RootConsoleMissing, FindingSeverity.Information, "hvc0",
                "No getty of /etc/inittab is on hvc0, so that 'xl console' shows the kernel's messages and no login.",
                $"Add a line for hvc0; {SeesTo}") with
            { IsSeenTo = true };
        }
    }

    private RootFinding Lacks(string id, RootPart part, string what, string cause, DriverDomainRole? role = null) => Finding(
        id, FindingSeverity.Error, what, cause, RootPackages.Remedy(root, part, question.XenVersion), role) with
    { Kind = ErrorKind.NotInstalled };

    private RootFinding Finding(
        string id, FindingSeverity severity, string what, string cause, string remedy, DriverDomainRole? role = null) =>
        new(id, severity, what, cause, remedy) { Dom0 = question.Dom0, Path = question.Path, Role = role ?? question.Role };
}
