namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>Topologies in PowerShell: where they come from, where they go.</summary>
public class TopologyTests
{
    private const string Start =
        """
        $folder = (New-Item -ItemType Directory -Path (Join-Path ([System.IO.Path]::GetTempPath()) "xdd-topology-$([guid]::NewGuid())")).FullName
        Set-Location -LiteralPath $folder
        function Get-FirstId([scriptblock] $Action) {
            $found = $null
            try { $null = & $Action } catch { $found = $_ }
            if ($found) { "$(@($found.FullyQualifiedErrorId -split ',')[0])|$($found.CategoryInfo.Category)|$($found.TargetObject)" } else { 'none' }
        }
        $nodes = [XenDriverDomain.Topology.TopologyNode[]]@(
            @{ Dom0 = 'root@gone:22'; Id = 'bridge/domain/3/xenbr0'; Kind = 'Bridge'; Name = 'xenbr0' }
            @{ Dom0 = 'root@gone:22'; Id = 'guest/5'; Kind = 'Guest'; Name = 'web1'; Domid = 5; Detail = 'domid 5' })
        $links = [XenDriverDomain.Topology.TopologyLink[]]@(
            @{ Dom0 = 'root@gone:22'; From = 'bridge/domain/3/xenbr0'; To = 'guest/5'; FromName = 'xenbr0'; ToName = 'web1'
                Kind = 'Vif'; Label = 'vif 0'; State = 'Broken'; Detail = 'closed' })
        $host1 = [XenDriverDomain.Topology.DriverDomainTopology]::new('root@gone:22', $nodes, $links)

        """;

    [PwshFact]
    public void The_extension_or_Format_decides_what_is_written()
    {
        Assert.Equal(["<svg", "digraph", "flowchart", "<svg"], Run(
            """
            $host1 | Export-XenDriverDomainTopology ./a.svg
            $host1 | Export-XenDriverDomainTopology -Path ./a.gv
            $host1 | Export-XenDriverDomainTopology -Path ./a.txt -Format Mermaid
            Export-XenDriverDomainTopology -Topology $host1 -LiteralPath './[a]*.svg'
            foreach ($file in './a.svg', './a.gv', './a.txt', './[a]*.svg') { (Get-Content -LiteralPath $file -TotalCount 1).Split()[0] }
            """));
    }

    [PwshFact]
    public void A_topology_from_another_session_or_a_file_is_the_same_picture()
    {
        Assert.Equal(["True", "True", "True"], Run(
            """
            # Whoever gets topologies can send them, whatever is in them.
            $null = Connect-XenDom0 -Simulated
            $null = Get-XenDriverDomainTopology
            $host1 | Export-XenDriverDomainTopology ./a.svg
            $serializer = [System.Management.Automation.PSSerializer]
            $serializer::Deserialize($serializer::Serialize($host1, 1)) | Export-XenDriverDomainTopology ./b.svg
            $host1 | ConvertTo-Json -Depth 3 | ConvertFrom-Json | Export-XenDriverDomainTopology ./c.svg
            $host1 | Export-Clixml ./d.xml
            Import-Clixml ./d.xml | Export-XenDriverDomainTopology ./d.svg
            $expected = Get-Content -Raw ./a.svg
            foreach ($file in './b.svg', './c.svg', './d.svg') { (Get-Content -Raw $file) -ceq $expected }
            """));
    }

    [PwshFact]
    public void A_session_without_the_command_for_that_reads_topologies_all_the_same()
    {
        Assert.Equal(["simulated", "True"], Run(
            """
            $null = Connect-XenDom0 -Simulated
            Remove-Module -Name Microsoft.PowerShell.Utility -ErrorAction Ignore
            $PSModuleAutoLoadingPreference = 'None'
            $told, $topology = (Get-XenDriverDomainTopology -Verbose 4>&1).Where({ $_ -is [System.Management.Automation.VerboseRecord] }, 'Split')
            $topology.Dom0
            "$told" -like '*Update-TypeData*'
            """));
    }

    [PwshFact]
    public void All_topologies_go_into_one_file_and_PassThru_returns_them()
    {
        Assert.Equal(["root@gone:22 root@other:22", "2"], Run(
            """
            $host2 = [XenDriverDomain.Topology.DriverDomainTopology]::new('root@other:22', $nodes, $links)
            "$(($host1, $host2 | Export-XenDriverDomainTopology ./a.dot -PassThru).Dom0)"
            @(Select-String -Path ./a.dot -Pattern 'subgraph cluster_').Count
            """));
    }

    [PwshFact]
    public void WhatIf_writes_nothing()
    {
        Assert.Contains("False", Run("$host1 | Export-XenDriverDomainTopology ./a.svg -WhatIf; Test-Path ./a.svg"));
    }

    [PwshFact]
    public void Paths_that_cannot_be_written_are_errors_with_ids()
    {
        Assert.Equal(
            [
                "TopologyFormatUnknown|InvalidArgument|", "OutputPathInvalid|InvalidArgument|env:a.svg",
                "OutputPathInvalid|InvalidArgument|nodrive:a.svg",
                "OutputPathInvalid|InvalidArgument|./no*.svg", "OutputFileNotWritable|InvalidOperation|./none/a.svg",
                "OutputFileExists|ResourceExists|./b.svg",
            ],
            Run(
                """
                $null = New-Item -ItemType File -Path ./b.svg
                (Get-FirstId { $host1 | Export-XenDriverDomainTopology ./a.png }) -replace '[^|]*a\.png'
                foreach ($path in 'env:a.svg', 'nodrive:a.svg', './no*.svg', './none/a.svg') {
                    Get-FirstId { $host1 | Export-XenDriverDomainTopology $path -ErrorAction Stop }
                }
                Get-FirstId { $host1 | Export-XenDriverDomainTopology ./b.svg -NoClobber }
                """));
    }

    [PwshFact]
    public void Hosts_are_looked_at_when_no_topology_comes_and_what_is_none_is_not_taken_for_one()
    {
        Assert.Equal(
            [
                "Dom0NotConnected|ObjectNotFound|root@gone:22", "Dom0NotConnected|ObjectNotFound|root@gone:22",
                "InputObjectNotBound|InvalidArgument|text", "False",
            ],
            Run(
                """
                Get-FirstId { Export-XenDriverDomainTopology ./a.svg -Dom0 root@gone:22 -ErrorAction Stop }
                Get-FirstId { [pscustomobject]@{ Dom0 = 'root@gone:22' } | Export-XenDriverDomainTopology ./a.svg -ErrorAction Stop }
                Get-FirstId { 'text' | Export-XenDriverDomainTopology ./a.svg -ErrorAction Stop }
                Test-Path ./a.svg
                """));
    }

    private static IReadOnlyList<string> Run(string script) => PwshProcess.Run(
        $$"""
        {{Start}}
        try {
        {{script}}
        }
        finally { Set-Location -LiteralPath /; Remove-Item -LiteralPath $folder -Recurse }
        """).Lines;
}
