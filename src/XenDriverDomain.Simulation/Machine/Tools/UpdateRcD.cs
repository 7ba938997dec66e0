using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools;

/// <summary>update-rc.d(8): links scripts of /etc/init.d into the run levels (defaults), and takes them out (-f … remove).</summary>
internal sealed class UpdateRcD(SimulatedFiles files) : SmallProgram("/usr/sbin/update-rc.d")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "f");

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        if (words.Operands is not [var name, "defaults" or "remove"])
        {
            output.Complain("NAME defaults, and -f NAME remove, are all that the simulation can do");
            return ValueTask.CompletedTask;
        }

        bool isAdded = words.Operands[1] == "defaults";
        if (isAdded && !files.Exists($"/etc/init.d/{name}"))
        {
            output.Complain($"unable to read /etc/init.d/{name}");
            return ValueTask.CompletedTask;
        }

        foreach (string level in (string[])["2", "3", "4", "5"])
        {
            string link = $"/etc/rc{level}.d/S01{name}";
            if (isAdded)
            {
                files.Link(link, $"../init.d/{name}");
            }
            else
            {
                // Whatever its place in the order is.
                foreach (string other in files.Names($"/etc/rc{level}.d")
                    .Where(one => one.StartsWith('S') && one.EndsWith(name, StringComparison.Ordinal)))
                {
                    files.Remove($"/etc/rc{level}.d/{other}");
                }
            }
        }

        return ValueTask.CompletedTask;
    }
}
