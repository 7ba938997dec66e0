using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Domains;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary>xl of Xen 4.17, as far as this product and an administrator beside it use it (tools/xl).</summary>
internal sealed class XlProgram(World world) : ISimulatedProgram
{
    private static readonly IXlCommand[] s_commands =
    [
        new CreateCommand(), new ListCommand(), new DestroyCommand(), new ShutdownCommand(isReboot: false),
        new ShutdownCommand(isReboot: true),
        new PauseCommand(pause: true), new PauseCommand(pause: false), new DomidCommand(), new DomnameCommand(), new InfoCommand(),
        new DmesgCommand(),
        new PciAssignableAddCommand(), new PciAssignableRemoveCommand(), new PciAssignableListCommand(), new PciAttachCommand(),
        new PciDetachCommand(), new PciListCommand(), new NetworkAttachCommand(), new NetworkDetachCommand(), new NetworkListCommand(),
        new BlockAttachCommand(), new BlockDetachCommand(), new BlockListCommand(),
    ];

    /// <inheritdoc/>
    public string Path => "/usr/sbin/xl";

    /// <inheritdoc/>
    public async ValueTask<CommandResult> RunAsync(ProgramRun run, CancellationToken cancellationToken)
    {
        XlProcess process = new(world, run, cancellationToken);
        if (run.Arguments is ["info", ..])
        {
            // It only asks the hypervisor: nothing depends on how long it takes to start.
            return await world.Time.RunAsEvent(() => RunToEndAsync(process, run.Arguments)).ConfigureAwait(false);
        }

        // From here on it goes on within the events of the simulated world,
        await process.PauseAsync(Timings.ProgramStart).ConfigureAwait(false);
        CommandResult result = await RunToEndAsync(process, run.Arguments).ConfigureAwait(false);

        // and whoever has called it does not: he may block, and events must not.
        await Task.Yield();
        return result;
    }

    private static async Task<CommandResult> RunToEndAsync(XlProcess process, IReadOnlyList<string> words)
    {
        try
        {
            return process.End(await RunAsync(process, words).ConfigureAwait(false));
        }
        catch (XlExit exit)
        {
            return process.End(exit.ExitCode);
        }
    }

    private static async Task<int> RunAsync(XlProcess process, IReadOnlyList<string> words)
    {
        bool dryRun = false;
        int at = 0;
        for (; at < words.Count && words[at].Length > 1 && words[at][0] == '-'; at++)
        {
            foreach (char letter in words[at][1..])
            {
                if (!"vftTN".Contains(letter, StringComparison.Ordinal))
                {
                    process.Complain("unknown global option");
                    return 2;
                }

                dryRun |= letter == 'N';
            }
        }

        if (at == words.Count || words[at] == "help")
        {
            Help(process, words.Count > at + 1 ? words[at + 1] : null);
            return at == words.Count ? 1 : 0;
        }

        // Commands may be abbreviated; one that is a prefix of several is the first of them (cmdtable_lookup).
        IXlCommand? command = s_commands.FirstOrDefault(c => c.Name == words[at])
            ?? s_commands.FirstOrDefault(c => c.Name.StartsWith(words[at], StringComparison.Ordinal));
        if (command is null)
        {
            process.Complain("command not implemented");
            return 1;
        }

        if (dryRun)
        {
            process.Complain("command does not implement -N (dryrun) option");
            return 1;
        }

        return await command.RunAsync(process, new XlArguments(command, [.. words.Skip(at + 1)])).ConfigureAwait(false);
    }

    private static void Help(XlProcess process, string? name)
    {
        if (name is not null && s_commands.FirstOrDefault(c => c.Name == name) is { } command)
        {
            new XlArguments(command, []).Help(process);
            return;
        }

        process.PrintText("Usage xl [-vfNtT] <subcommand> [args]\n\nxl full list of subcommands:\n\n");
        foreach (IXlCommand each in s_commands)
        {
            process.Print($" {each.Name,-19} {each.Description}");
        }
    }
}
