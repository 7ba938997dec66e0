using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Kernels;
using XenDriverDomain.Snapshots.Redaction;

namespace XenDriverDomain.Snapshots;

/// <summary>How the running kernel was configured, as the files say from which Test-XenKernelConfig reads it.</summary>
internal static partial class KernelConfigs
{
    // The others are paths of files that were built in, of keys and certificates among them.
    private static readonly string[] s_texts =
    [
        "CC_VERSION_TEXT", "RUSTC_VERSION_TEXT", "LOCALVERSION", "BUILD_SALT", "DEFAULT_HOSTNAME", "DEFAULT_INIT", "DEFAULT_TCP_CONG",
        "LSM", "MODPROBE_PATH", "UEVENT_HELPER_PATH", "OUTPUT_FORMAT", "PGTABLE_LEVELS", "RTC_HCTOSYS_DEVICE", "RTC_SYSTOHC_DEVICE",
        "NLS_DEFAULT", "FAT_DEFAULT_IOCHARSET", "DEFCONFIG_LIST", "MODULE_SIG_HASH", "IO_DELAY_TYPE_0X80",
    ];

    /// <summary>
    /// The files by path, as text and with their lines' numbers; none where the host has none, or where they cannot be read.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, FileText>> RecordAsync(
        IDom0Files files, LeftOutLog leftOut, CancellationToken cancellationToken)
    {
        Dictionary<string, FileText> recorded = new(StringComparer.Ordinal);
        try
        {
            foreach ((string path, byte[] content) in await new KernelConfigReader(files).ReadFilesOfRunningAsync(cancellationToken)
                .ConfigureAwait(false))
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
        string kept = name.Contains("CMDLINE", StringComparison.Ordinal) ? HarmlessWords.ReduceInPlace(value, HarmlessWords.Kind.Linux).Kept
            : s_texts.Contains(name) && HarmlessWords.IsPlain(value) ? value
            : Secrets.Mask;
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
