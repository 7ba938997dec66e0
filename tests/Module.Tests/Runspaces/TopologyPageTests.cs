using XenDriverDomain.Session;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>Export-XenDriverDomainTopology -Format Html in a session: from a host, from objects, from files.</summary>
public sealed class TopologyPageTests : IDisposable
{
    // Of a host that has something of everything, and more equal guests than a picture shows one by one.
    private const string Objects =
        """
        $nodes = [XenDriverDomain.Topology.TopologyNode[]]@(
            @{ Dom0 = 'a'; Id = 'pci/1'; Kind = 'Device'; Name = '0000:03:00.0'; Driver = 'pciback'; Detail = 'a card' }
            @{ Dom0 = 'a'; Id = 'domain/3'; Kind = 'DriverDomain'; Name = 'netdd'; Domid = 3; State = 'Running'; Type = 'PV'; MemoryMB = 384; Vcpus = 1 }
            foreach ($i in 11..17) {
                @{ Dom0 = 'a'; Id = "guest/$i"; Kind = 'Guest'; Name = "web$i"; Domid = $i; State = 'Blocked'; Type = 'PVH'; MemoryMB = 512; Vcpus = 2
                    Detail = "domid $i, PVH" }
            })
        $links = [XenDriverDomain.Topology.TopologyLink[]]@(
            @{ Dom0 = 'a'; From = 'pci/1'; To = 'domain/3'; FromName = '0000:03:00.0'; ToName = 'netdd'; Kind = 'Pci'; Label = 'PCI'; State = 'Healthy' }
            foreach ($i in 11..17) {
                @{ Dom0 = 'a'; From = 'domain/3'; To = "guest/$i"; FromName = 'netdd'; ToName = "web$i"; Kind = 'Vif'; Label = 'vif 0'
                    State = 'Broken'; Detail = "web$i has closed its end."; Remedy = 'Open it.'; ErrorId = 'VifClosed'; Mac = "00:16:3e:00:00:$i" }
            })
        $topology = [XenDriverDomain.Topology.DriverDomainTopology]::new('a', $nodes, $links)
        $topology.ReadAt = [datetime]::new(2026, 11, 30, 6, 40, 12, [System.DateTimeKind]::Utc)

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("xdd-page-").FullName;
    private readonly ModuleSession _session = new();

    public TopologyPageTests() => _session.Run("Set-Location -LiteralPath $args[0]", _folder).AssertNoErrors();

    public void Dispose()
    {
        _session.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_extension_or_Format_makes_a_page_of_a_host_with_the_time_at_which_it_was_read()
    {
        _session.Run("$null = Connect-XenDom0 -Simulated").AssertNoErrors();
        SessionAnswer answer = _session.Run(
            """
            $read = Get-XenDriverDomainTopology
            $read | Export-XenDriverDomainTopology ./a.html
            Export-XenDriverDomainTopology ./b.txt -Format Html -Topology $read
            $read.ReadAt.Kind
            """);

        Assert.Equal(["Utc"], answer.Lines);
        Assert.Contains("<time datetime=\"", Read("a.html"), StringComparison.Ordinal);
        Assert.Equal(Read("a.html"), Read("b.txt"));
    }

    [Fact]
    public void Objects_stay_one_by_one_and_the_page_has_each_guest_of_a_group_with_all_that_is_known_of_it()
    {
        Assert.Equal(["7"], _session.Run(Objects +
            """
            $passed = $topology | Export-XenDriverDomainTopology ./a.html -PassThru
            $passed.Nodes.Where{ $_.Kind -eq 'Guest' }.Count
            """).Lines);

        string page = Read("a.html");
        Assert.Contains("web11, web12, … (7 guests)", page, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(11, 7), i =>
        {
            Assert.Contains($"<bdi>web{i}</bdi>", page, StringComparison.Ordinal);
            Assert.Contains($"web{i} has closed its end.", page, StringComparison.Ordinal);
            Assert.Contains($"00:16:3e:00:00:{i}", page, StringComparison.Ordinal);
        });
        Assert.All(
            ["Open it.", "VifClosed", "pciback", "384 MiB", "512 MiB", "2026-11-30 06:40:12 UTC"],
            text => Assert.Contains(text, page, StringComparison.Ordinal));
    }

    [Fact]
    public void From_JSON_CLIXML_and_another_session_it_is_the_same_page()
    {
        _session.Run("$null = Connect-XenDom0 -Simulated; $null = Get-XenDriverDomainTopology").AssertNoErrors();
        _session.Run(Objects +
            """
            $topology | Export-XenDriverDomainTopology ./a.html
            $topology | ConvertTo-Json -Depth 3 | Set-Content ./b.json
            Get-Content -Raw ./b.json | ConvertFrom-Json | Export-XenDriverDomainTopology ./b.html
            $topology | Export-Clixml ./c.xml
            Import-Clixml ./c.xml | Export-XenDriverDomainTopology ./c.html
            $serializer = [System.Management.Automation.PSSerializer]
            $serializer::Deserialize($serializer::Serialize($topology, 1)) | Export-XenDriverDomainTopology ./d.html
            $topology.Nodes | ConvertTo-Csv | ConvertFrom-Csv | Set-Variable fromCsv
            $rows = $topology.Links | ConvertTo-Csv | ConvertFrom-Csv
            [pscustomobject]@{ Dom0 = 'a'; Nodes = $fromCsv; Links = $rows; ReadAt = '2026-11-30T06:40:12' } | Export-XenDriverDomainTopology ./e.html
            """).AssertNoErrors();

        Assert.All(["b", "c", "d", "e"], name => Assert.Equal(Read("a.html"), Read($"{name}.html")));
    }

    [Fact]
    public void What_was_recorded_before_there_were_details_is_a_page_too()
    {
        _session.Run(
            """
            [pscustomobject]@{
                Dom0 = 'old'
                Nodes = @([pscustomobject]@{ Id = 'guest/5'; Kind = 'Guest'; Name = 'web1'; Domid = 5; Detail = 'domid 5' })
                Links = @()
            } | Export-XenDriverDomainTopology ./old.html
            """).AssertNoErrors();

        Assert.Contains("When it was read is not known.", Read("old.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void Tab_offers_the_format_and_a_wrong_extension_is_told_of_it()
    {
        Assert.Equal(["Html"], _session.Complete("Export-XenDriverDomainTopology ./a.x -Format H"));
        SessionAnswer answer = _session.Run("Export-XenDriverDomainTopology ./a.pdf -Dom0 nosuch");
        Assert.Equal([ModuleErrorIds.TopologyFormatUnknown], answer.ErrorIds);
        Assert.Contains(".html", answer.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(_folder, file));
}
