using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Assignment.AtBoot;
using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Pci;
using XenDriverDomain.Traces;

namespace XenDriverDomain.Tests.Assignment.AtBoot;

/// <summary>
/// Boot files as they are found on hosts: what hiding 03:00.0 and 04:00.1 makes of them, byte for byte, and that taking it back leaves no
/// trace. A case has its files in before/ and, as far as they change, in after/; case.txt says what else the host has.
/// </summary>
public class CorpusTests
{
    private static readonly PciAddress[] s_addresses = [PciAddress.Parse("03:00.0"), PciAddress.Parse("04:00.1")];

    private static string Root => Path.Combine(AppContext.BaseDirectory, "Assignment", "AtBoot", "Corpus");

    public static TheoryData<string> Cases() => [.. Names];

    private static IEnumerable<string> Names =>
        Directory.GetDirectories(Root).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);

    [Fact]
    public void There_are_cases_of_every_loader() => Assert.Equal(
        Enum.GetNames<BootLoader>().Order(), Names.Select(name => Meta(name)["loader"]).Distinct().Order());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Hiding_changes_nothing_else(string name)
    {
        Dictionary<string, string> before = Files(name, "before");
        (BootSituation situation, BootConfiguration configuration) = Look(name, before);
        BootEdits edits = Add(name, situation, configuration);

        Assert.Equal(Files(name, "after"), edits.All.ToDictionary(edit => edit.Path, edit => edit.After));
        string? runs = Meta(name).GetValueOrDefault("runs");
        CommandRequest[] programs = configuration.Loader == BootLoader.Modprobe
            ? [.. RamDisks.Find(situation.Scene, new BulkAnswer(before, new Dictionary<string, string>(), situation.Scene.Names))!.Programs]
            : [.. configuration.Regeneration];
        string[] expected = runs is not null
            ? runs.Split(" + ")
            : configuration.Loader == BootLoader.Grub2 ? ["/usr/sbin/update-grub"] : [];
        Assert.Equal(expected, programs.Select(program => string.Join(' ', program.Arguments.Prepend(program.Program))));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_hidden_is_seen_and_hiding_it_again_changes_nothing(string name)
    {
        Dictionary<string, string> before = Files(name, "before");
        (BootSituation situation, BootConfiguration configuration) = Look(name, before);
        PciDevice other = new() { Dom0 = "dom0", Address = PciAddress.Parse("05:00.0") };
        Assert.Equal(
            configuration.Loader == BootLoader.Modprobe && situation.Loaders.Count == 0
                && !before.Values.Any(text => text.Contains("hide=", StringComparison.Ordinal))
                ? PciNextBootState.Unknown
                : PciNextBootState.Host,
            situation.StateOf(other));

        Dictionary<string, string> after = Apply(before, Add(name, situation, configuration));
        (situation, configuration) = Look(name, after);

        Assert.All(
            s_addresses,
            address => Assert.Equal(PciNextBootState.Assignable, situation.StateOf(new PciDevice { Dom0 = "dom0", Address = address })));
        Assert.Equal(PciNextBootState.Host, situation.StateOf(other));
        Assert.Equal(PciNextBootState.Assignable, situation.StateOf(other with { BridgePath = [s_addresses[0]] }));
        Assert.Empty(Add(name, situation, configuration).All);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Taking_it_back_leaves_no_trace(string name)
    {
        Dictionary<string, string> before = Files(name, "before");
        (BootSituation situation, BootConfiguration configuration) = Look(name, before);
        PciAddress[] added = [.. s_addresses.Where(
            address => situation.StateOf(new PciDevice { Dom0 = "dom0", Address = address }) != PciNextBootState.Assignable)];
        Dictionary<string, string> after = Apply(before, Add(name, situation, configuration));

        (situation, configuration) = Look(name, after);
        BootEdits edits = new(after);
        edits.Edit(configuration, line => HideEdit.Remove(line, configuration.Parameter, part => added.Any(part.Element!.Covers)));

        // Copies are beside what was changed.
        EarlyLoading.Dismiss(
            situation.Scene,
            before.Where(file => after[file.Key] != file.Value).ToDictionary(StringComparer.Ordinal),
            edits.Edit);
        Dictionary<string, string> again = Apply(after, edits);

        // Assignments that had to be made stay, empty; quotes that had to be put stay.
        string[] stay =
        [
            "extlinux-alpine-unquoted", "grub2-arch-no-variable", "grub2-unquoted-no-newline", "grub-legacy-no-parameters",
            "extlinux-no-parameters",
        ];
        // A file that is called as ours and says nothing else is ours, whoever made it.
        IReadOnlyList<string> ours = EarlyLoading.OwnFilesOf(situation.Scene);
        Dictionary<string, string> Rest(Dictionary<string, string> files) =>
            files.Where(file => file.Value.Length > 0 && !ours.Contains(file.Key)).ToDictionary(StringComparer.Ordinal);
        if (!stay.Contains(name))
        {
            Assert.Equal(Rest(before), Rest(again));
            Assert.All(ours, path => Assert.True(string.IsNullOrEmpty(again.GetValueOrDefault(path)) || again[path] == before[path]));
        }

        Assert.All(
            added,
            address => Assert.NotEqual(
                PciNextBootState.Assignable, Look(name, again).Situation.StateOf(new PciDevice { Dom0 = "dom0", Address = address })));
    }

    // With the copies that a change leaves beside what was there.
    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_written_is_found_again_as_a_trace(string name)
    {
        Dictionary<string, string> before = Files(name, "before");
        (BootSituation situation, BootConfiguration configuration) = Look(name, before);
        BootEdits edits = Add(name, situation, configuration);
        HashSet<string> copies = [.. edits.All.Where(edit => edit.Before is not null).Select(edit => edit.Path + BootChange.Backup)];
        (situation, configuration) = Look(name, Apply(before, edits));
        HostTrace[] traces = [.. BootTraces.Find(
            "dom0", situation, new BulkAnswer(new Dictionary<string, string>(), new Dictionary<string, string>(), copies))];
        EarlyLine[] lines = [.. EarlyLoading.LinesOf(situation.Scene)];

        Assert.All(edits.All, edit => Assert.Contains(traces, trace => trace.Path == edit.Path));
        foreach ((string path, string? old, string now) in edits.All)
        {
            Assert.All(
                now.Split('\n').Except((old ?? string.Empty).Split('\n')).Where(line => line.Length > 0),
                added => Assert.True(
                    added.Contains("hide=", StringComparison.Ordinal) || lines.Any(line => line.Path == path
                        && (line.Word is null ? line.Text == added : added.StartsWith(line.Text, StringComparison.Ordinal))),
                    $"{path}: {added}"));
        }

        Assert.All(
            s_addresses,
            address => Assert.Contains(
                traces,
                trace => trace.Kind == HostTraceKind.AtBoot && trace.Subject == address.ToString()
                    && trace.Remedy.StartsWith($"Remove-XenPciAssignable -Address {address} -AtBoot", StringComparison.Ordinal)));
    }

    private static BootEdits Add(string name, BootSituation situation, BootConfiguration configuration)
    {
        BootEdits edits = new(situation.Scene.Files);
        edits.Edit(configuration, line => HideEdit.Add(line, configuration.Parameter, s_addresses));
        if (Meta(name).TryGetValue("drivers", out string? drivers))
        {
            EarlyLoading.Arrange(situation.Scene, drivers.Split(' '), edits.Edit);
        }

        return edits;
    }

    private static Dictionary<string, string> Apply(Dictionary<string, string> files, BootEdits edits)
    {
        Dictionary<string, string> changed = new(files);
        foreach ((string path, _, string after) in edits.All)
        {
            changed[path] = after;

            // A link, as Red Hat has it, shows the same.
            if (path == "/boot/grub/grub.conf" && changed.ContainsKey("/boot/grub/menu.lst"))
            {
                changed["/boot/grub/menu.lst"] = after;
            }
        }

        return changed;
    }

    private static (BootSituation Situation, BootConfiguration Configuration) Look(string name, Dictionary<string, string> files)
    {
        Dictionary<string, string> meta = Meta(name);
        HashSet<string> names = [.. meta.GetValueOrDefault("names", string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        if (meta["loader"] != nameof(BootLoader.Modprobe) && !names.Contains("/sys/module/pciback"))
        {
            names.Add("/sys/module/xen_pciback");
        }

        BootSituation situation = BootSituation.From(
            files, names,
            new Dictionary<string, string> { ["/proc/sys/kernel/osrelease"] = meta.GetValueOrDefault("release", "6.1.0-28-amd64") });
        BootConfiguration configuration = situation.Choose("dom0", new AtBootOptions());
        Assert.Equal(meta["loader"], configuration.Loader.ToString());
        Assert.Equal(meta.GetValueOrDefault("path", configuration.Path), configuration.Path);
        return (situation, configuration);
    }

    private static Dictionary<string, string> Meta(string name) => File.ReadAllLines(Path.Combine(Root, name, "case.txt"))
        .Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    private static Dictionary<string, string> Files(string name, string kind)
    {
        string folder = Path.Combine(Root, name, kind);
        return Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(path => path[folder.Length..], path => Encoding.Latin1.GetString(File.ReadAllBytes(path)));
    }
}
