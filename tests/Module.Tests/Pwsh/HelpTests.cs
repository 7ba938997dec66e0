using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>Help as PowerShell shows it, and that it is what docs/ says.</summary>
public class HelpTests
{
    /// <summary>Names each cmdlet of the imported module of whose help Get-Help does not show a part.</summary>
    internal const string GapsInHelp =
        """
        foreach ($command in Get-Command -Module XenDriverDomain) {
            $help = Get-Help -Name $command.Name -Full
            if ($help.Synopsis -match '^\s*$|\[-') { "$($command.Name): synopsis" }
            if (@($help.examples.example).Count -lt 3) { "$($command.Name): examples" }
            if (@($help.examples.example | Where-Object { -not $_.code -or $_.code -match '```' }).Count) { "$($command.Name): code of an example" }
            if (-not $help.description) { "$($command.Name): description" }
            foreach ($parameter in $help.parameters.parameter) {
                if (-not $parameter.description.Text) { "$($command.Name) -$($parameter.name)" }
            }
        }
        """;

    [PwshFact]
    public void Get_Help_shows_all_of_every_cmdlet()
    {
        Assert.Empty(PwshProcess.Run(GapsInHelp).Lines);
    }

    [PwshFact]
    public void Get_Help_finds_every_topic_in_any_language()
    {
        Assert.Equal(["5", "5"], PwshProcess.Run(
            """
            $topics = 'about_XenDriverDomain', 'about_XenDriverDomain_Safety', 'about_XenDriverDomain_Remote', 'about_XenDriverDomain_Errors', 'about_XenDriverDomain_Configuration'
            foreach ($culture in '', 'en-US') {
                [cultureinfo]::CurrentUICulture = $culture
                @($topics | Where-Object { "$(Get-Help -Name $_)" -match 'LONG DESCRIPTION' }).Count
            }
            """).Lines);
    }

    [PwshFact]
    public void Examples_bind_to_the_parameters_that_there_are()
    {
        Assert.Empty(PwshProcess.Run(
            """
            $sources = foreach ($file in Get-ChildItem -Path ./docs/cmdlets/*.md, ./docs/about/*.md) {
                foreach ($match in [regex]::Matches((Get-Content -LiteralPath $file -Raw), '(?s)```powershell\n(.+?)\n```')) {
                    [pscustomobject]@{ File = $file.Name; Code = $match.Groups[1].Value }
                }
            }
            foreach ($source in $sources) {
                $errors = $null
                $ast = [System.Management.Automation.Language.Parser]::ParseInput($source.Code, [ref] $null, [ref] $errors)
                foreach ($problem in $errors) { "$($source.File): $problem" }
                foreach ($call in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                    $name = $call.GetCommandName()
                    if ($name -in 'ssh-add') { continue }
                    $command = Get-Command -Name $name -CommandType Cmdlet, Function -ErrorAction Ignore
                    if (-not $command) { "$($source.File): $name is no full name of a cmdlet"; continue }
                    $binding = [System.Management.Automation.Language.StaticParameterBinder]::BindCommand($call, $true)
                    foreach ($problem in $binding.BindingExceptions.Values) { "$($source.File): $($call.Extent.Text): $($problem.BindingException.Message)" }
                    foreach ($element in $call.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] }) {
                        if (-not $command.Parameters.ContainsKey($element.ParameterName)) { "$($source.File): $name -$($element.ParameterName)" }
                    }
                }
            }
            """).Lines);
    }

    [PwshFact]
    public void En_US_is_what_docs_generates()
    {
        string folder = Directory.CreateTempSubdirectory("xdd-help-").FullName;
        try
        {
            _ = PwshProcess.Run($"./docs/Build-Help.ps1 -Destination '{folder}'").Lines;
            Assert.Equal(
                Repository.Files("en-US", "*").Select(f => (Path.GetFileName(f), File.ReadAllText(f))),
                Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), File.ReadAllText(f))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
