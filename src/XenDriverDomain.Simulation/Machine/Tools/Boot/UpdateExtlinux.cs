using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools.Boot;

/// <summary>Alpine's update-extlinux: gives every kernel in /boot/extlinux.conf the parameters of /etc/update-extlinux.conf.</summary>
internal sealed class UpdateExtlinux(SimulatedMachine machine, string path) : SmallProgram(path)
{
    private const string Generated = "/boot/extlinux.conf";
    private const string Divider = "---";

    // What it puts before default_kernel_opts.
    private static readonly string[] s_heads = ["root=", "modules="];

    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, string.Empty);

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        await run.DelayAsync(s_duration, cancellationToken).ConfigureAwait(false);
        machine.Files.Lock.Run(() =>
        {
            ShellSettings settings = new();
            settings.Read(UpdateExtlinuxReader.Settings, machine.Files.Text(UpdateExtlinuxReader.Settings) ?? string.Empty);
            string options = settings.ValueOf("default_kernel_opts") ?? string.Empty;
            machine.Files.Put(Generated, string.Join(
                '\n', (machine.Files.Text(Generated) ?? string.Empty).Split('\n').Select(line => Rewrite(line, options))));
        });
    }

    private static string Rewrite(string line, string options)
    {
        (string keyword, int end) = TextLines.FirstWord(line, 0);
        if (keyword != "APPEND")
        {
            return line;
        }

        // xen.gz PARAMETERS --- vmlinuz PARAMETERS --- initrd, or the parameters alone.
        string[] modules = line[end..].Split(Divider);
        int kernel = Math.Min(1, modules.Length - 1);
        int at = kernel == 0 ? 0 : TextLines.FirstWord(modules[kernel], 0).End;
        IEnumerable<string> head = modules[kernel][at..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .TakeWhile(word => s_heads.Any(one => word.StartsWith(one, StringComparison.Ordinal)));
        modules[kernel] = $"{modules[kernel][..at]} "
            + $"{string.Join(' ', head.Append(options))}{(kernel == modules.Length - 1 ? string.Empty : " ")}";
        return line[..end] + string.Join(Divider, modules);
    }
}
