using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools.Boot;

/// <summary>grub-mkconfig(8) with -o, and Debian's update-grub(8): makes grub.cfg of /etc/default/grub and grub.d.</summary>
internal sealed class GrubMkconfig(SimulatedMachine machine, string path) : SmallProgram(path)
{
    private const string Defaults = "/etc/default/grub";

    // Mostly the search for other systems' disks.
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, string.Empty, "o");

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        await run.DelayAsync(s_duration, cancellationToken).ConfigureAwait(false);
        string? generated = words.ValuesOf('o') is [.., var wanted]
            ? wanted
            : Path.EndsWith("/update-grub", StringComparison.Ordinal) ? "/boot/grub/grub.cfg" : null;
        machine.Files.Lock.Run(() =>
        {
            string made = new GrubMenu(machine.Host, Settings()).Make(generated is null ? null : machine.Files.Text(generated));
            if (generated is null)
            {
                output.Write(made);
            }
            else
            {
                machine.Files.Put(generated, made);
                output.WriteLine("done");
            }
        });
    }

    private ShellSettings Settings()
    {
        ShellSettings settings = new();
        foreach (string file in machine.Files.Names(Defaults + ".d").Where(name => name.EndsWith(".cfg", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(name => $"{Defaults}.d/{name}").Prepend(Defaults))
        {
            settings.Read(file, machine.Files.Text(file) ?? string.Empty);
        }

        return settings;
    }
}
