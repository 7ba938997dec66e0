using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Configuration;

/// <summary>
/// A domain's configuration as it was read, from whichever language. Unlike <see cref="DomainConfiguration"/>, which has to be sound,
/// this one holds what is wrong as well: each value knows where it was written, and <see cref="Findings"/> what there is to say about it.
/// </summary>
public sealed record XenDomainConfig
{
    /// <summary>The file as the user called it; null for text without a file.</summary>
    public string? Path { get; init; }

    /// <summary>The language that it was read as.</summary>
    public required DomainConfigFormat Format { get; init; }

    /// <summary>The domain's name; null when it has none, as a single device has.</summary>
    public string? Name { get; init; }

    /// <summary>How it is virtualised; null when the file contradicts itself.</summary>
    public DomainType? Type { get; init; }

    /// <summary>Memory at its start, in MiB.</summary>
    public int? MemoryMB { get; init; }

    /// <summary>Virtual CPUs; null for xl's default, 1.</summary>
    public int? Vcpus { get; init; }

    /// <summary>The kernel image, a path in dom0.</summary>
    public string? Kernel { get; init; }

    /// <summary>The initial RAM disk, a path in dom0.</summary>
    public string? Ramdisk { get; init; }

    /// <summary>What the kernel gets as its command line, from cmdline, or from root and extra.</summary>
    public string? CommandLine { get; init; }

    /// <summary>Its PCI devices.</summary>
    public IReadOnlyList<ConfigPciDevice> PciDevice { get; init => field = TextList.OfTexts(value); } =
        TextList.OfTexts<ConfigPciDevice>([]);

    /// <summary>Its network interfaces.</summary>
    public IReadOnlyList<ConfigVif> Vif { get; init => field = TextList.OfTexts(value); } = TextList.OfTexts<ConfigVif>([]);

    /// <summary>Its disks.</summary>
    public IReadOnlyList<ConfigDisk> Disk { get; init => field = TextList.OfTexts(value); } = TextList.OfTexts<ConfigDisk>([]);

    /// <summary>
    /// Every setting by xl's name, in order, those of the properties above included; devices of other sorts are kept here as they are.
    /// </summary>
    public IReadOnlyList<ConfigSetting> Settings { get; init => field = TextList.OfTexts(value); } = TextList.OfTexts<ConfigSetting>([]);

    /// <summary>What cannot work, and where xl would do something else than the text seems to say.</summary>
    public IReadOnlyList<Finding> Findings { get; init => field = TextList.OfTexts(value); } = TextList.OfTexts<Finding>([]);

    /// <summary>What became of each setting of an xm or SXP file; empty for an xl.cfg.</summary>
    public IReadOnlyList<ConversionEntry> Conversion { get; init => field = TextList.OfTexts(value); } =
        TextList.OfTexts<ConversionEntry>([]);

    /// <summary>The text of the xl.cfg: what was read, when that is the language; else the conversion, without what was refused.</summary>
    public string XlConfig => Document.Text;

    /// <summary>True when nothing is wrong with it: it has no finding that is an error.</summary>
    public bool IsSound => Findings.All(f => f.Severity != FindingSeverity.Error);

    /// <summary>The xl.cfg.</summary>
    internal XlConfigDocument Document { get; init; } = XlConfigDocument.Empty;

    /// <summary>The bytes of the xl.cfg: UTF-8 without a byte order mark, or those that were read.</summary>
    /// <param name="leaveOutRefused">Whether settings that could not be carried over may be missing.</param>
    /// <exception cref="XenDriverDomainException">ConfigConversionRefused: some could not be carried over.</exception>
    public byte[] ToXlConfig(bool leaveOutRefused = false) => Converted(leaveOutRefused).Write();

    /// <summary>Looks whether <see cref="XlConfig"/> has everything that was read.</summary>
    /// <param name="leaveOutRefused">Whether settings that could not be carried over may be missing.</param>
    /// <exception cref="XenDriverDomainException">ConfigConversionRefused: some could not be carried over.</exception>
    public void RequireConvertible(bool leaveOutRefused = false)
    {
        ConversionEntry[] refused = [.. Conversion.Where(e => e.Action == ConversionAction.Refused)];
        if (!leaveOutRefused && refused.Length > 0)
        {
            throw new XenDriverDomainException(
                ErrorIds.ConfigConversionRefused,
                ErrorKind.NotSupported,
                string.Join(" ", refused.Select(e => $"{Place(e)}{e.Setting} = '{Terminal.Text.Show(e.Value, 60)}': {e.Reason}.")),
                "Change or remove these settings in the file; -Force writes the others without them.",
                Path);
        }
    }

    /// <summary>The xl.cfg, unless something is missing from it.</summary>
    /// <exception cref="XenDriverDomainException">ConfigConversionRefused.</exception>
    internal XlConfigDocument Converted(bool leaveOutRefused = false)
    {
        RequireConvertible(leaveOutRefused);
        return Document;
    }

    private static string Place(ConversionEntry entry) => entry.Line is null ? string.Empty : $"{entry.Location}: ";
}

/// <summary>The languages that a domain's configuration can be written in.</summary>
public enum DomainConfigFormat
{
    /// <summary>Whichever the text is; what it was read as stands in the result.</summary>
    Auto,

    /// <summary>xl.cfg(5).</summary>
    Xl,

    /// <summary>A configuration file of xm, a program in Python 2.</summary>
    Xm,

    /// <summary>SXP, as <c>xm create -F</c> took and <c>xm list --long</c> printed it.</summary>
    Sxp,
}

/// <summary>A setting by xl's name.</summary>
/// <param name="Name">Its key in xl.cfg.</param>
/// <param name="Text">Its value as xl.cfg has it, quotes included.</param>
/// <param name="Location">Where it was written.</param>
public sealed record ConfigSetting(string Name, string Text, ConfigLocation Location) : ConfigItem(Text, Location);
