using XenDriverDomain.Access;
using XenDriverDomain.Assignment.AtBoot;
using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Changes;
using XenDriverDomain.Hide;

namespace XenDriverDomain.Traces;

/// <summary>
/// Traces in dom0's boot files: what pciback is told to take, and what has it loaded early. What an administrator wrote looks the same; so
/// only those files count that this module made, or that have its copy beside them.
/// </summary>
internal static class BootTraces
{
    /// <summary>Finds them.</summary>
    /// <param name="dom0">The host's id.</param>
    /// <param name="boot">How it boots.</param>
    /// <param name="answer">What <see cref="FileTraces.Query"/> gave: copies, and what makes initial RAM disks.</param>
    public static IEnumerable<HostTrace> Find(string dom0, BootSituation boot, BulkAnswer answer)
    {
        BootScene scene = boot.Scene;
        IReadOnlyList<string> own = EarlyLoading.OursNow(scene, HasCopy);
        bool HasCopy(string path) => answer.Names.Contains(path + BootChange.Backup);
        bool IsChanged(string path) => own.Contains(path) || HasCopy(path);
        return [.. Hidden(dom0, boot, IsChanged), .. Early(dom0, scene, own, IsChanged, RamDisksOf(scene, answer))];
    }

    private static IEnumerable<HostTrace> Hidden(string dom0, BootSituation boot, Func<string, bool> isChanged) =>
        from configuration in boot.Modprobe is { } modprobe ? boot.Loaders.Append(modprobe) : boot.Loaders
        from line in configuration.Lines
        where isChanged(line.Path)
        let value = HideWord.Find(line.Text, configuration.Parameter)?.Value
        where value is not null
        from part in HideList.Parse(value).Parts
        let address = part.Element?.Address
        where address is not null
        let isOneOfSeveral = boot.Loaders.Count > 1 && configuration.Loader != BootLoader.Modprobe
        select HostTrace.Of(
            dom0,
            HostTraceKind.AtBoot,
            line.Path,
            address.Value.ToString(),
            $"has pciback take {address} at boot (line {line.Line})",
            $"Remove-XenPciAssignable -Address {address} -AtBoot"
                + (isOneOfSeveral ? $" -BootLoader {configuration.Loader}" : string.Empty));

    private static IEnumerable<HostTrace> Early(
        string dom0, BootScene scene, IReadOnlyList<string> own, Func<string, bool> isChanged, string ramDisks)
    {
        foreach (string path in own)
        {
            EarlyLine[] lines = [.. EarlyLoading.LinesOf(scene).Where(line => line.Path == path)];
            if (lines.Length > 0 || string.IsNullOrWhiteSpace(scene.Files[path]))
            {
                yield return HostTrace.Of(
                    dom0, HostTraceKind.EarlyLoading, path, Subjects(lines),
                    lines.Length == 0 ? "a file in which nothing is left" : "has pciback loaded before other drivers",
                    TraceCommands.File(path) + ramDisks);
            }
        }

        foreach (EarlyLine line in EarlyLoading.LinesOf(scene).Where(line => !own.Contains(line.Path) && isChanged(line.Path)))
        {
            yield return HostTrace.Of(
                dom0, HostTraceKind.EarlyLoading, line.Path, line.Subject, "has pciback loaded before other drivers",
                (line.Word is { } word ? TraceCommands.Word(line.Path, line.Text, word) : TraceCommands.Line(line.Path, line.Text))
                    + ramDisks);
        }
    }

    private static string? Subjects(EarlyLine[] lines) => lines.Select(line => line.Subject).OfType<string>().Distinct().ToArray() switch
    {
        [] => null,
        { } subjects => string.Join(", ", subjects),
    };

    // What is in the initial RAM disks goes when they are made anew.
    private static string RamDisksOf(BootScene scene, BulkAnswer answer) => RamDisks.Find(scene, answer) is { } disks
        ? string.Concat(disks.Programs.Select(program => $" && {new RunProgram(program).ToShell()}"))
        : string.Empty;
}
