using System.Text.RegularExpressions;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>The examples of the help pages do what they say: they are executed.</summary>
public class ExampleTests
{
    private const int Times = 10;

    // Each takes a minute on a quiet machine; other tests run beside them.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(15);

    private static readonly string s_pages = Path.Combine(Repository.Root, "docs", "cmdlets");

    // A part of the pages each, at the same time, since what takes long is mostly that somebody waits; `tests/soak` does it a hundred
    // times.
    [PwshFact]
    public async Task All_run_on_a_simulated_host_without_an_error_ten_times() => await Task.WhenAll(
        ((string[])["[A-F]", "Get-Xen[DG]", "Get-XenP", "[H-R]", "[S-Z]"]).Select(beginning => Task.Factory.StartNew(
            () => RunAgainAndAgain(beginning),
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

    private static void RunAgainAndAgain(string beginning)
    {
        IReadOnlyList<string> lines = Run(s_pages, beginning + "*", Times);

        Assert.DoesNotContain(lines, l => l.StartsWith("ERROR", StringComparison.Ordinal));
        // Every page has some that ran, each as often as it was to.
        string[] ran = [.. lines.Where(l => l.StartsWith("RAN ", StringComparison.Ordinal)).Select(l => l["RAN ".Length..])];
        Assert.Equal(
            Cmdlets.Where(name => Regex.IsMatch(name, $"^{beginning}")),
            ran.Select(l => l[..l.IndexOf(':', StringComparison.Ordinal)]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(ran.CountBy(l => l), one => Assert.Equal((one.Key, Times), (one.Key, one.Value)));
    }

    [PwshFact]
    public void An_example_that_writes_an_error_is_found()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("xdd-pages-");
        try
        {
            File.WriteAllText(
                Path.Combine(folder.FullName, "Get-XenGuest.md"),
                """
                ### Example 1: A guest that is not there

                ```powershell
                Get-XenGuest -Name nosuch
                ```

                ### Example 2: A guest that is there

                ```powershell
                Get-XenGuest -Name fe1
                ```

                """);

            IReadOnlyList<string> lines = Run(folder.FullName);

            Assert.Single(lines, l => l.StartsWith("ERROR Get-XenGuest: Example 1: ", StringComparison.Ordinal));
            Assert.DoesNotContain(lines, l => l.StartsWith("ERROR Get-XenGuest: Example 2: ", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IReadOnlyList<string> Run(string pages, string name = "*", int times = 1) => PwshProcess.Run(
        $"./tests/Module.Tests/Examples/Invoke-Example.ps1 -Pages '{pages}' -Only '{name}' -Times {times}", s_limit).Lines;

    private static IEnumerable<string> Cmdlets => CmdletModel.All.Select(c => c.Name);
}
