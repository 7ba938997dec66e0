using XenDriverDomain.Topology;
using XenDriverDomain.Topology.Writers;

namespace XenDriverDomain.Tests.Topology;

/// <summary>
/// The picture in the README, and others to look at. With the variable XDD_PICTURES set to a folder (build.ps1 Pictures does it)
/// the pictures are written there instead of being compared.
/// </summary>
public class PictureTests
{
    private static readonly string? s_folder = Environment.GetEnvironmentVariable("XDD_PICTURES");

    [Fact]
    public void The_picture_in_the_README_is_what_the_module_draws()
    {
        string drawn = TopologyDocument.Write([SampleTopologies.Readme], TopologyFormat.Svg);
        if (s_folder is not null)
        {
            WriteAll(s_folder, drawn);
            return;
        }

        // In case of a difference run: ./build.ps1 Pictures
        Assert.Equal(File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "images", "topology.svg")), drawn);
    }

    private static void WriteAll(string folder, string readme)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "topology.svg"), readme);
        foreach (int count in new[] { 1, 5, 50 })
        {
            File.WriteAllText(Path.Combine(folder, $"guests-{count}.svg"), Svg(SampleTopologies.WithGuests(count)));
        }

        // What tests/page opens in a browser.
        foreach ((string name, DriverDomainTopology[] hosts) in new (string, DriverDomainTopology[])[]
        {
            ("guests-1", [SampleTopologies.WithGuests(1)]),
            ("guests-5", [SampleTopologies.Small]),
            ("guests-50", [SampleTopologies.WithGuests(50)]),
            ("guests-500", [SampleTopologies.WithGuests(500)]),
            ("nothing", [new TopologyHost().Topology]),
            ("unshown", [SampleTopologies.Unshown(SampleTopologies.HostileNames)]),
        })
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.html"), TopologyDocument.Write(hosts, TopologyFormat.Html));
        }

        File.WriteAllText(Path.Combine(folder, "guests-500.svg"), Svg(SampleTopologies.WithGuests(500)));
        foreach (TopologyFormat format in Enum.GetValues<TopologyFormat>())
        {
            string extension = format switch
            {
                TopologyFormat.Mermaid => "mmd",
                TopologyFormat.Dot => "dot",
                TopologyFormat.Html => "html",
                _ => "svg",
            };
            File.WriteAllText(Path.Combine(folder, $"readme.{extension}"), TopologyDocument.Write([SampleTopologies.Readme], format));
            File.WriteAllText(
                Path.Combine(folder, $"hostile.{extension}"), TopologyDocument.Write([SampleTopologies.WithHostileNames], format));
            File.WriteAllText(
                Path.Combine(folder, $"hosts.{extension}"),
                TopologyDocument.Write([SampleTopologies.Readme, SampleTopologies.WithGuests(5)], format));
        }
    }

    private static string Svg(DriverDomainTopology topology) => TopologyDocument.Write([topology], TopologyFormat.Svg);

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DriverDomain.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside a checkout.");
    }
}
