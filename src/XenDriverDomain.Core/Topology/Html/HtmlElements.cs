using System.Globalization;
using System.Xml;

namespace XenDriverDomain.Topology.Html;

/// <summary>
/// Elements of HTML, written so that they are XML, too: every text and every value is escaped by the writer, which also refuses what no
/// document may hold.
/// </summary>
internal sealed class HtmlElements(XmlWriter page)
{
    /// <summary>The writer below.</summary>
    public XmlWriter Page => page;

    /// <summary>Begins an element; <see cref="Close"/> ends it.</summary>
    public void Open(string name, string? style = null, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        page.WriteStartElement(name);
        if (style is not null)
        {
            page.WriteAttributeString("class", style);
        }

        foreach ((string attribute, string value) in attributes)
        {
            page.WriteAttributeString(attribute, value);
        }
    }

    /// <summary>Ends elements. HTML knows no short form for those that may have a content.</summary>
    public void Close(int count = 1)
    {
        for (int i = 0; i < count; i++)
        {
            page.WriteFullEndElement();
        }
    }

    /// <summary>An element that never has a content.</summary>
    public void Void(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Open(name, null, attributes);
        page.WriteEndElement();
    }

    /// <summary>An element with a text, which is fit to be shown.</summary>
    public void Leaf(string name, string text, string? style = null, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Open(name, style, attributes);
        page.WriteString(text);
        Close();
    }

    /// <summary>A text, which is fit to be shown.</summary>
    public void Text(string text) => page.WriteString(text);

    /// <summary>A name from outside: whichever way it is written, it turns nothing around it.</summary>
    public void Name(string name) => Leaf("bdi", TopologyWords.Name(name));

    /// <summary>A cell with a text; a dash where there is none.</summary>
    public void Cell(string? text, string? style = null) => Leaf("td", string.IsNullOrEmpty(text) ? "–" : text, style);

    /// <summary>A cell with a number; a dash where there is none.</summary>
    public void Cell(int? number) => Cell(number?.ToString(CultureInfo.InvariantCulture), "number");

    /// <summary>The cell by which its row is called, with a name.</summary>
    public void NameCell(string name)
    {
        Open("th", null, ("scope", "row"));
        Name(name);
        Close();
    }

    /// <summary>A cell with names; a dash where there is none.</summary>
    public void NamesCell(IEnumerable<string> names)
    {
        Open("td");
        bool isFirst = true;
        foreach (string name in names)
        {
            Text(isFirst ? string.Empty : ", ");
            Name(name);
            isFirst = false;
        }

        Text(isFirst ? "–" : string.Empty);
        Close();
    }

    /// <summary>A state as a sign and a word; that there is no link where it is null.</summary>
    public void State(TopologyLinkState? state)
    {
        if (state is not { } known)
        {
            Text("no link");
            return;
        }

        Open("span", $"badge {StyleOf(known)}");
        string sign = known switch { TopologyLinkState.Healthy => "✓ ", TopologyLinkState.Waiting => "◇ ", _ => "✕ " };
        Leaf("span", sign, null, ("aria-hidden", "true"));
        Text(TopologyWords.Word(known));
        Close();
    }

    /// <summary>A cell with a state.</summary>
    public void StateCell(TopologyLinkState? state)
    {
        Open("td", "short");
        State(state);
        Close();
    }

    /// <summary>The head of a table.</summary>
    public void Head(string caption, params ReadOnlySpan<string> columns)
    {
        Leaf("caption", caption);
        Open("thead");
        Open("tr");
        foreach (string column in columns)
        {
            Leaf("th", column, column is "Domid" or "Memory" or "vCPUs" or "Guests" ? "number" : null, ("scope", "col"));
        }

        Close(2);
    }

    /// <summary>The class of a state.</summary>
    public static string StyleOf(TopologyLinkState state) => $"is-{TopologyWords.Word(state)}";
}
