using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools;

/// <summary>systemctl(1), as far as it moves links: enable and disable of units that multi-user.target wants, daemon-reload.</summary>
internal sealed class SystemCtl(SimulatedFiles files) : SmallProgram("/usr/bin/systemctl")
{
    private const string Units = "/etc/systemd/system";

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "q");

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        string verb = words.Operands is [var first, ..] ? first : string.Empty;
        foreach (string unit in words.Operands.Skip(1))
        {
            string file = $"{Units}/{unit}";
            string link = $"{Units}/multi-user.target.wants/{unit}";
            if (!files.Exists(file) && verb == "enable")
            {
                output.Complain($"Failed to enable unit: Unit file {unit} does not exist.");
            }
            else if (verb == "enable" && !files.Exists(link))
            {
                files.Link(link, file);
            }
            else if (verb == "disable")
            {
                files.Remove(link);
            }
        }

        if (verb is not ("enable" or "disable" or "daemon-reload"))
        {
            output.Complain($"'{verb}' is not part of the simulation");
        }

        return ValueTask.CompletedTask;
    }
}
