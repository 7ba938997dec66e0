using System.Globalization;

namespace XenDriverDomain.Topology.Html;

/// <summary>
/// The tables of a host. What the filter shows and hides is a table body with a data-item, which says of what kind it is; in a body with
/// a data-group are those of its members.
/// </summary>
internal sealed class HtmlTables(HtmlElements html, HtmlHost host, string heading)
{
    /// <summary>Writes all of them.</summary>
    public void Write()
    {
        WriteProblems();
        WriteGuests();
        WriteServers();
        WriteDevices();
    }

    private void WriteProblems()
    {
        IReadOnlyList<TopologyLink> problems = host.Problems;
        if (problems.Count == 0)
        {
            if (host.Topology.Links.Count > 0)
            {
                html.Open("div", "card");
                html.Leaf("p", "✓ All links are healthy.", "well");
                html.Close();
            }

            return;
        }

        OpenTable("findings", "What is not healthy");
        html.Head(
            "The links that are broken or wait, the worst first. Get-Help about_XenDriverDomain_Errors explains the ids.",
            "State", "Link", "What is the case", "What to do");
        foreach (TopologyLink problem in problems)
        {
            OpenItem("finding");
            html.Open("tr");
            html.StateCell(problem.State);
            html.Open("th", "wide", ("scope", "row"));
            html.Name(problem.FromName);
            html.Text(" to ");
            html.Name(problem.ToName);
            html.Leaf("span", $" {TopologyWords.Line(problem.Label)}", "faint short");
            WriteNames([.. problem.Members.Select(m => m.ToName)]);
            html.Close();
            WriteReason(problem);
            html.Close(2);
        }

        CloseTable();
    }

    private void WriteNames(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        html.Open("details", "names");
        html.Leaf("summary", Guests(names.Count));
        html.Open("p");
        WriteList(names);
        html.Close(2);
    }

    private void WriteList(IReadOnlyList<string> names)
    {
        for (int i = 0; i < names.Count; i++)
        {
            html.Text(i == 0 ? string.Empty : ", ");
            html.Name(names[i]);
        }
    }

    private void WriteGuests()
    {
        TopologyNode[] guests = [.. host.Of(TopologyNodeKind.Guest).OrderBy(g => g.Name, NaturalOrder.Instance)];
        if (guests.Length == 0)
        {
            return;
        }

        OpenTable("guests", "Guests");
        string folded = TopologyWords.Folded(host.Topology).Trim();
        html.Head(
            $"{Guests(host.Topology.Count(TopologyNodeKind.Guest))}."
                + (folded.Length == 0 ? string.Empty : " Those with the same kind, back ends, bridges and states share a row."),
            "Guest", "Domid", "Type", "State", "Memory", "vCPUs", "Back end / bridge", "Links");
        foreach (TopologyNode guest in guests)
        {
            if (guest.Members.Count == 0)
            {
                WriteGuest(guest);
            }
            else
            {
                WriteGroup(guest);
            }
        }

        CloseTable();
    }

    private void WriteGuest(TopologyNode guest)
    {
        OpenItem("guest");
        html.Open("tr");
        html.NameCell(guest.Name);
        html.Cell(guest.Domid);
        html.Cell(guest.Type?.ToString());
        html.Cell(HtmlHost.StateOf(guest));
        html.Cell(HtmlHost.Memory(guest.MemoryMB), "number");
        html.Cell(guest.Vcpus);
        html.NamesCell(host.ServersOf(guest));
        html.StateCell(HtmlHost.Worst(host.To(guest)));
        html.Close();
        WriteLinks(
            8,
            guest,
            "is linked to",
            ["Interface", "MAC address", "Back end", "Bridge", "Link"],
            [.. host.To(guest)],
            link =>
            {
                (string server, string? bridge) = host.ServerOf(link);
                html.Cell(MacOf(link), "short");
                html.NamesCell([server]);
                html.NamesCell(bridge is null ? [] : [bridge]);
            });
        html.Close();
    }

    private void WriteGroup(TopologyNode group)
    {
        IReadOnlyList<TopologyNode> members = group.Members;
        TopologyLink[] links = [.. members.SelectMany(host.To)];
        html.Open("tbody", null, ("data-group", "guests"));
        html.Open("tr");
        html.NameCell(group.Name);
        html.Cell(HtmlHost.Range(members.Select(m => m.Domid)), "number");
        html.Cell(string.Join(" or ", members.Select(m => m.Type?.ToString()).OfType<string>().Distinct().Order(StringComparer.Ordinal)));
        html.Cell(string.Join(" or ", members.Select(HtmlHost.StateOf).Distinct().Order(StringComparer.Ordinal)));
        html.Cell(HtmlHost.Range(members.Select(m => m.MemoryMB), " MiB"), "number");
        html.Cell(HtmlHost.Range(members.Select(m => m.Vcpus)), "number");
        html.NamesCell(host.ServersOf(members[0]));
        html.StateCell(HtmlHost.Worst(links));
        html.Close();
        OpenDetails(8, $"All {members.Count} guests", string.Empty);
        html.Open("table");
        bool isWell = Array.TrueForAll(links, l => l.State == TopologyLinkState.Healthy);
        html.Head(
            $"The guests {TopologyWords.Name(group.Name)}",
            [
                "Guest", "Domid", "State", "Memory", "vCPUs",
                .. links.Length == 0 ? (string[])[] : ["Interface", "MAC address", "Link", .. Reasons(isWell)],
            ]);
        foreach (TopologyNode member in members)
        {
            OpenItem("guest");
            WriteMember(member, [.. host.To(member)], isWell);
            html.Close();
        }

        html.Close();
        CloseDetails();
        html.Close();
    }

    private void WriteMember(TopologyNode member, IReadOnlyList<TopologyLink> links, bool isWell)
    {
        for (int i = 0; i < Math.Max(1, links.Count); i++)
        {
            html.Open("tr");
            if (i == 0)
            {
                string rows = Math.Max(1, links.Count).ToString(CultureInfo.InvariantCulture);
                html.Open("th", null, ("scope", links.Count > 1 ? "rowgroup" : "row"), ("rowspan", rows));
                html.Name(member.Name);
                html.Close();
                html.Cell(member.Domid);
                html.Cell(HtmlHost.StateOf(member));
                html.Cell(HtmlHost.Memory(member.MemoryMB), "number");
                html.Cell(member.Vcpus);
            }
            else
            {
                html.Leaf("td", string.Empty, null, ("colspan", "4"));
            }

            if (i < links.Count)
            {
                html.Cell(TopologyWords.Line(links[i].Label), "short");
                html.Cell(MacOf(links[i]), "short");
                html.StateCell(links[i].State);
                WriteReason(links[i], isWell);
            }

            html.Close();
        }
    }

    private void WriteServers()
    {
        TopologyNode[] servers = [.. host.Servers];
        if (servers.Length == 0)
        {
            return;
        }

        OpenTable("domains", "Driver domains");
        html.Head(
            "The domains that own cards or serve guests.",
            "Domain", "Domid", "Type", "State", "Memory", "vCPUs", "Devices", "Bridges", "Guests", "Own links");
        foreach (TopologyNode server in servers)
        {
            TopologyLink[] devices = [.. host.To(server)];
            TopologyLink[] bridges = [.. host.BridgesOf(server)];
            OpenItem("domain");
            html.Open("tr");
            html.NameCell(server.Name);
            html.Cell(server.Domid);
            html.Cell(server.Type?.ToString());
            html.Cell(HtmlHost.StateOf(server));
            html.Cell(HtmlHost.Memory(server.MemoryMB), "number");
            html.Cell(server.Vcpus);
            html.NamesCell(devices.Select(l => l.FromName));
            html.NamesCell(bridges.Select(l => l.ToName));
            html.Cell(host.GuestsOf(server));
            html.StateCell(HtmlHost.Worst(devices.Concat(host.From(server))));
            html.Close();
            WriteLinks(
                10,
                server,
                "has and serves",
                ["Link", "With", "State"],
                [.. devices, .. host.From(server)],
                link => html.NamesCell([link.To == server.Id ? link.FromName : link.ToName]));
            html.Close();
        }

        CloseTable();
    }

    private void WriteDevices()
    {
        TopologyNode[] devices = [.. host.Of(TopologyNodeKind.Device)];
        if (devices.Length == 0)
        {
            return;
        }

        OpenTable("devices", "PCI devices");
        html.Head(
            "The functions that a domain has or is to get, and those that one could get.",
            "Address", "Device", "Driver in dom0", "Belongs to", "Link");
        foreach (TopologyNode device in devices)
        {
            TopologyLink[] links = [.. host.From(device)];
            OpenItem("device");
            html.Open("tr");
            html.NameCell(device.Name);
            html.Cell(TopologyWords.Name(device.Detail), "wide");
            html.NamesCell(device.Driver is null ? [] : [device.Driver]);
            html.NamesCell(links.Select(l => l.ToName));
            html.StateCell(HtmlHost.Worst(links));
            html.Close(2);
        }

        CloseTable();
    }

    // What unfolds below a domain: its links, a row each, with what is the case where one is not healthy.
    private void WriteLinks(
        int width,
        TopologyNode of,
        string verb,
        IReadOnlyList<string> columns,
        IReadOnlyList<TopologyLink> links,
        Action<TopologyLink> writeCells)
    {
        if (links.Count == 0)
        {
            return;
        }

        string name = TopologyWords.Name(of.Name);
        bool isWell = links.All(l => l.State == TopologyLinkState.Healthy);
        OpenDetails(width, "Details", $" of {name}");
        html.Open("table");
        html.Head($"What {name} {verb}", [.. columns, .. Reasons(isWell)]);
        html.Open("tbody");
        foreach (TopologyLink link in links)
        {
            html.Open("tr");
            html.Leaf("th", TopologyWords.Line(link.Label), "short", ("scope", "row"));
            writeCells(link);
            html.StateCell(link.State);
            WriteReason(link, isWell);
            html.Close();
        }

        html.Close(2);
        CloseDetails();
    }

    private void WriteReason(TopologyLink link, bool isLeftOut = false)
    {
        if (isLeftOut)
        {
            return;
        }

        html.Open("td", "wide");
        html.Text(link.Detail.Length == 0 ? "–" : TopologyWords.Paragraph(link.Detail));
        if (link.ErrorId is not null)
        {
            html.Text(" ");
            html.Leaf("code", TopologyWords.Line(link.ErrorId), "faint");
        }

        html.Close();
        html.Cell(TopologyWords.Paragraph(link.Remedy), "wide");
    }

    private static string[] Reasons(bool isWell) => isWell ? [] : ["What is the case", "What to do"];

    private static string? MacOf(TopologyLink link) => link.Mac is null ? null : TopologyWords.Line(link.Mac);

    private static string Guests(int count) => count == 1 ? "1 guest" : string.Create(CultureInfo.InvariantCulture, $"{count} guests");

    private void OpenTable(string id, string title)
    {
        string name = $"{host.Id}-{id}";
        html.Open("section", "card", ("aria-labelledby", name), ("data-part", id));
        html.Leaf(heading, title, null, ("id", name));
        html.Open("div", "scroll", ("role", "region"), ("aria-labelledby", name), ("tabindex", "0"));
        html.Open("table");
    }

    private void CloseTable() => html.Close(3);

    private void OpenItem(string kind) => html.Open("tbody", null, ("data-item", kind));

    // The whole width of the table is for what unfolds.
    private void OpenDetails(int columns, string word, string of)
    {
        html.Open("tr", "more");
        html.Open("td", null, ("colspan", columns.ToString(CultureInfo.InvariantCulture)));
        html.Open("details");
        html.Open("summary");
        html.Text(word);
        if (of.Length > 0)
        {
            html.Leaf("span", of, "unseen");
        }

        html.Close();
        html.Open("div", "inner");
    }

    private void CloseDetails() => html.Close(4);
}
