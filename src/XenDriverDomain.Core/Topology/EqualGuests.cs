using System.Globalization;

namespace XenDriverDomain.Topology;

/// <summary>
/// Has guests of which a picture would say the same stand as one. Equal are those with interfaces of the same numbers at the same
/// bridges and back ends, which are of the same kind, do the same, and whose links are in the same state for the same reason: what is
/// wrong with a guest is never hidden among those that are well. Those that stand as one are its members, and keep all that is known of
/// them.
/// </summary>
internal static class EqualGuests
{
    /// <summary>So many at least stand as one; fewer are easier to read by their names.</summary>
    public const int Fewest = 4;

    private const int LongestName = 12;

    /// <summary>The topology as it is drawn.</summary>
    public static DriverDomainTopology Fold(DriverDomainTopology topology)
    {
        Dictionary<string, TopologyNode> groups = GroupsOf(topology);
        if (groups.Count == 0)
        {
            return topology;
        }

        return topology with
        {
            Nodes = [.. topology.Nodes.Select(n => groups.GetValueOrDefault(n.Id, n)).DistinctBy(n => n.Id, StringComparer.Ordinal)],
            Links =
            [
                .. topology.Links.Select((link, i) => (Link: link, Group: groups.GetValueOrDefault(link.To), Number: i))
                    .GroupBy(x => x.Group is null ? Key([x.Number]) : Key([x.Group.Id, .. Traits(x.Link)]), StringComparer.Ordinal)
                    .Select(same => same.First() is { Group: { } group } ? Fold(same.Select(x => x.Link), group) : same.First().Link),
            ],
        };
    }

    private static Dictionary<string, TopologyNode> GroupsOf(DriverDomainTopology topology)
    {
        ILookup<string, TopologyLink> links = topology.Links.ToLookup(l => l.To, StringComparer.Ordinal);
        Dictionary<string, TopologyNode> groups = new(StringComparer.Ordinal);
        IEnumerable<TopologyNode[]> equal = topology.Nodes
            .Where(n => n.Kind == TopologyNodeKind.Guest && n.Members.Count == 0 && links[n.Id].All(l => l.Kind == TopologyLinkKind.Vif))
            .GroupBy(n => Likeness(n, links[n.Id]), StringComparer.Ordinal)
            .Select(g => g.OrderBy(n => n.Name, NaturalOrder.Instance).ThenBy(n => n.Domid).ToArray())
            .Where(g => g.Length >= Fewest);
        foreach (TopologyNode[] members in equal)
        {
            TopologyNode group = Fold(members);
            foreach (TopologyNode member in members)
            {
                groups[member.Id] = group;
            }
        }

        return groups;
    }

    private static TopologyNode Fold(TopologyNode[] members) => members[0] with
    {
        Id = $"group/{members[0].Id}",
        Name = $"{Short(members[0].Name)}, {Short(members[1].Name)}, … ({members.Length} guests)",
        Domid = null,
        Detail = DetailOf(members[0]),
        MemoryMB = null,
        Vcpus = null,
        Members = members,
    };

    private static TopologyLink Fold(IEnumerable<TopologyLink> links, TopologyNode group)
    {
        TopologyLink[] members = [.. links.OrderBy(l => l.ToName, NaturalOrder.Instance)];
        TopologyLink first = members[0];
        return first with
        {
            To = group.Id,
            ToName = group.Name,
            Label = $"{members.Length} × {first.Label}",
            Detail = All(members, l => l.Detail, $"It is the same with the other {members.Length - 1}."),
            Remedy = All(members, l => l.Remedy, "The others need the same."),
            Mac = null,
            Members = members,
        };
    }

    private static string All(TopologyLink[] members, Func<TopologyLink, string> text, string others) =>
        members.Select(text).Distinct(StringComparer.Ordinal).Count() == 1 ? text(members[0]) : $"{text(members[0])} {others}";

    private static string Likeness(TopologyNode guest, IEnumerable<TopologyLink> links) => Key(
    [
        guest.Exists,
        DetailOf(guest),
        .. links.OrderBy(l => l.Label, StringComparer.Ordinal).ThenBy(l => l.From, StringComparer.Ordinal).SelectMany(Traits),
    ]);

    // Whatever names a reason has in it, those with one id are the same.
    private static IEnumerable<object?> Traits(TopologyLink link) => [link.From, link.Label, link.State, link.ErrorId ?? link.Detail];

    // What a picture says of a guest beside its name and number: its kind, and what it does when that is not to run.
    private static string DetailOf(TopologyNode guest)
    {
        string domid = $"domid {guest.Domid}";
        return !guest.Detail.StartsWith(domid, StringComparison.Ordinal) ? guest.Detail
            : guest.Detail.Length == domid.Length ? string.Empty
            : guest.Detail.StartsWith($"{domid}, ", StringComparison.Ordinal) ? guest.Detail[(domid.Length + 2)..]
            : guest.Detail;
    }

    private static string Short(string name)
    {
        string shown = TopologyWords.Line(name);
        StringInfo characters = new(shown);
        return characters.LengthInTextElements <= LongestName ? shown : $"{characters.SubstringByTextElements(0, LongestName - 1)}…";
    }

    // With the length of each, nothing in a text can pass for the end of it.
    private static string Key(IEnumerable<object?> parts) =>
        string.Concat(parts.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p}")).Select(p => $"{p.Length}:{p}"));
}
