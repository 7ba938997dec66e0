using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>mount(8) of an image: -o with the options, of which the simulation knows what they are called.</summary>
internal sealed class Mount(SimulatedFiles files) : SmallProgram("/usr/bin/mount")
{
    // util-linux, mount(8), EXIT STATUS.
    private const int Failure = 32;

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, string.Empty, "o");

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        if (words.Operands is not [var image, var point])
        {
            output.Complain("an image and a directory are all that the simulation can mount");
            return ValueTask.CompletedTask;
        }

        switch (files.Mount(Absolute(image), Absolute(point), words.ValuesOf('o') is [.., var options] ? options : "rw"))
        {
            case null:
                break;
            case Errno.EINVAL:
                output.Complain(
                    $"{point}: wrong fs type, bad option, bad superblock on {image}, missing codepage or helper program, or other error.",
                    Failure);
                break;
            case Errno.EROFS:
                output.Complain($"{point}: cannot mount {image} read-only.", Failure);
                break;
            case { } why:
                output.Complain($"{point}: {ErrnoWords.Of(why)}.", Failure);
                break;
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>umount(8).</summary>
internal sealed class UMount(SimulatedFiles files) : SmallProgram("/usr/bin/umount")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, string.Empty);

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        foreach (string point in words.Operands.Where(point => !files.Unmount(Absolute(point))))
        {
            output.Complain($"{point}: not mounted.", 32);
        }

        return ValueTask.CompletedTask;
    }
}
