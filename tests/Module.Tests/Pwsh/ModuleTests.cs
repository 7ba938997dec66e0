namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>The module as PowerShell sees it.</summary>
public class ModuleTests
{
    [PwshFact]
    public void It_imports_in_place_and_exports_its_cmdlets()
    {
        Assert.Equal(
            ["same", "0"],
            PwshProcess.Run(
                """
                $listed = (Import-PowerShellDataFile ./XenDriverDomain.psd1).CmdletsToExport
                $there = (Get-Command -Module XenDriverDomain -CommandType Cmdlet).Name
                if (Compare-Object $listed $there) { "listed: $listed; there: $there" } else { 'same' }
                @(Get-Command -Module XenDriverDomain -CommandType Function, Alias).Count
                """).Lines);
    }

    [PwshFact]
    public void Its_types_can_be_named_at_once()
    {
        Assert.Equal(["0000:00:10.0"], PwshProcess.Run("\"$([XenDriverDomain.Pci.PciAddress] '00:10.0')\"").Lines);
    }

    [PwshFact]
    public void Its_manifest_is_valid()
    {
        Assert.Equal(["XenDriverDomain"], PwshProcess.Run("(Test-ModuleManifest -Path ./XenDriverDomain.psd1).Name").Lines);
    }

    [PwshFact]
    public void It_can_be_removed_and_imported_again()
    {
        Assert.Equal(["True"], PwshProcess.Run(
            """
            $before = (Get-Command -Module XenDriverDomain).Name
            Remove-Module XenDriverDomain
            Import-Module ./XenDriverDomain.psd1
            $before.Count -gt 1 -and -not (Compare-Object $before (Get-Command -Module XenDriverDomain).Name)
            """).Lines);
    }

    [PwshFact]
    public void Completers_never_throw()
    {
        // They are called here as PowerShell calls them, since it hides what they throw. Without a Xen host they offer nothing.
        Assert.Equal(["done"], PwshProcess.Run(
            """
            $ast = [System.Management.Automation.Language.Parser]::ParseInput('Get-XenGuest', [ref] $null, [ref] $null).EndBlock.Statements[0].PipelineElements[0]
            $complete = [System.Management.Automation.IArgumentCompleter].GetMethod('CompleteArgument')
            foreach ($command in Get-Command -Module XenDriverDomain) {
                foreach ($parameter in $command.Parameters.Values) {
                    $attribute = $parameter.Attributes.Where{ $_ -is [ArgumentCompleter] }
                    if (-not $attribute) { continue }
                    $completer = [System.Activator]::CreateInstance($attribute[0].Type)
                    foreach ($word in '', "'", '*[', $null) {
                        foreach ($bound in @{}, @{ Dom0 = 'nosuch' }, @{ Dom0 = 42 }, @{ Dom0 = @() }) {
                            try { $null = @($complete.Invoke($completer, @($command.Name, $parameter.Name, $word, $ast, $bound))) }
                            catch { "$($command.Name) -$($parameter.Name) '$word': $_" }
                        }
                    }
                }
            }
            'done'
            """).Lines);
    }

    [PwshFact]
    public void Classes_are_completed_without_a_host()
    {
        Assert.Equal(["Network"], PwshProcess.Run(
            """
            $line = 'Get-XenPciDevice -Class net'
            (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText
            """).Lines);
    }
}
