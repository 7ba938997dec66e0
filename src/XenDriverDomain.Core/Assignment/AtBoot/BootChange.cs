using XenDriverDomain.Access;
using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Assignment.AtBoot;

/// <summary>
/// The steps that change boot files: a copy of each beside it, the change, the programs that make what is read at boot of them, and a look
/// at that. A failure restores the files and has the programs work on them again.
/// </summary>
/// <param name="dom0">The host.</param>
internal sealed class BootChange(Dom0 dom0)
{
    /// <summary>What a copy's name ends with: no program that reads boot files by a pattern takes it for one of them.</summary>
    public const string Backup = ".xdd-backup";

    private const int MostWords = 400;

    /// <summary>The steps.</summary>
    /// <param name="what">What is put into or taken out of a file, in words: "Add (0000:03:00.0) to xen-pciback.hide= in".</param>
    /// <param name="configuration">The configuration that has the parameter.</param>
    /// <param name="hides">True when something is hidden, false when it no longer is.</param>
    /// <param name="edits">The changes.</param>
    /// <param name="ours">The files that have nothing but what is ours, and go when nothing is left in them.</param>
    /// <param name="ramDisks">Makes the initial RAM disks and looks at them; null when nothing in them changes.</param>
    /// <param name="programs">What makes of the files what is read at boot; run once the initial RAM disks are made.</param>
    /// <param name="verify">Throws when what is read at boot is not what it should be.</param>
    public IReadOnlyList<ChangeStep> Steps(
        string what,
        BootConfiguration configuration,
        bool hides,
        BootEdits edits,
        IReadOnlyCollection<string> ours,
        RamDiskCheck? ramDisks,
        IReadOnlyList<CommandRequest> programs,
        Func<CancellationToken, Task> verify)
    {
        bool hasRun = false;
        List<ChangeStep> steps = [Copy(edits, [.. ramDisks?.Programs ?? [], .. programs], () => hasRun)];
        HashSet<string> own = [.. configuration.Lines.Select(line => line.Path)];
        steps.AddRange(edits.All.Select(edit => Write(
            own.Contains(edit.Path) ? $"{what} {edit.Path}"
                : hides ? $"Have pciback loaded before other drivers, by {edit.Path}"
                : $"Have pciback loaded as any other driver again, by {edit.Path}",
            edit.Path,
            edit.Before,
            edit.After.Length == 0 && ours.Contains(edit.Path) ? null : edit.After)));
        if (ramDisks is not null)
        {
            steps.Add(new ChangeStep(
                $"Run {string.Join(" and ", ramDisks.Programs.Select(Words))}, and look at the initial RAM disk",
                new Course([.. ramDisks.Programs.Select(Run)], (hand, token) =>
                {
                    hasRun = true;
                    return ramDisks.MakeAsync((program, ending) => hand.RunAsync([Run(program)], ending), token);
                })));
        }

        steps.AddRange(Regeneration(configuration, programs, () => hasRun = true, verify));
        return steps;
    }

    /// <summary>The steps where the files say it already, but what is made of them does not: a run was killed between the two.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="verify">Throws when what is read at boot is not what it should be.</param>
    public static IReadOnlyList<ChangeStep> Again(BootConfiguration configuration, Func<CancellationToken, Task> verify) =>
        [.. Regeneration(configuration, configuration.Regeneration, () => { }, verify)];

    private static IEnumerable<ChangeStep> Regeneration(
        BootConfiguration configuration, IReadOnlyList<CommandRequest> programs, Action begun, Func<CancellationToken, Task> verify) =>
    [
        .. programs.Select(program => new ChangeStep(
            $"Run {Words(program)}",
            new Look((_, _) =>
            {
                begun();
                return Task.CompletedTask;
            }),
            Run(program))),
        new ChangeStep(
            $"Check what is read at boot ({configuration.Generated?.Path ?? configuration.Path})", new Look((_, token) => verify(token))),
    ];

    private static string Words(CommandRequest request) => string.Join(' ', request.Arguments.Prepend(request.Program));

    // Undone last of all, when the files are as they were.
    private ChangeStep Copy(BootEdits edits, IReadOnlyList<CommandRequest> programs, Func<bool> hasRun)
    {
        Dictionary<string, string> before = edits.All.Where(edit => edit.Before is not null).ToDictionary(
            edit => edit.Path, edit => edit.Before!);
        string[] there = [.. before.Keys];
        return new ChangeStep(
            there.Length == 0 ? "Keep no copy, as there is no file yet" : $"Keep a copy of {string.Join(", ", there)} beside it ({Backup})",
            [.. there.Select(path => new Act<CommandResult>(

                // Its mode and owner with it: a menu.lst may hold a password that only root may read.
                new RunProgram("cp", "-p", "--", path, path + Backup),
                async (result, _, token) =>
                {
                    if (result.ExitCode != 0)
                    {
                        throw new HostFileException("copy", path, Errno.Unknown, Terminal.Text.Show(result.StandardError.Trim()));
                    }

                    if (await TryReadAsync(path + Backup, token).ConfigureAwait(false) == before[path])
                    {
                        return;
                    }

                    throw await TryReadAsync(path, token).ConfigureAwait(false) != before[path]
                        ? Changed(path)
                        : new HostFileException("copy", path, Errno.EIO, $"{path}{Backup} does not hold what was to be kept");
                }))])
        {
            UndoDescription = programs.Count == 0
                ? "Keep the copies"
                : "Make what is read at boot of the restored files, where that had begun",
            Undo = [new Unless("that had not begun", (_, _) => Task.FromResult(!hasRun()), [.. programs.Select(Run)])],
        };
    }

    // No text is no file.
    private ChangeStep Write(string description, string path, string? before, string? after) => new(
        after is null ? $"Delete {path}, in which nothing is left" : description,
        new Look(async (_, token) =>
        {
            if (await TryReadAsync(path, token).ConfigureAwait(false) != before)
            {
                throw Changed(path);
            }
        }),
        new Act<bool>(FileWith(path, after), async (_, _, token) =>
        {
            if (await TryReadAsync(path, token).ConfigureAwait(false) != after)
            {
                throw new XenDriverDomainException(
                    ErrorIds.BootConfigNotVerified,
                    ErrorKind.Device,
                    $"{path} does not hold what was written to it.",
                    "Look at the file system it is on (dmesg, df).",
                    path);
            }
        }))
    {
        UndoDescription = before is null ? $"Delete {path}" : $"Restore {path}",

        // What somebody else has written is not ours to take back.
        Undo =
        [
            new When(
                new FileIs(path, after is null ? null : ByteText.Bytes(after)), FileWith(path, before)),
        ],
    };

    private static HostAct<bool> FileWith(string path, string? text) =>
        text is null ? new DeleteFile(path) : new ReplaceFile(path, ByteText.Bytes(text));

    private static XenDriverDomainException Changed(string path) => new(
        ErrorIds.BootConfigChanged,
        ErrorKind.InvalidState,
        $"{path} was changed by somebody else in the meantime.",
        "Run the same command again; it goes on from the state it finds.",
        path);

    private Task<string?> TryReadAsync(string path, CancellationToken cancellationToken) =>
        BootReader.TryReadFileAsync(dom0.Files, path, cancellationToken);

    private static StepPart Run(CommandRequest request) => new Act<CommandResult>(new RunProgram(request), (result, hand, _) =>
    {
        if (result.ExitCode != 0)
        {
            string words = result.StandardError.Trim();
            throw new XenDriverDomainException(
                ErrorIds.BootConfigRegenerationFailed,
                ErrorKind.ChangeFailed,
                $"{Words(request)} failed on {hand.Dom0.Id} with exit code {result.ExitCode}: "
                + Terminal.Text.Show(words.Length > MostWords ? words[^MostWords..] : words, MostWords + 1),
                "Run it on dom0 and put right what it complains about; the boot files are as they were.",
                request.Program);
        }

        return Task.CompletedTask;
    });
}
