using System.Diagnostics;
using System.Globalization;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Fuzz;

/// <summary>Reads a range of inputs, and keeps what went wrong and what was worst.</summary>
internal sealed class Campaign(Target target, InputSource source)
{
    // What the product promises: 100 ms for each KB, where less than 1 KB counts as 1 KB.
    private const double SlowestPerKilobyte = 100;
    private const int MostFailures = 20;

    private readonly HashSet<string> _kinds = [];
    private long _read;
    private long _refused;
    private long _characters;
    private long _mostAllocated;
    private double _worst;
    private string _worstInput = string.Empty;

    /// <summary>True when every input so far was read or refused, in time.</summary>
    public bool Passed => _kinds.Count == 0;

    /// <summary>Reads blocks, and tells how far it is once a minute.</summary>
    public void Run(int firstBlock, int blocks)
    {
        using Watchdog watchdog = new();
        Stopwatch all = Stopwatch.StartNew();
        TimeSpan told = TimeSpan.Zero;
        for (int block = firstBlock; block < firstBlock + blocks && _kinds.Count < MostFailures; block++)
        {
            foreach (string text in source.Block(block))
            {
                watchdog.Input = text;
                Judge(text, block);
            }

            watchdog.Input = null;
            if (all.Elapsed - told > TimeSpan.FromMinutes(1))
            {
                told = all.Elapsed;
                Tell(all.Elapsed, block + 1);
            }
        }

        Tell(all.Elapsed, firstBlock + blocks);
        Console.WriteLine($"worst input:\n---\n{_worstInput}\n---");
    }

    private void Judge(string text, int block)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        try
        {
            target.Read(text);
        }
        catch (ConfigException)
        {
            _refused++;
        }
        catch (Exception error)
        {
            Fail(error.StackTrace?.Split('\n')[0] ?? error.Message, $"block {block}: {error}", text);
        }

        double perKilobyte = PerKilobyte(Stopwatch.GetElapsedTime(start), text);
        _mostAllocated = Math.Max(_mostAllocated, GC.GetAllocatedBytesForCurrentThread() - allocated);
        _characters += text.Length;

        // The first inputs pay for compilation.
        if (_read++ > 1000 && perKilobyte > _worst && (perKilobyte = Math.Min(perKilobyte, Again(text))) > _worst)
        {
            (_worst, _worstInput) = (perKilobyte, text);
            if (perKilobyte > SlowestPerKilobyte)
            {
                // Each that is worse than the one before.
                Fail(string.Create(CultureInfo.InvariantCulture, $"slow {perKilobyte}"), string.Create(
                    CultureInfo.InvariantCulture, $"block {block}: {perKilobyte:F0} ms per KB"), text);
            }
        }
    }

    // One of each kind is enough to mend it.
    private void Fail(string kind, string words, string text)
    {
        if (_kinds.Add(kind))
        {
            Console.WriteLine($"{words}\n---\n{text}\n---");
        }
    }

    private void Tell(TimeSpan elapsed, int next)
    {
        using Process self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_read} inputs of {_characters / Math.Max(1, _read)} characters, {_refused} refused, {_read / elapsed.TotalSeconds:F0}/s, "
            + $"worst {_worst:F1} ms per KB, at most {_mostAllocated >> 10} KiB allocated for one, peak working set "
            + $"{self.PeakWorkingSet64 >> 20} MiB, {_kinds.Count} kinds of failure; next input {(long)next * InputSource.BlockSize}"));
    }

    private static double PerKilobyte(TimeSpan time, string text) => time.TotalMilliseconds / Math.Max(1, text.Length / 1024.0);

    // Another process in the way is no fault of the input: the processor's time counts, and the best of three.
    private double Again(string text) => Enumerable.Range(0, 3).Min(_ =>
    {
        TimeSpan start = ThreadClock.Now;
        try
        {
            target.Read(text);
        }
        catch (Exception)
        {
            // The first reading has told it.
        }

        return PerKilobyte(ThreadClock.Now - start, text);
    });
}
