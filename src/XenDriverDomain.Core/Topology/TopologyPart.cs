namespace XenDriverDomain.Topology;

/// <summary>Cuts a topology down to what concerns certain domains.</summary>
public static class TopologyPart
{
    /// <summary>
    /// The chosen domains with all that lies between them and the hardware, and all that they serve. Empty when none is chosen.
    /// </summary>
    /// <param name="whole">The topology.</param>
    /// <param name="chosen">Chooses among driver domains, dom0 and guests.</param>
    public static DriverDomainTopology Of(DriverDomainTopology whole, Func<TopologyNode, bool> chosen)
    {
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentNullException.ThrowIfNull(chosen);
        HashSet<string> served =
        [
            .. whole.Nodes.Where(n => n.Kind is TopologyNodeKind.DriverDomain or TopologyNodeKind.Dom0 or TopologyNodeKind.Guest)
                .Where(chosen).Select(n => n.Id),
        ];
        HashSet<string> serving = [.. served];
        HashSet<TopologyLink> links =
        [
            .. Follow(served, whole.Links, l => (l.From, l.To)),
            .. Follow(serving, whole.Links, l => (l.To, l.From)),
        ];
        return whole with
        {
            Nodes = [.. whole.Nodes.Where(n => served.Contains(n.Id) || serving.Contains(n.Id))],
            Links = [.. whole.Links.Where(links.Contains)],
        };
    }

    // Links are at most three deep, so going over all of them until nothing is new is cheap.
    private static List<TopologyLink> Follow(
        HashSet<string> reached, IReadOnlyList<TopologyLink> links, Func<TopologyLink, (string Here, string There)> direction)
    {
        List<TopologyLink> followed = [];
        bool isNew = true;
        while (isNew)
        {
            isNew = false;
            followed = [.. links.Where(l => reached.Contains(direction(l).Here))];
            foreach (TopologyLink link in followed)
            {
                isNew |= reached.Add(direction(link).There);
            }
        }

        return followed;
    }
}
