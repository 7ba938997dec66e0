using System.Globalization;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Xl;

/// <summary>What <c>xl info</c> says of a host. A key that an old or new xl does not print is null (xl_info.c, output_xeninfo).</summary>
public sealed record XlInfo
{
    private XlInfo(IReadOnlyDictionary<string, string> values) => Values = values;

    /// <summary>All keys and values as printed, fit to be shown.</summary>
    public IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>dom0's node name.</summary>
    public string? Host => Get("host");

    /// <summary>dom0's kernel release.</summary>
    public string? KernelRelease => Get("release");

    /// <summary>The machine, such as x86_64.</summary>
    public string? Machine => Get("machine");

    /// <summary>Physical CPUs that are online.</summary>
    public int? CpuCount => GetNumber("nr_cpus");

    /// <summary>The host's memory in MiB.</summary>
    public int? TotalMemoryMB => GetNumber("total_memory");

    /// <summary>Memory that no domain has, in MiB.</summary>
    public int? FreeMemoryMB => GetNumber("free_memory");

    /// <summary>Xen's version in full, such as 4.17.7.</summary>
    public string? XenVersion => Get("xen_version");

    /// <summary>Xen's command line.</summary>
    public string? XenCommandLine => Get("xen_commandline");

    /// <summary>Xen's scheduler.</summary>
    public string? Scheduler => Get("xen_scheduler");

    /// <summary>What the hardware offers to guests: pv, hvm, hap, hvm_directio, …; empty when xl does not say.</summary>
    public IReadOnlyList<string> VirtualizationCapabilities =>
        Get("virt_caps")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>
    /// True when PCI devices can be given to domains. hvm_directio stands for the IOMMU; since 4.13 PV guests need it, too, which
    /// pv_directio says (libxl_create.c, libxl__domain_config_setdefault).
    /// </summary>
    public bool HasIommu => VirtualizationCapabilities.Any(c => c is "hvm_directio" or "pv_directio");

    /// <summary>Major and minor version; null when xl does not say.</summary>
    public Version? Version =>
        GetNumber("xen_major") is { } major && GetNumber("xen_minor") is { } minor ? new Version(major, minor) : null;

    /// <summary>
    /// Reads the lines <c>key : value</c> of <c>xl info</c>; anything else is skipped. The first of two equal keys counts.
    /// </summary>
    public static XlInfo Parse(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (ReadOnlySpan<char> line in output.AsSpan().EnumerateLines())
        {
            int colon = line.IndexOf(':');
            ReadOnlySpan<char> key = colon > 0 ? line[..colon].Trim(' ') : [];
            if (key.Length > 0 && !key.Contains(' '))
            {
                values.TryAdd(Text.Show(key.ToString(), 64), Text.Show(line[(colon + 1)..].Trim(' ').ToString(), 4096));
            }
        }

        return new XlInfo(values);
    }

    private string? Get(string key) => Values.TryGetValue(key, out string? value) ? value : null;

    private int? GetNumber(string key) =>
        int.TryParse(Get(key), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
