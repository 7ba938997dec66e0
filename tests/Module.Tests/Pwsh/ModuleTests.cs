namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>The module as PowerShell sees it.</summary>
public class ModuleTests
{
    [PwshFact]
    public void It_imports_in_place_and_exports_its_cmdlets()
    {
        Assert.Equal(
            ["19", "0"],
            PwshProcess.Run(
                """
                @(Get-Command -Module XenDriverDomain -CommandType Cmdlet).Count
                @(Get-Command -Module XenDriverDomain -CommandType Function, Alias).Count
                """).Lines);
    }

    [PwshFact]
    public void Its_manifest_is_valid()
    {
        Assert.Equal(["XenDriverDomain"], PwshProcess.Run("(Test-ModuleManifest -Path ./XenDriverDomain.psd1).Name").Lines);
    }

    [PwshFact]
    public void It_can_be_removed_and_imported_again()
    {
        Assert.Equal(["19"], PwshProcess.Run(
            """
            Remove-Module XenDriverDomain
            Import-Module ./XenDriverDomain.psd1
            @(Get-Command -Module XenDriverDomain).Count
            """).Lines);
    }

    [PwshFact]
    public void Completers_never_throw_and_always_answer()
    {
        // On a machine that is no dom0 there is nothing to offer; what counts is that Tab is harmless.
        Assert.Empty(PwshProcess.Run(
            """
            foreach ($command in Get-Command -Module XenDriverDomain) {
                foreach ($parameter in $command.Parameters.Values.Where{ $_.Attributes.TypeId -contains [ArgumentCompleter] }) {
                    foreach ($word in '', "'", '*[', '-', '0000:0') {
                        $line = "$($command.Name) -$($parameter.Name) $word"
                        try { $null = TabExpansion2 -inputScript $line -cursorColumn $line.Length }
                        catch { "$line : $_" }
                    }
                }
            }
            $Error | ForEach-Object { "$_" }
            """).Lines);
    }

    [PwshFact]
    public void Runspaces_do_not_share_the_module_state()
    {
        // Each sees its own module, whose private data holds the connections.
        Assert.Equal(["True"], PwshProcess.Run(
            """
            $path = Convert-Path ./XenDriverDomain.psd1
            $mine = (Get-Module XenDriverDomain).PrivateData
            $mine['Mark'] = 'mine'
            $shell = [powershell]::Create()
            $null = $shell.AddScript('param($path) Import-Module $path; $null = Get-XenDom0 -Dom0 nosuch -ErrorAction SilentlyContinue; (Get-Module XenDriverDomain).PrivateData').AddArgument($path)
            $theirs = $shell.Invoke()[0]
            -not $theirs.ContainsKey('Mark') -and
                $null -ne $theirs['XenDriverDomain.Connections'] -and
                -not [object]::ReferenceEquals($mine['XenDriverDomain.Connections'], $theirs['XenDriverDomain.Connections'])
            """).Lines);
    }
}
