using System.Text.RegularExpressions;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>What the README has somebody type first runs as it is typed.</summary>
public partial class ReadmeTests
{
    private const int Times = 10;

    [PwshFact]
    public void The_first_session_and_the_recipes_run_as_typed_ten_times()
    {
        string text = Repository.Read("README.md");
        int begin = text.IndexOf("## A first session", StringComparison.Ordinal);
        string session = text[begin..text.IndexOf("## Tests", begin, StringComparison.Ordinal)];
        string[] blocks =
        [
            .. Block().Matches(session).Select(m => m.Groups[1].Value).Where(code => !code.Contains("-HostName", StringComparison.Ordinal)),
        ];
        Assert.Equal(4, blocks.Length);
        PwshResult result = PwshProcess.Run(
            $$"""
            $ErrorActionPreference = 'Continue'
            $WarningPreference = 'SilentlyContinue'
            foreach ($time in 1..{{Times}}) {
                $Error.Clear()
                & {
            {{string.Join("\n", blocks)}}
                } | Out-Null
                foreach ($one in $Error) { "run ${time}: $one" }
                'ran'
            }
            """);
        Assert.Equal(Enumerable.Repeat("ran", Times), result.Lines.Where(line => !line.StartsWith("What if: ", StringComparison.Ordinal)
            && !PlanLine().IsMatch(line)));
    }

    [PwshFact]
    public void A_table_of_many_hosts_has_a_row_for_each_and_says_what_is_wrong()
    {
        Assert.Equal(["20", "crashed: 4", "19 0"], PwshProcess.Run(
            """
            $null = foreach ($one in 1..19) { Connect-XenDom0 -Simulated }
            $null = Connect-XenDom0 -Simulated -Machine crashed
            $table = ./samples/Get-FleetTable.ps1 -Dom0 (Get-XenDom0)
            "$($table.Count)"
            $table | Where-Object Broken | ForEach-Object { "$($_.Dom0): $($_.Broken)" }
            $fit = $table | Where-Object Dom0 -NE crashed
            "$($fit.Count) $(($fit.Broken | Measure-Object -Sum).Sum)"
            """).Lines);
    }

    [PwshFact]
    public void The_sample_of_a_policy_is_taken_as_it_says()
    {
        Assert.Equal(["permissive 8086:1521", "quirk 8086:1521 00000078:4:00000000"], PwshProcess.Run(
            """
            $null = Connect-XenDom0 -Simulated
            Get-Content ./samples/uplink.policy | Where-Object { $_ -and $_ -notlike '#*' } | Set-XenPciPolicy -Name uplink
            (Get-XenPciPolicy).Rule
            """).Lines);
    }

    [PwshFact]
    public void A_host_that_does_not_answer_is_a_row_as_well()
    {
        Assert.Equal(["nosuchhost.invalid True"], PwshProcess.Run(
            """
            ./samples/Get-FleetTable.ps1 -HostName nosuchhost.invalid |
                ForEach-Object { "$($_.Dom0) $($_.Wrong -like '*nosuchhost.invalid*')" }
            """).Lines);
    }

    [GeneratedRegex("```powershell\n(.+?)\n```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\s*\d+\. ")]
    private static partial Regex PlanLine();
}
