using System.Collections.Concurrent;
using System.Globalization;

namespace XenDriverDomain.Simulation.Tests.Load;

/// <summary>
/// A simulated host gives the same result at any load. Ten main jobs as a rule, beside busy loops in this process; XDD_LOAD_JOBS says
/// how many others, and then the load is somebody else's affair. A hundred, at low priority beside busy loops of other processes:
/// <c>tests/bench/load.sh</c>.
/// </summary>
[CollectionDefinition(nameof(LoadTests), DisableParallelization = true)]
[Collection(nameof(LoadTests))]
public sealed class LoadTests
{
    private const int AtATime = 8;

    [Fact]
    public async Task Main_jobs_beside_busy_loops_give_what_a_quiet_one_gives()
    {
        string? asked = Environment.GetEnvironmentVariable("XDD_LOAD_JOBS");
        int count = int.Parse(asked ?? "10", CultureInfo.InvariantCulture);
        IReadOnlyList<string> quiet = await Task.Run(RecordedJob.RunAsync);
        Assert.Equal("exit code 0", quiet[0]);

        ConcurrentBag<IReadOnlyList<string>> results = [];
        using (BusyLoops loops = new(asked is null ? Environment.ProcessorCount : 0))
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, count),
                new ParallelOptions { MaxDegreeOfParallelism = AtATime },
                async (_, _) => results.Add(await RecordedJob.RunAsync()));
        }

        Assert.Equal(count, results.Count);
        string[] differences = [.. results.SelectMany(result => Differences(quiet, result))];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }

    private static IEnumerable<string> Differences(IReadOnlyList<string> quiet, IReadOnlyList<string> loaded)
    {
        for (int i = 0; i < Math.Max(quiet.Count, loaded.Count); i++)
        {
            string expected = i < quiet.Count ? quiet[i] : "(nothing)", actual = i < loaded.Count ? loaded[i] : "(nothing)";
            if (expected != actual)
            {
                // What comes after the first difference says nothing more.
                yield return $"line {i}: '{actual}' instead of '{expected}'";
                yield break;
            }
        }
    }

    /// <summary>Threads of this process that do nothing, as fast as they can.</summary>
    private sealed class BusyLoops : IDisposable
    {
        private readonly Thread[] _threads;
        private volatile bool _over;

        public BusyLoops(int count)
        {
            _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(Loop) { IsBackground = true })];
            Array.ForEach(_threads, thread => thread.Start());
        }

        public void Dispose()
        {
            _over = true;
            Array.ForEach(_threads, thread => thread.Join());
        }

        private void Loop()
        {
            while (!_over)
            {
                Thread.SpinWait(1000);
            }
        }
    }
}
