using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools.Boot;

/// <summary>
/// update-initramfs(8) with -u, -k, whose image is the list of what would be in it; dracut(8) with --force, --regenerate-all, whose image
/// has the same name on Debian; mkinitfs(1) with -o. Nothing in the simulation reads what those make.
/// </summary>
internal sealed class InitramfsMaker(SimulatedMachine machine, string path) : SmallProgram(path)
{
    private const string Options = "/etc/modprobe.d";
    private const string Modules = "/etc/initramfs-tools/modules";

    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) =>
        Words.Read(arguments, "u", "ko", ("force", 'f'), ("regenerate-all", 'r'));

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        await run.DelayAsync(s_duration, cancellationToken).ConfigureAwait(false);
        string release = machine.Host.KernelRelease;
        string image = $"/boot/initrd.img-{release}";
        if (words.Has('u') || (words.Has('r') && machine.Files.Exists(image)))
        {
            machine.Files.Lock.Run(() => machine.Files.Put(image, string.Concat(Contents(release).Select(name => name + "\n"))));
        }

        if (words.Has('u'))
        {
            output.WriteLine($"update-initramfs: Generating {image}");
        }
    }

    private IEnumerable<string> Contents(string release) =>
    [
        .. machine.Files.Exists(Options) ? machine.Files.Names(Options).Select(name => $"{Options[1..]}/{name}") : [],
        .. (machine.Files.Text(Modules) ?? string.Empty).Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .Select(module => $"usr/lib/modules/{release}/kernel/drivers/{module}.ko"),
    ];
}
