using XenDriverDomain.Configuration.Xend.Sxp;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>
/// xend's policy files, <c>xend-pci-quirks.sxp</c> and <c>xend-pci-permissive.sxp</c>, as xend read them
/// (tools/python/xen/xend/server/pciquirk.py of Xen 4.1), but for its blindness to ids in capitals.
/// </summary>
internal static class XendPolicyReader
{
    private const string Unconstrained = "unconstrained_dev_ids";
    private const string Ids = "pci_ids";
    private const string Fields = "pci_config_space_fields";

    /// <summary>Reads either file.</summary>
    /// <exception cref="ConfigException">ConfigSyntaxError or PciPolicyRuleMalformed, with the place.</exception>
    public static IReadOnlyList<PciPolicyRule> Parse(string text, string path)
    {
        List<PciPolicyRule> rules = [];
        foreach (SxpValue value in SxpDocument.Parse(text, path).Items)
        {
            if (value is not SxpList { Name: { } name } list)
            {
                throw Malformed(value.Location, "this is no list with a name");
            }

            if (name == Unconstrained)
            {
                rules.AddRange(Atoms(list).Select(atom => Rule(IdsOf(atom), null, null, atom)));
                continue;
            }

            if (list.Child(Ids) is not { } ids || list.Child(Fields) is not { } fields)
            {
                throw Malformed(list.Location, $"'{Terminal.Text.Show(name, 40)}' has not both {Ids} and {Fields}");
            }

            rules.AddRange(
                from id in Atoms(ids)
                from field in Atoms(fields)
                select Rule(IdsOf(id), FieldOf(field), name, id));
        }

        return rules;
    }

    private static PciPolicyRule Rule(PciIdPattern ids, PciConfigField? field, string? name, SxpAtom place) =>
        PciPolicyRule.For(ids, field) with { Name = name, Source = place.Location.ToString() };

    // (pci_ids ('14e4:1645' '14e4:1646')): the values are in a list of their own; people leave it out, too.
    private static IEnumerable<SxpAtom> Atoms(SxpList list) => list.Items.Skip(1).SelectMany(item => item switch
    {
        SxpAtom atom => [atom],
        SxpList inner => inner.Items.Select(i => i as SxpAtom ?? throw Malformed(i.Location, "a list is where an entry should be")),
        _ => throw Malformed(item.Location, "this is no entry"),
    });

    private static PciIdPattern IdsOf(SxpAtom atom) => PciIdPattern.TryParse(atom.Text, out PciIdPattern? ids, out string? why)
        ? ids : throw Malformed(atom.Location, $"of '{atom}', {why}");

    private static PciConfigField FieldOf(SxpAtom atom) => PciConfigField.TryParse(atom.Text, out PciConfigField field, out string? why)
        ? field : throw Malformed(atom.Location, $"of '{atom}', {why}");

    private static ConfigException Malformed(ConfigLocation place, string problem) => new(
        ErrorIds.PciPolicyRuleMalformed,
        place,
        problem + ".",
        $"Write (NAME ({Ids} ('14e4:1645')) ({Fields} ('00000078:4:00000000'))), or ({Unconstrained} ('8086:10d3')).");
}
