using System.Text.RegularExpressions;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>The operators for Pester, and the guide to testing: what they say works, with the Pester of now and the one before.</summary>
public partial class PesterTests
{
    [PwshFact("Pester")]
    public void The_operators_work_in_Pester_6() => AssertPasses("6", "tests/Pester/Operators.Tests.ps1");

    [PwshFact("Pester")]
    public void The_operators_work_in_Pester_5() => AssertPasses("5", "tests/Pester/Operators.Tests.ps1");

    [PwshFact("Pester")]
    public void Everything_in_the_guide_to_testing_runs()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("xdd-guide-");
        try
        {
            // A module is found by its name, as where it was installed.
            string modules = folder.CreateSubdirectory("modules").FullName;
            Directory.CreateSymbolicLink(Path.Combine(modules, "XenDriverDomain"), Repository.Root);
            List<string> lines = [];
            foreach (Match block in Block().Matches(Repository.Read("docs", "testing.md")))
            {
                string code = block.Groups[2].Value;
                if (FileName().Match(code) is { Success: true } named)
                {
                    // A file that the reader writes; tests are run where they are told of.
                    File.WriteAllText(Path.Combine(folder.FullName, named.Groups[1].Value), code);
                    if (named.Groups[1].Value.EndsWith(".Tests.ps1", StringComparison.Ordinal))
                    {
                        lines.Add($"Test './{named.Groups[1].Value}'");
                    }
                }
                else if (block.Groups[1].Value == "powershell")
                {
                    lines.Add($"& {{\n{code}\n}} | Out-Null\n'ran'");
                }
            }

            PwshResult result = PwshProcess.Run(
                $$"""
                $env:PSModulePath = '{{folder.FullName}}/modules' + [IO.Path]::PathSeparator + $env:PSModulePath
                Remove-Module XenDriverDomain
                Set-Location -LiteralPath '{{folder.FullName}}'
                function Test([string] $File) {
                    $result = Invoke-Pester -Path $File -PassThru -Output None
                    foreach ($test in $result.Failed) { "failed: $($test.ExpandedPath): $($test.ErrorRecord[0])" }
                    if ($result.FailedContainersCount -or $result.FailedBlocksCount -or -not $result.PassedCount) { "broken: $File" }
                    'ran'
                }
                {{string.Join('\n', lines)}}
                """);

            // Between them stands what Pester shows of the script for CI.
            Assert.True(lines.Count > 5);
            Assert.DoesNotContain(
                result.Lines,
                line => line.StartsWith("failed: ", StringComparison.Ordinal) || line.StartsWith("broken: ", StringComparison.Ordinal));
            Assert.Equal(lines.Count, result.Lines.Count(line => line == "ran"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AssertPasses(string major, string file)
    {
        PwshResult result = PwshProcess.Run(
            $$"""
            Remove-Module XenDriverDomain
            $pester = Get-Module -Name Pester -ListAvailable | Where-Object { $_.Version.Major -eq {{major}} } | Select-Object -First 1
            if (-not $pester) { throw 'there is no Pester {{major}}' }
            Import-Module $pester.Path
            $result = Invoke-Pester -Path './{{file}}' -PassThru -Output None
            foreach ($test in @($result.Failed) + $result.FailedBlocks + $result.FailedContainers) { "failed: $($test.ExpandedPath ?? $test): $(@($test.ErrorRecord)[0])" }
            "$((Get-Module -Name Pester).Version.Major) $($result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount) $($result.PassedCount -gt 10)"
            """);

        Assert.Equal([$"{major} 0 True"], result.Lines);
    }

    [GeneratedRegex(@"(?ms)^```(powershell|psd1|yaml)\n(.+?)^```$")]
    private static partial Regex Block();

    [GeneratedRegex(@"\A# ([\w.-]+\.(?:psd1|ps1|yml))\b")]
    private static partial Regex FileName();
}
