using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>
/// What applies the policy at boot, before guests start, and when pciback gets a device later: a script, a unit, a rule of udev's.
/// </summary>
/// <param name="dom0">The host.</param>
internal sealed class PolicyBootUnit(Dom0 dom0)
{
    /// <summary>What is there while systemd is the init system.</summary>
    public const string SystemdFolder = "/run/systemd/system";

    private const string Unit = "xen-pci-policy";
    private const string Script = PolicyFile.Folder + "/apply-pci-policy";
    private const string SystemdUnit = "/etc/systemd/system/" + Unit + ".service";
    private const string SystemdLink = "/etc/systemd/system/multi-user.target.wants/" + Unit + ".service";
    private const string InitScript = InitFolder + "/" + Unit;
    private const string InitFolder = "/etc/init.d";
    private const string UdevFolder = "/etc/udev/rules.d";
    private const string UdevRule = UdevFolder + "/80-" + Unit + ".rules";

    // The programs that put a script of /etc/init.d into the run levels, of Debian, Red Hat and OpenRC, with what they take.
    private static readonly (string Program, string[] Add, string[] Remove)[] s_runLevelTools =
    [
        ("update-rc.d", [Unit, "defaults"], ["-f", Unit, "remove"]),
        ("chkconfig", ["--add", Unit], ["--del", Unit]),
        ("rc-update", ["add", Unit, "default"], ["del", Unit, "default"]),
    ];

    // What they leave: links of a run level that is entered at boot.
    private static readonly string[] s_runLevelLinks =
        [$"/etc/rc2.d/S*{Unit}", $"/etc/rc3.d/S*{Unit}", $"/etc/rc.d/rc3.d/S*{Unit}", $"/etc/runlevels/default/{Unit}"];

    /// <summary>Its files, of whichever init system.</summary>
    public static IReadOnlyList<string> Files { get; } = [Script, SystemdUnit, InitScript, UdevRule];

    /// <summary>What tells which init system there is, and whether there is udev.</summary>
    public static IReadOnlyList<string> Folders { get; } = [SystemdFolder, InitFolder, UdevFolder];

    /// <summary>What tells that it is run at boot.</summary>
    public static IReadOnlyList<string> Enabling { get; } = [SystemdLink, .. s_runLevelLinks];

    /// <summary>Whatever has it run at boot or at a shutdown, in any run level or target: patterns of links.</summary>
    public static IReadOnlyList<string> AnyEnabling { get; } =
    [
        $"/etc/systemd/system/*.wants/{Unit}.service", $"/etc/rc*.d/*{Unit}", $"/etc/rc.d/rc*.d/*{Unit}", $"/etc/runlevels/*/{Unit}",
    ];

    /// <summary>Whether a path is for systemd or for another init system; null for what is for both.</summary>
    public static bool? IsOfSystemd(string path) => path.StartsWith("/etc/systemd/", StringComparison.Ordinal) ? true
        : path == InitScript || path.StartsWith("/etc/r", StringComparison.Ordinal) ? false
        : null;

    /// <summary>The steps to have it, or to have it no more.</summary>
    public async Task<IReadOnlyList<ChangeStep>> PlanAsync(bool isWanted, CancellationToken cancellationToken)
    {
        BulkAnswer there = await dom0.Files.ReadManyAsync(
            new BulkQuery([], [], [.. Folders, .. Enabling]), cancellationToken).ConfigureAwait(false);
        List<ChangeStep> steps = [];
        await AddFileAsync(Script, "apply-pci-policy").ConfigureAwait(false);
        if (!isWanted || there.Names.Contains(UdevFolder))
        {
            await AddFileAsync(UdevRule, "80-xen-pci-policy.rules").ConfigureAwait(false);
        }

        if (there.Names.Contains(SystemdFolder))
        {
            ChangeStep? unit = await HostFileStep.PlanAsync(
                dom0.Files, SystemdUnit, isWanted ? Content("xen-pci-policy.service") : null, cancellationToken)
                .ConfigureAwait(false);
            bool isEnabled = there.Names.Contains(SystemdLink);
            if (!isWanted && isEnabled)
            {
                steps.Add(Enable(false));
            }

            if (unit is not null)
            {
                steps.Add(unit);
                steps.Add(ReloadSystemd());
            }

            if (isWanted && !isEnabled)
            {
                steps.Add(Enable(true));
            }
        }
        else if (there.Names.Contains(InitFolder))
        {
            bool isEnabled = IsInRunLevels(there);
            if (!isWanted && isEnabled)
            {
                steps.Add(SetRunLevels(false));
            }

            await AddFileAsync(InitScript, "xen-pci-policy.init").ConfigureAwait(false);
            if (isWanted && !isEnabled)
            {
                steps.Add(SetRunLevels(true));
            }
        }
        else if (isWanted)
        {
            dom0.Reporter.Warning($"The init system of {dom0.Id} is neither systemd nor has it /etc/init.d: have it run 'sh {Script}' at "
                + "boot, before guests start.");
        }

        return steps;

        async Task AddFileAsync(string path, string name)
        {
            if (await HostFileStep.PlanAsync(dom0.Files, path, isWanted ? Content(name) : null, cancellationToken)
                .ConfigureAwait(false) is { } step)
            {
                steps.Add(step);
            }
        }
    }

    /// <summary>What this module writes to one of the <see cref="Files"/>; null for another path.</summary>
    public static string? ContentOf(string path) => path switch
    {
        Script => Encoding.UTF8.GetString(Content("apply-pci-policy")),
        SystemdUnit => Encoding.UTF8.GetString(Content("xen-pci-policy.service")),
        InitScript => Encoding.UTF8.GetString(Content("xen-pci-policy.init")),
        UdevRule => Encoding.UTF8.GetString(Content("80-xen-pci-policy.rules")),
        _ => null,
    };

    private static byte[] Content(string name)
    {
        using Stream stream = typeof(PolicyBootUnit).Assembly.GetManifestResourceStream("policy/" + name)!;
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static ChangeStep ReloadSystemd() => new("Have systemd read its units again", Run("systemctl", "daemon-reload"))
    {
        UndoDescription = "Have systemd read its units again",
        Undo = [Run("systemctl", "daemon-reload")],
    };

    private static ChangeStep Enable(bool isWanted) => new(
        isWanted ? $"Have systemd run {Unit}.service at boot" : $"Have systemd no longer run {Unit}.service at boot",
        SettingEnabled(isWanted))
    {
        UndoDescription = isWanted ? $"Have systemd not run {Unit}.service at boot" : $"Have systemd run {Unit}.service at boot again",
        Undo = SettingEnabled(!isWanted),
    };

    private static StepPart[] SettingEnabled(bool isWanted) =>
    [
        Run("systemctl", isWanted ? "enable" : "disable", Unit + ".service"),
        new Look(async (hand, token) =>
        {
            if (await hand.HoldsAsync(new PathExists(SystemdLink), token).ConfigureAwait(false) != isWanted)
            {
                throw NotEnabled(hand, $"systemctl reported no error, but {SystemdLink} is {(isWanted ? "not there" : "still there")}.");
            }
        }),
    ];

    private static ChangeStep SetRunLevels(bool isWanted) => new(
        isWanted ? $"Have init run {InitScript} at boot" : $"Have init no longer run {InitScript} at boot", SettingRunLevels(isWanted))
    {
        UndoDescription = isWanted ? $"Have init not run {InitScript} at boot" : $"Have init run {InitScript} at boot again",
        Undo = SettingRunLevels(!isWanted),
    };

    private static StepPart[] SettingRunLevels(bool isWanted) =>
    [
        .. isWanted ? (StepPart[])[Run("chmod", "755", InitScript), new Look(RequireExecutableAsync)] : [],
        new Course(
            [new Act<CommandResult>(
                new RunProgram(s_runLevelTools[0].Program, isWanted ? s_runLevelTools[0].Add : s_runLevelTools[0].Remove), null)],
            (hand, token) => SetRunLevelsAsync(isWanted, hand, token)),
    ];

    private static async Task RequireExecutableAsync(HostHand hand, CancellationToken cancellationToken)
    {
        CommandResult mode = await hand.Dom0.Commands.RunAsync(
            new CommandRequest("stat", ["-L", "-c", "%a", InitScript]) { OnlyLooks = true }, cancellationToken).ConfigureAwait(false);
        if (mode.StandardOutput.Trim() != "755")
        {
            throw NotEnabled(
                hand,
                $"chmod reported no error, but {InitScript} cannot be run (mode {Terminal.Text.Show(mode.StandardOutput.Trim(), 20)}).");
        }
    }

    private static async Task SetRunLevelsAsync(bool isWanted, HostHand hand, CancellationToken cancellationToken)
    {
        foreach ((string program, string[] add, string[] remove) in s_runLevelTools)
        {
            try
            {
                await hand.RunAsync([Run(program, isWanted ? add : remove)], cancellationToken).ConfigureAwait(false);
            }
            catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.HostCommandNotFound)
            {
                // Another distribution's.
                continue;
            }

            BulkAnswer answer = await hand.Dom0.Files.ReadManyAsync(new BulkQuery([], [], s_runLevelLinks), cancellationToken)
                .ConfigureAwait(false);
            if (IsInRunLevels(answer) != isWanted)
            {
                throw NotEnabled(
                    hand, $"{program} reported no error, but {InitScript} is {(isWanted ? "in no run level" : "still in a run level")}.");
            }

            return;
        }

        throw NotEnabled(
            hand, $"there is none of {string.Join(", ", s_runLevelTools.Select(t => t.Program))} to put {InitScript} into the run levels.");
    }

    private static bool IsInRunLevels(BulkAnswer answer) =>
        answer.Names.Any(name => name.StartsWith("/etc/r", StringComparison.Ordinal) && name.EndsWith(Unit, StringComparison.Ordinal));

    private static Act<CommandResult> Run(string program, params string[] arguments) => new Act<CommandResult>(
        new RunProgram(program, arguments),
        (result, hand, _) => result.ExitCode == 0
            ? Task.CompletedTask
            : throw NotEnabled(
                hand, $"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}: "
                    + $"{Terminal.Text.Show(result.StandardError.Trim())}"));

    private static XenDriverDomainException NotEnabled(HostHand hand, string why) => new(
        ErrorIds.PciPolicyNotEnabled,
        ErrorKind.Device,
        $"The policy's unit could not be changed on {hand.Dom0.Id}: {why}",
        "Look what the init system says about it; the policy's files are /etc/xen/driver-domains/pci-policy.conf and "
            + "apply-pci-policy beside it.",
        hand.Dom0.Id);
}
