using XenDriverDomain.Access;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Boot;

/// <summary>Makes initial RAM disks, and looks whether they were made and have in them what the change is about.</summary>
/// <param name="dom0">The host.</param>
/// <param name="disks">The images.</param>
/// <param name="files">Files that must be in each image, by their full path on dom0; empty when nothing has to be.</param>
/// <param name="module">The module that must be in each image; null when none has to.</param>
internal sealed class RamDiskCheck(Dom0 dom0, RamDisks disks, IReadOnlyList<string> files, string? module)
{
    /// <summary>What makes them.</summary>
    public IReadOnlyList<CommandRequest> Programs => disks.Programs;

    /// <summary>Runs what makes them, and looks at the result.</summary>
    /// <param name="runAsync">Runs a program.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="XenDriverDomainException">BootConfigNotVerified: no image is as it should be.</exception>
    public async Task MakeAsync(Func<CommandRequest, CancellationToken, Task> runAsync, CancellationToken cancellationToken)
    {
        Dictionary<string, string> before = await StampsAsync(cancellationToken).ConfigureAwait(false);
        foreach (CommandRequest program in disks.Programs)
        {
            await runAsync(program, cancellationToken).ConfigureAwait(false);
        }

        if (disks.Images.Count == 0)
        {
            dom0.Reporter.Warning($"Whether the initial RAM disk was made anew could not be seen: there is none in /boot on {dom0.Id} by a "
                + "name that is known.");
            return;
        }

        Dictionary<string, string> after = await StampsAsync(cancellationToken).ConfigureAwait(false);
        List<string> problems = [];
        foreach (string image in disks.Images)
        {
            if (!after.TryGetValue(image, out string? stamp) || stamp == before.GetValueOrDefault(image))
            {
                problems.Add($"{image} was not made anew");
            }
            else if (await LacksAsync(image, cancellationToken).ConfigureAwait(false) is { } lacks)
            {
                problems.Add($"{image} lacks {lacks}");
            }
        }

        if (problems.Count == disks.Images.Count)
        {
            throw new XenDriverDomainException(
                ErrorIds.BootConfigNotVerified,
                ErrorKind.InvalidState,
                $"{disks.Programs[0].Program} reported no error, but {string.Join("; ", problems)}.",
                "Look at the program's own configuration, and at the space that is left in /boot.",
                disks.Images[0]);
        }

        if (problems.Count > 0)
        {
            dom0.Reporter.Warning($"Not all initial RAM disks are as they should be: {string.Join("; ", problems)}. Booted with one of "
                + "them, pciback may come too late.");
        }
    }

    private async Task<string?> LacksAsync(string image, CancellationToken cancellationToken)
    {
        if (disks.List is not { } list || (files.Count == 0 && module is null))
        {
            return null;
        }

        CommandResult result = await dom0.Commands.RunAsync(list(image), cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            // It was made anew; that no program can look into it is no reason to take all back.
            dom0.Reporter.Warning($"What is in {image} could not be seen: {Terminal.Text.Show(result.StandardError.Trim(), 200)}");
            return null;
        }

        // etc/x, ./etc/x, or what ls -l says of it.
        string[] names =
            [.. result.StandardOutput.Split('\n').Select(line => line.TrimEnd()).Select(line => line[(line.LastIndexOf(' ') + 1)..])];
        return files.FirstOrDefault(file => !names.Any(name => name == file[1..] || name == $".{file}"))
            ?? (module is not null && !names.Any(name => IsModule(name, module)) ? $"the module {module}" : null);
    }

    // xen-pciback.ko, .ko.gz, .ko.xz or .ko.zst.
    private static bool IsModule(string path, string module)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        int end = name.IndexOf(".ko", StringComparison.Ordinal);
        return end > 0 && Boot.Loaders.ModprobeReader.IsModule(name[..end], module);
    }

    // Its number, time and length; one second is less than making one takes.
    private async Task<Dictionary<string, string>> StampsAsync(CancellationToken cancellationToken)
    {
        if (disks.Images.Count == 0)
        {
            return [];
        }

        CommandResult result = await dom0.Commands
            .RunAsync(new CommandRequest("stat", ["-L", "-c", "%i-%Y-%s %n", .. disks.Images]) { OnlyLooks = true }, cancellationToken)
            .ConfigureAwait(false);
        return result.StandardOutput.Split('\n').Select(line => line.Split(' ', 2)).Where(words => words.Length == 2)
            .ToDictionary(words => words[1], words => words[0], StringComparer.Ordinal);
    }
}
