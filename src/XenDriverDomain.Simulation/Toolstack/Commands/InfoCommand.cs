using System.Globalization;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl info</c>.</summary>
internal sealed class InfoCommand : IXlCommand
{
    private const int CpuKHz = 2_596_123;

    private static readonly string[] s_changing =
        ["free_memory", "sharing_freed_memory", "sharing_used_memory", "outstanding_claims", "free_cpus"];

    /// <inheritdoc/>
    public string Name => "info";

    /// <inheritdoc/>
    public string Usage => "[options] [resource]";

    /// <inheritdoc/>
    public string Description => "Get information about Xen host";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, "n", 0, ("numa", 'n'));
        string? only = arguments.Rest.Count > 0 ? arguments.Rest[0] : null;
        foreach ((string key, string value) in Answers(process))
        {
            if (only is null)
            {
                process.Print($"{key,-23}: {value}");
            }
            else if (only == key)
            {
                process.Print(value);
            }
        }

        return Task.FromResult(0);
    }

    // What is known of a real host stands above what is made up; what it does not say at all is not made up.
    private static IEnumerable<(string Key, string Value)> Answers(XlProcess process)
    {
        IReadOnlyDictionary<string, string> known = process.World.Machine.Host.XlInfo;
        HashSet<string> made = [];
        foreach ((string key, string value) in Values(process))
        {
            made.Add(key);
            if (known.Count == 0 || s_changing.Contains(key))
            {
                yield return (key, value);
            }
            else if (known.TryGetValue(key, out string? real))
            {
                yield return (key, Known(process, key, real));
            }
        }

        foreach ((string key, string value) in known)
        {
            if (!made.Contains(key))
            {
                yield return (key, value);
            }
        }
    }

    private static string Known(XlProcess process, string key, string value) => key == "virt_caps" && !process.World.Machine.HasIommu
        ? string.Join(' ', value.Split(' ').Where(word => !word.EndsWith("_directio", StringComparison.Ordinal)))
        : value;

    private static IEnumerable<(string Key, string Value)> Values(XlProcess process)
    {
        HostDescription host = process.World.Machine.Host;
        string version = $"{host.XenVersion.Major}.{host.XenVersion.Minor}";
        string extra = $".{Math.Max(0, host.XenVersion.Build)}";
        yield return ("host", host.HostName);
        yield return ("release", host.KernelRelease);
        yield return ("version", host.KernelVersion);
        yield return ("machine", "x86_64");
        yield return ("nr_cpus", Number(host.CpuCount));
        yield return ("max_cpu_id", Number(host.CpuCount - 1));
        yield return ("nr_nodes", "1");
        yield return ("cores_per_socket", Number(host.CpuCount));
        yield return ("threads_per_core", "1");
        yield return ("cpu_mhz", string.Create(CultureInfo.InvariantCulture, $"{CpuKHz / 1000}.{CpuKHz % 1000:d3}"));
        yield return ("hw_caps", "178bf3ff:f6d8320b:2e500800:244037ff:0000000f:219c91a9:00400004:00000500");
        yield return ("virt_caps", process.World.Machine.HasIommu
            ? "pv hvm hvm_directio pv_directio hap gnttab-v1 gnttab-v2"
            : "pv hvm hap gnttab-v1 gnttab-v2");
        yield return ("total_memory", Number(host.TotalMemoryMB));
        yield return ("free_memory", Number(process.World.Hypervisor.FreeMemoryMB));
        yield return ("sharing_freed_memory", "0");
        yield return ("sharing_used_memory", "0");
        yield return ("outstanding_claims", "0");
        yield return ("free_cpus", "0");
        yield return ("xen_major", Number(host.XenVersion.Major));
        yield return ("xen_minor", Number(host.XenVersion.Minor));
        yield return ("xen_extra", extra);
        yield return ("xen_version", version + extra);
        yield return ("xen_caps", "xen-3.0-x86_64 hvm-3.0-x86_32 hvm-3.0-x86_32p hvm-3.0-x86_64 ");
        yield return ("xen_scheduler", host.XenCommandLine.Contains("sched=credit ", StringComparison.Ordinal) ? "credit" : "credit2");
        yield return ("xen_pagesize", "4096");
        yield return ("platform_params", "virt_start=0xffff800000000000");
        yield return ("xen_changeset", string.Empty);
        yield return ("xen_commandline", host.XenCommandLine);
        yield return ("cc_compiler", "x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0");
        yield return ("cc_compile_by", "pkg-xen-devel");
        yield return ("cc_compile_domain", "lists.alioth.debian.org");
        yield return ("cc_compile_date", "Wed Nov  4 16:52:28 UTC 2026");
        yield return ("build_id", "151b373fd64b321593bf987fd923cd10dabadac4");
        yield return ("xend_config_format", "4");
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
