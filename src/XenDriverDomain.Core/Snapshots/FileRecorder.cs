using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Boot;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Snapshots.BootFiles;
using XenDriverDomain.Snapshots.Redaction;

namespace XenDriverDomain.Snapshots;

/// <summary>Records files, links and names: one bulk read, and the tables that are longer than it may bring.</summary>
internal sealed class FileRecorder(IDom0Files files, LeftOutLog leftOut)
{
    /// <summary>Under which the mounts are recorded, whoever's they are.</summary>
    public const string Mounts = "/proc/1/mountinfo";

    private const string OwnMounts = "/proc/self/mountinfo";
    private const int TableLimit = 4 * 1024 * 1024;

    private readonly BootFileReducer _boot = new(leftOut);
    private readonly ConfigurationReducer _configurations = new(leftOut);

    /// <summary>Reads them.</summary>
    public async Task<(SortedDictionary<string, FileText> Files, BulkAnswer Answer)> RecordAsync(CancellationToken cancellationToken)
    {
        BulkAnswer answer = await files.ReadManyAsync(SnapshotQueries.All, cancellationToken).ConfigureAwait(false);
        SortedDictionary<string, FileText> recorded = new(StringComparer.Ordinal);
        foreach ((string path, string text) in answer.Files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            // The first process's mounts are the whole host's; where they may not be read, the reader's own serve.
            if (path == OwnMounts && answer.Files.ContainsKey(Mounts))
            {
                continue;
            }

            string? whole = text.Length >= BulkQuery.FileLimit - 1
                ? await CompleteAsync(path, text, cancellationToken).ConfigureAwait(false)
                : text;
            if (whole is not null && Reduce(path, whole) is { } reduced)
            {
                recorded[path == OwnMounts ? Mounts : path] = new FileText(reduced);
            }
        }

        return (recorded, answer);
    }

    private async Task<string?> CompleteAsync(string path, string text, CancellationToken cancellationToken)
    {
        if (path.StartsWith("/sys/", StringComparison.Ordinal))
        {
            // An attribute ends at one page.
            return text;
        }

        try
        {
            string whole = ByteText.Of(
                await files.ReadAsync(path, IsSetting(path) ? BootReader.FileLimit : TableLimit, cancellationToken).ConfigureAwait(false));
            return whole.EndsWith('\n') ? whole[..^1] : whole;
        }
        catch (XenDriverDomainException e) when (e.Kind != ErrorKind.Connection)
        {
            // Half a table is a table, half a setting is another one.
            bool isTable = !IsSetting(path);
            leftOut.Add(isTable ? $"the end of {path}" : path, e.Message);
            return isTable ? text : null;
        }
    }

    private static bool IsSetting(string path) => BootFileReducer.Takes(path) || SnapshotQueries.Policy.Contains(path);

    private string? Reduce(string path, string text) => path switch
    {
        "/proc/cmdline" => CommandLine(text),
        "/proc/self/status" => KernelTables.Status(text),
        Mounts or OwnMounts => KernelTables.Mounts(text, leftOut),
        "/proc/swaps" => KernelTables.Swaps(text),
        "/proc/net/route" => KernelTables.Routes4(text),
        "/proc/net/ipv6_route" => KernelTables.Routes6(text),
        PcibackPaths.Directory + "/slots" or PcibackPaths.Directory + "/permissive"
            or PcibackPaths.Directory + "/allow_interrupt_control" => KernelTables.Slots(text),
        _ when SnapshotQueries.Policy.Contains(path) => Rules(path, text),
        _ when path.StartsWith(DriverDomainFiles.Directory + "/", StringComparison.Ordinal) => Configuration(path, text),
        _ when BootFileReducer.Takes(path) => _boot.Reduce(path, text),
        _ when path.EndsWith("/resource", StringComparison.Ordinal) => KernelTables.Resource(text),
        _ when path.EndsWith("/driver_override", StringComparison.Ordinal) => text.Trim() is "(null)" or "" ? null : text.Trim(),
        _ => text.TrimEnd(),
    };

    private string CommandLine(string text)
    {
        (string kept, int count) = HarmlessWords.Reduce(text, HarmlessWords.Kind.Linux);
        leftOut.Add("words of the kernel's command line", "they are not about Xen, PCI, the root file system or the console", count);
        return kept;
    }

    private string? Configuration(string path, string text)
    {
        // The bulk read took one newline from the end.
        string? reduced = _configurations.Reduce(Encoding.Latin1.GetBytes(text.EndsWith('\n') ? text : text + "\n"));
        if (reduced is null)
        {
            NotUnderstood(path);
        }

        return reduced?.TrimEnd('\n');
    }

    // A rule a line, or xend's expressions: the grammars have no place for a secret, but comments have.
    private string? Rules(string path, string text)
    {
        if (PolicyBootUnit.ContentOf(path) is { } own)
        {
            // A program or a unit is ours, or somebody has changed it and may have put anything into it.
            if (text.TrimEnd('\n') == own.TrimEnd('\n'))
            {
                return text;
            }

            leftOut.Add(path, "it is not as this module wrote it, and may hold anything");
            return null;
        }

        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            int comment = lines[i].IndexOf('#', StringComparison.Ordinal);
            if (comment >= 0 && !HarmlessWords.IsKnownComment(lines[i][comment..]) && !PciPolicyText.IsOwnComment(lines[i]))
            {
                leftOut.Add(HarmlessWords.Comments, HarmlessWords.WhyComments);
                lines[i] = $"{lines[i][..comment]}# {Secrets.Mask}";
            }

            if (Secrets.MayHoldSecret(lines[i]))
            {
                NotUnderstood(path);
                return null;
            }
        }

        return string.Join('\n', lines);
    }

    private void NotUnderstood(string path) => leftOut.Add(path, "it cannot be understood, so secrets could not be told from the rest");
}
