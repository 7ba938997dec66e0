using System.Diagnostics;
using System.Globalization;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Sxp;
using XenDriverDomain.Configuration.Xm;
using XenDriverDomain.Fuzz;

// Usage: Fuzz xm|sxp|xl SEEDS [COUNT] [SEED]
// SEEDS is a folder of files or one file. Stops at the first input that ends with anything but a value or a ConfigException, and
// prints it; else prints inputs per second, the worst time per KB (an input below 1 KB counts as 1 KB), and the memory used.
if (args.Length < 2)
{
    Console.Error.WriteLine("Usage: Fuzz xm|sxp|xl SEEDS [COUNT] [SEED]");
    return 2;
}

Func<string, object> read = args[0] switch
{
    "xm" => text => XmFile.Run(text, "fuzz", new XmRunOptions { Variables = [new("beid", "4")] }),
    "sxp" => text => SxpDocument.Parse(text, "fuzz"),
    "xl" => text => XlConfigDocument.Parse(text, "fuzz"),
    _ => throw new ArgumentException("The reader is xm, sxp or xl."),
};
string[] seeds = Directory.Exists(args[1])
    ? [.. Directory.GetFiles(args[1], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)]
    : [File.ReadAllText(args[1])];
long count = args.Length > 2 ? long.Parse(args[2], CultureInfo.InvariantCulture) : 100_000;
int seed = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 1;
Mutator mutator = new(seeds, seed);
double worst = 0;
string worstInput = string.Empty;
long refused = 0;
long allocatedMost = 0;
Stopwatch all = Stopwatch.StartNew();
for (long i = 0; i < count; i++)
{
    string text = mutator.Next();
    long allocated = GC.GetAllocatedBytesForCurrentThread();
    long start = Stopwatch.GetTimestamp();
    try
    {
        read(text);
    }
    catch (ConfigException)
    {
        refused++;
    }
    catch (Exception error)
    {
        Console.WriteLine($"input {i} of seed {seed}: {error}\n---\n{text}\n---");
        return 1;
    }

    double perKilobyte = PerKilobyte(Stopwatch.GetElapsedTime(start), text);
    allocatedMost = Math.Max(allocatedMost, GC.GetAllocatedBytesForCurrentThread() - allocated);

    // The first inputs pay for compilation.
    if (i > 1000 && perKilobyte > worst && (perKilobyte = Math.Min(perKilobyte, Again(text))) > worst)
    {
        (worst, worstInput) = (perKilobyte, text);
    }
}

using Process self = Process.GetCurrentProcess();
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{count} inputs (seed {seed}), {refused} refused, {count / all.Elapsed.TotalSeconds:F0}/s, worst {worst:F1} ms per KB, "
    + $"at most {allocatedMost >> 10} KiB allocated for one, peak working set {self.PeakWorkingSet64 >> 20} MiB"));
Console.WriteLine($"worst input:\n---\n{worstInput}\n---");
return 0;

static double PerKilobyte(TimeSpan time, string text) => time.TotalMilliseconds / Math.Max(1, text.Length / 1024.0);

// Another process in the way is no fault of the input: the best of three counts.
double Again(string text) => Enumerable.Range(0, 3).Min(_ =>
{
    long start = Stopwatch.GetTimestamp();
    try
    {
        read(text);
    }
    catch (ConfigException)
    {
    }

    return PerKilobyte(Stopwatch.GetElapsedTime(start), text);
});
