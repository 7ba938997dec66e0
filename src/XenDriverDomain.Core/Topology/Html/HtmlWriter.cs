using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using XenDriverDomain.Topology.Svg;

namespace XenDriverDomain.Topology.Html;

/// <summary>
/// Writes topologies as a page that opens from a disk and asks nobody for anything: the pictures, and tables of all that is known. Its
/// policy allows its own style sheet and its own script, by their hashes, and nothing else, so that what a guest has written would not
/// even run if it stood there as markup.
/// </summary>
internal sealed class HtmlWriter
{
    private readonly HtmlElements _html;
    private readonly HtmlHost[] _hosts;

    private HtmlWriter(HtmlElements html, IReadOnlyList<DriverDomainTopology> topologies)
    {
        _html = html;
        _hosts = [.. topologies.Select((t, i) => new HtmlHost(t, i))];
    }

    /// <summary>Writes one or more hosts, equal guests folded, into one page.</summary>
    public static string Write(IReadOnlyList<DriverDomainTopology> topologies)
    {
        StringBuilder text = new("<!DOCTYPE html>\n");
        XmlWriterSettings settings = new() { Indent = true, IndentChars = " ", NewLineChars = "\n", OmitXmlDeclaration = true };
        using (XmlWriter page = XmlWriter.Create(text, settings))
        {
            new HtmlWriter(new HtmlElements(page), topologies).Write();
        }

        return text.Append('\n').ToString();
    }

    private string Title => _hosts.Length == 1
        ? TopologyWords.Title(_hosts[0].Topology)
        : string.Create(CultureInfo.InvariantCulture, $"Driver domains of {_hosts.Length} hosts");

    private void Write()
    {
        _html.Open("html", null, ("lang", "en"));
        WriteHead();
        _html.Open("body");
        _html.Leaf("a", "Skip to the hosts", "skip", ("href", "#hosts"));
        WriteHeader();
        WriteFilter();
        if (_hosts.Length > 1)
        {
            WriteContents();
        }

        _html.Open("main", null, ("id", "hosts"), ("tabindex", "-1"));
        foreach (HtmlHost host in _hosts)
        {
            WriteHost(host);
        }

        _html.Close();
        _html.Open("script");
        _html.Page.WriteRaw(HtmlScript.Text);
        _html.Close(3);
    }

    private void WriteHead()
    {
        string policy = $"default-src 'none'; style-src '{HashOf(HtmlStyle.Sheet)}'; script-src '{HashOf(HtmlScript.Text)}'; "
            + "base-uri 'none'; form-action 'none'";
        _html.Open("head");
        _html.Void("meta", ("charset", "utf-8"));
        _html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", policy));
        _html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        _html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
        _html.Leaf("title", Title);
        _html.Open("style");
        _html.Page.WriteRaw(HtmlStyle.Sheet);
        _html.Close(2);
    }

    private static string HashOf(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private void WriteHeader()
    {
        _html.Open("header");
        if (_hosts.Length == 1)
        {
            _html.Open("h1");
            _html.Text("Driver domains of ");
            _html.Name(_hosts[0].Topology.Dom0);
            _html.Close();
            WriteTime(_hosts[0]);
        }
        else
        {
            _html.Leaf("h1", Title);
        }

        WriteStats();
        _html.Close();
    }

    private void WriteStats()
    {
        _html.Open("dl", "stats");
        WriteStat("PCI devices", t => t.Count(TopologyNodeKind.Device));
        WriteStat("Driver domains", t => t.Nodes.Count(n => n is { Kind: TopologyNodeKind.DriverDomain, Exists: true }));
        WriteStat("Bridges", t => t.Count(TopologyNodeKind.Bridge));
        WriteStat("Guests", t => t.Count(TopologyNodeKind.Guest));
        foreach (TopologyLinkState state in Enum.GetValues<TopologyLinkState>())
        {
            WriteStat($"Links {TopologyWords.Word(state)}", t => t.Count(state), HtmlElements.StyleOf(state));
        }

        _html.Close();
    }

    private void WriteStat(string name, Func<DriverDomainTopology, int> count, string? style = null)
    {
        int sum = _hosts.Sum(h => count(h.Topology));

        // That nothing is broken needs no red.
        _html.Open("div", sum == 0 ? null : style);
        _html.Leaf("dt", name);
        _html.Leaf("dd", sum.ToString(CultureInfo.InvariantCulture));
        _html.Close();
    }

    private void WriteFilter()
    {
        _html.Open("div", "bar", ("id", "bar"), ("role", "search"), ("aria-label", "In this page"), ("hidden", "hidden"));
        _html.Open("div");
        _html.Leaf("label", "Filter", null, ("for", "filter"));
        _html.Void(
            "input", ("id", "filter"), ("type", "search"), ("placeholder", "name, MAC address, driver, broken …"), ("autocomplete", "off"),
            ("spellcheck", "false"), ("aria-describedby", "told"));
        _html.Leaf("output", string.Empty, null, ("id", "told"), ("for", "filter"), ("aria-live", "polite"));
        _html.Close(2);
    }

    private void WriteContents()
    {
        _html.Open("nav", null, ("aria-label", "Hosts"));
        _html.Open("ul");
        foreach (HtmlHost host in _hosts)
        {
            _html.Open("li");
            _html.Open("a", null, ("href", $"#{host.Id}"));
            _html.Name(host.Topology.Dom0);
            _html.Close();
            _html.Text(" ");
            _html.State(HtmlHost.Worst(host.Topology.Links));
            _html.Close();
        }

        _html.Close(2);
    }

    private void WriteHost(HtmlHost host)
    {
        bool isOnly = _hosts.Length == 1;
        string heading = isOnly ? "h2" : "h3";
        if (!isOnly)
        {
            _html.Open("section", "host", ("id", host.Id), ("aria-labelledby", $"{host.Id}-name"));
            _html.Open("h2", null, ("id", $"{host.Id}-name"));
            _html.Text("Driver domains of ");
            _html.Name(host.Topology.Dom0);
            _html.Close();
            WriteTime(host);
            _html.Leaf("p", TopologyWords.Summary(host.Topology), "faint");
        }

        WritePicture(host, heading);
        new HtmlTables(_html, host, heading).Write();
        if (!isOnly)
        {
            _html.Close();
        }
    }

    private void WritePicture(HtmlHost host, string heading)
    {
        string name = $"{host.Id}-picture";
        _html.Open("section", "card", ("aria-labelledby", name));
        _html.Leaf(heading, "Picture", null, ("id", name));
        _html.Open("figure");
        _html.Open("div", "scroll", ("role", "region"), ("aria-labelledby", name), ("tabindex", "0"));
        SvgWriter.WriteInto(_html.Page, host.Topology, $"{host.Id}-");
        _html.Close();
        _html.Leaf(
            "figcaption",
            $"From the hardware, at the left, to the guests.{TopologyWords.Folded(host.Topology)} "
                + "The tables below have all that it shows.");
        _html.Close(2);
    }

    private void WriteTime(HtmlHost host)
    {
        _html.Open("p", "faint");
        if (host.Topology.ReadAt is { } time)
        {
            _html.Text("As it was at ");
            _html.Leaf(
                "time", time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture), null,
                ("datetime", time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
            _html.Text(".");
        }
        else
        {
            _html.Text("When it was read is not known.");
        }

        _html.Close();
    }
}
