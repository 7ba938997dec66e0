using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Import;
using XenDriverDomain.Configuration.XlCfg;

namespace XenDriverDomain.Bench;

/// <summary>
/// Readers of configurations: a large xl.cfg, and a file of xm's from the corpus. The peer cuts the large one into lines and at '='.
/// </summary>
[MemoryDiagnoser]
public class ConfigurationBenchmarks
{
    private const int Disks = 2000;
    private readonly string _xl = Large();
    private readonly string _xm = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "pci-loop.xm"));

    /// <summary>No reader at all.</summary>
    [Benchmark(Baseline = true)]
    public int CutLines()
    {
        int sum = 0;
        foreach (string line in _xl.Split('\n'))
        {
            sum += line.Split('=', 2).Length;
        }

        return sum;
    }

    /// <summary>The document, with all that writes it as it was.</summary>
    [Benchmark]
    public int ParseXlCfg() => XlConfigDocument.Parse(_xl).Keys.Count();

    /// <summary>The same with what its settings mean.</summary>
    [Benchmark]
    public int ImportXlCfg() => DomainConfigImporter.Read(_xl, "large.cfg", DomainConfigFormat.Xl).Settings.Count;

    /// <summary>The interpreter of xm's Python, and the conversion of what it gives.</summary>
    [Benchmark]
    public int ImportXm() => DomainConfigImporter.Read(_xm, "pci-loop.xm", DomainConfigFormat.Xm).Settings.Count;

    private static string Large()
    {
        StringBuilder text = new("# a large file\nname = \"large\"\nmemory = 1024\nkernel = '/boot/vmlinuz'\ndisk = [\n");
        for (int i = 0; i < Disks; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"    'format=raw, vdev=xvd{i}, access=rw, target=/dev/vg0/disk{i}', # number {i}\n");
        }

        text.Append("]\n");
        for (int i = 0; i < Disks; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"setting_{i} = \"value {i}\"\n");
        }

        return text.ToString();
    }
}
