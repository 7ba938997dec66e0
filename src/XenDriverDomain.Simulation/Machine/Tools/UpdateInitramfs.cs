using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools;

/// <summary>update-initramfs(8): -u, -k; nothing in the simulation reads what it makes.</summary>
internal sealed class UpdateInitramfs(SimulatedMachine machine) : SmallProgram(ProgramPath)
{
    /// <summary>Where it is.</summary>
    public const string ProgramPath = "/usr/sbin/update-initramfs";

    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "u", "k");

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        await run.DelayAsync(s_duration, cancellationToken).ConfigureAwait(false);
        output.WriteLine($"update-initramfs: Generating /boot/initrd.img-{machine.Host.KernelRelease}");
    }
}
