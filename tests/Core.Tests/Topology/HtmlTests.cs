using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using XenDriverDomain.Topology;
using XenDriverDomain.Topology.Html;
using XenDriverDomain.Topology.Svg;
using XenDriverDomain.Topology.Writers;

namespace XenDriverDomain.Tests.Topology;

/// <summary>The page as text. What a browser makes of it, tests/page looks at.</summary>
public partial class HtmlTests
{
    private static readonly string[] s_voids = ["meta", "input"];
    private static readonly string?[] s_scopes = ["row", "col", "rowgroup"];

    private static readonly IReadOnlyList<DriverDomainTopology>[] s_documents =
    [
        .. TextFormatTests.Documents,
        [SampleTopologies.WithGuests(1)],
        [SampleTopologies.Readme, SampleTopologies.Small, SampleTopologies.WithGuests(500)],
    ];

    [Fact]
    public void Its_policy_allows_its_own_style_and_script_and_nothing_else_is_there_to_allow()
    {
        Assert.All(s_documents, document =>
        {
            string text = Write(document);
            string policy = Read(text).Descendants("meta")
                .Single(m => (string?)m.Attribute("http-equiv") == "Content-Security-Policy").Attribute("content")!.Value;
            Assert.Equal(
                $"default-src 'none'; style-src '{HashOf(text, "style")}'; script-src '{HashOf(text, "script")}'; "
                    + "base-uri 'none'; form-action 'none'",
                policy);
            Assert.DoesNotContain(
                Read(text).DescendantsAndSelf().Attributes(),
                a => a.Name.LocalName is "src" or "style" or "srcdoc" or "action" or "formaction"
                    || a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase)
                    || (a.Name.LocalName == "href" && !a.Value.StartsWith('#')));
            Assert.DoesNotMatch(@"url\(|@import|@font-face|https?://(?!www\.w3\.org/2000/svg"")", text);
        });
    }

    [Fact]
    public void Names_change_no_markup_whatever_they_are()
    {
        string[] harmless = [.. Enumerable.Range(1, SampleTopologies.HostileNames.Length).Select(i => $"name{i}")];

        string hostile = Write([SampleTopologies.Unshown(SampleTopologies.HostileNames)]);

        Assert.Equal(
            Shape(Write([SampleTopologies.Unshown(harmless)])).Order(StringComparer.Ordinal), Shape(hostile).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(hostile, c => (char.IsControl(c) && c != '\n') || c is '\u202e' or '\u2066' or '\u200f');
        Assert.DoesNotContain(new string('w', 600), hostile, StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(hostile, "</style", RegexOptions.IgnoreCase));
        Assert.Equal(1, Regex.Count(hostile, "<script", RegexOptions.IgnoreCase));
        Assert.Equal(1, Regex.Count(hostile, "</title></head|</title>\n *<style", RegexOptions.IgnoreCase));
    }

    [Fact]
    public void Every_guest_with_its_details_and_every_finding_with_its_remedy_is_there()
    {
        Assert.All([SampleTopologies.WithGuests(500), SampleTopologies.Readme], topology =>
        {
            XElement page = Read(Write([topology]));
            ILookup<string, XElement> rows = page.Descendants("tbody").Where(b => (string?)b.Attribute("data-item") == "guest")
                .ToLookup(b => b.Descendants("bdi").First().Value, StringComparer.Ordinal);
            TopologyNode[] guests = [.. topology.Nodes.Where(n => n.Kind == TopologyNodeKind.Guest)];
            Assert.Equal(guests.Length, rows.Sum(r => r.Count()));
            Assert.All(guests, guest =>
            {
                string row = Assert.Single(rows[guest.Name]).Value;
                Assert.Contains($"{guest.MemoryMB} MiB", row, StringComparison.Ordinal);
                Assert.All(topology.Links.Where(l => l.To == guest.Id), link =>
                {
                    Assert.Contains(link.Mac!, row, StringComparison.Ordinal);
                    Assert.Contains(TopologyWords.Word(link.State), row, StringComparison.Ordinal);
                    Assert.Contains(link.Detail, row, StringComparison.Ordinal);
                    Assert.Contains(link.Remedy, row, StringComparison.Ordinal);
                    Assert.Contains(link.ErrorId ?? string.Empty, row, StringComparison.Ordinal);
                });
            });
            Assert.All(topology.Links.Where(l => l.Kind != TopologyLinkKind.Vif && l.State != TopologyLinkState.Healthy), link =>
                Assert.Contains(page.Descendants("td"), cell => cell.Value.StartsWith(link.Detail, StringComparison.Ordinal)));
            Assert.All(topology.Nodes.Where(n => n.Driver is not null), device =>
                Assert.Contains(page.Descendants("bdi"), name => name.Value == device.Driver));
        });
    }

    [Fact]
    public void Without_the_script_all_but_the_filter_is_shown()
    {
        XElement page = Read(Write([SampleTopologies.WithGuests(50)]));

        Assert.Equal("bar", Assert.Single(page.Descendants(), e => e.Attribute("hidden") is not null).Attribute("id")!.Value);
        Assert.DoesNotContain(page.Descendants().Attributes("class"), c => c.Value.Split(' ').Contains("off"));
    }

    [Fact]
    public void Keyboards_and_screen_readers_find_their_way()
    {
        Assert.All(s_documents, document =>
        {
            XElement page = Read(Write(document));
            string[] ids = [.. page.Descendants().Attributes("id").Select(a => a.Value)];
            Assert.Equal(ids.Length, ids.Distinct().Count());
            Assert.All(
                page.Descendants().Attributes().Where(a => a.Name.LocalName is "aria-labelledby" or "aria-describedby" or "for")
                    .SelectMany(a => a.Value.Split(' ')),
                id => Assert.Contains(id, ids));
            Assert.All(page.Descendants("a"), a => Assert.Contains(a.Attribute("href")!.Value[1..], ids));
            Assert.Equal("en", (string?)page.Attribute("lang"));
            Assert.Single(page.Descendants("main"));
            Assert.Single(page.Descendants("header"));
            Assert.Equal(document.Count > 1 ? 1 : 0, page.Descendants("nav").Count());
            Assert.Equal("filter", (string?)page.Descendants("label").Single().Attribute("for"));
            Assert.Equal("polite", (string?)page.Descendants("output").Single().Attribute("aria-live"));
            Assert.All(page.Descendants("section"), s => Assert.NotNull(s.Attribute("aria-labelledby")));
            Assert.All(page.Descendants("table"), t => Assert.NotEmpty(Assert.Single(t.Elements("caption")).Value));
            Assert.All(page.Descendants("th"), th => Assert.Contains((string?)th.Attribute("scope"), s_scopes));
            Assert.All(page.Descendants("tr"), tr => Assert.True(tr.Elements("th").Any() || tr.Descendants("td").Any()));
            Assert.All(page.Descendants("details"), d => Assert.Equal("summary", d.Elements().First().Name.LocalName));

            // Headings go down one level at a time.
            int[] levels = [.. page.Descendants().Where(e => Heading().IsMatch(e.Name.LocalName)).Select(e => e.Name.LocalName[1] - '0')];
            Assert.Equal(1, levels[0]);
            Assert.Single(levels, 1);
            Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1, string.Join(' ', levels)));
        });
    }

    [Fact]
    public void Rows_have_as_many_cells_as_their_table_has_columns()
    {
        Assert.All(s_documents, document => Assert.All(Read(Write(document)).Descendants("table"), table =>
        {
            int columns = table.Element("thead")!.Descendants("th").Count();
            Assert.All(table.Elements("tbody").Elements("tr"), row =>
            {
                int cells = row.Elements().Sum(c => (int?)c.Attribute("colspan") ?? 1);
                bool isUnderRowHeader = row.ElementsBeforeSelf("tr").Any(
                    r => (string?)r.Elements("th").FirstOrDefault()?.Attribute("scope") == "rowgroup");
                Assert.Equal(columns, isUnderRowHeader ? cells + 1 : cells);
            });
        }));
    }

    [Fact]
    public void A_dark_display_has_a_colour_for_each_of_the_light_one()
    {
        MatchCollection roots = Regex.Matches(HtmlStyle.Sheet, @":root \{([^}]*)\}");
        string[] light = [.. Variable().Matches(roots[0].Value).Select(m => m.Value)];
        string[] dark = [.. Variable().Matches(roots[1].Value).Select(m => m.Value)];
        Assert.NotEmpty(light);
        Assert.Equal(light, dark);

        // Neither the page's colours nor the pictures' are dark on paper.
        Assert.Equal(2, Regex.Count(HtmlStyle.Sheet, @"@media screen and \(prefers-color-scheme: dark\)"));
        Assert.Equal(2, Regex.Count(HtmlStyle.Sheet, "prefers-color-scheme"));
    }

    [Fact]
    public void The_page_and_the_pictures_in_it_share_no_class()
    {
        string[] drawn = [.. Class().Matches(SvgStyle.Sheet).Select(m => m.Value).Distinct()];
        XElement page = Read(Write([SampleTopologies.Readme, SampleTopologies.WithGuests(50)]));
        string[] written =
        [
            .. page.Descendants().Where(e => e.Name.Namespace == XNamespace.None).Attributes("class").SelectMany(a => a.Value.Split(' '))
                .Select(c => $".{c}").Distinct(),
        ];
        Assert.NotEmpty(written);
        Assert.Empty(written.Intersect(drawn));
    }

    [Fact]
    public void It_says_when_it_was_read_or_that_nobody_knows()
    {
        XElement time = Read(Write([SampleTopologies.Small])).Descendants("time").Single();
        Assert.Equal(("2026-11-30 06:40:12 UTC", "2026-11-30T06:40:12Z"), (time.Value, time.Attribute("datetime")!.Value));
        Assert.Contains(
            "When it was read is not known.", Write([SampleTopologies.Small with { ReadAt = null }]), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_host_of_several_has_its_section_and_picture()
    {
        XElement page = Read(Write([SampleTopologies.Readme, SampleTopologies.WithGuests(50)]));

        Assert.Equal("Driver domains of 2 hosts", page.Descendants("h1").Single().Value);
        Assert.Equal(
            ["Driver domains of root@xen1.example.net:22", "Driver domains of root@xen1:22"],
            page.Descendants("section").Where(s => (string?)s.Attribute("class") == "host").Select(s => s.Element("h2")!.Value));
        Assert.Equal(2, page.Descendants("figure").Elements("div").Count(d => d.Elements().Single().Name.LocalName == "svg"));
        Assert.Contains("equal guests are drawn as", page.Value, StringComparison.Ordinal);
    }

    private static string Write(IReadOnlyList<DriverDomainTopology> document) => TopologyDocument.Write(document, TopologyFormat.Html);

    private static XElement Read(string text)
    {
        Assert.StartsWith("<!DOCTYPE html>\n<html ", text, StringComparison.Ordinal);
        return XElement.Parse(text["<!DOCTYPE html>\n".Length..]);
    }

    private static string HashOf(string text, string element)
    {
        // As a browser reads it: up to the first end of the element.
        string content = Assert.Single(Regex.Matches(text, $"<{element}>(.*?)</{element}", RegexOptions.Singleline)).Groups[1].Value;
        return $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}";
    }

    // Which elements with which attributes there are; nothing but void elements may be closed in short, which HTML does not know.
    private static IEnumerable<string> Shape(string text)
    {
        Assert.All(Short().Matches(text), m => Assert.Contains(m.Groups[1].Value, s_voids.Concat(["path", "rect"])));
        return Read(text).DescendantsAndSelf()
            .Select(e => $"{e.Name.LocalName} {string.Join(' ', e.Attributes().Select(a => a.Name.LocalName))}");
    }

    [GeneratedRegex("^h[1-6]$")]
    private static partial Regex Heading();

    [GeneratedRegex("--[a-z-]+(?=:)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\.[a-z][\w-]*(?=[^{}]*\{)")]
    private static partial Regex Class();

    [GeneratedRegex(@"<(\w+)(?:\s[^<>]*)?/>")]
    private static partial Regex Short();
}
