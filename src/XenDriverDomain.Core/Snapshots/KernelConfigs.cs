using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Kernels;

namespace XenDriverDomain.Snapshots;

/// <summary>How the running kernel was configured, as the files say from which Test-XenKernelConfig reads it.</summary>
internal static partial class KernelConfigs
{
    /// <summary>The files by path, as text and with their lines' numbers; none where the host has none, or where they cannot be read.</summary>
    public static async Task<IReadOnlyDictionary<string, FileText>> RecordAsync(IDom0Files files, LeftOutLog leftOut, CancellationToken cancellationToken)
    {
        Dictionary<string, FileText> recorded = new(StringComparer.Ordinal);
        try
        {
            foreach ((string path, byte[] content) in await new KernelConfigReader(files).ReadFilesOfRunningAsync(cancellationToken).ConfigureAwait(false))
            {
                if (content.Length > SnapshotRules.LongestText)
                {
                    leftOut.Add(path, $"it has more than {SnapshotRules.LongestText} bytes");
                    continue;
                }

                string text = ByteText.Of(content);
                recorded[path] = new FileText(Reduce(text.EndsWith('\n') ? text[..^1] : text, leftOut));
            }
        }
        catch (XenDriverDomainException e) when (e.Kind != ErrorKind.Connection)
        {
            leftOut.Add("the configuration of the running kernel", e.Message);
        }

        return recorded;
    }

    // CONFIG_CMDLINE and CONFIG_CMDLINE_FORCE's kin: a command line that is built in.
    private static string Reduce(string text, LeftOutLog leftOut) => Texts().Replace(text, match =>
    {
        string name = match.Groups["name"].Value, value = match.Groups["value"].Value;
        string kept = Secrets.IsSecretName(name) ? Secrets.Mask : name.Contains("CMDLINE", StringComparison.Ordinal) ? KernelCommandLine.ReduceInPlace(value).Kept : Secrets.MaskIn(value);
        if (kept == value)
        {
            return match.Value;
        }

        leftOut.Add("texts in the configuration of the kernel", "they are not known to be harmless");
        return $"CONFIG_{name}=\"{kept}\"";
    });

    [GeneratedRegex("""^CONFIG_(?<name>[A-Za-z0-9_]+)="(?<value>.+)"[ \t\r]*$""", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Texts();
}
