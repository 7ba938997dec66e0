using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools.Boot;

/// <summary>update-initramfs(8) with -u, -k; dracut(8) with --force, --regenerate-all; mkinitfs(1). Nothing in the simulation reads what they make.</summary>
internal sealed class InitramfsMaker(SimulatedMachine machine, string path) : SmallProgram(path)
{
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "u", "k", ("force", 'f'), ("regenerate-all", 'r'));

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        await run.DelayAsync(s_duration, cancellationToken).ConfigureAwait(false);
        if (words.Has('u'))
        {
            output.WriteLine($"update-initramfs: Generating /boot/initrd.img-{machine.Host.KernelRelease}");
        }
    }
}
