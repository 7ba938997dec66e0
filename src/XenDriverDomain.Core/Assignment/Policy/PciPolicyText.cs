using System.Text;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>The host's policy file: a rule a line, <c>#</c> for comments, names of what rules came from as comments before them.</summary>
internal static class PciPolicyText
{
    private const string Head = """
        # Which PCI devices of this host let a guest write more of their configuration space than pciback does by itself.
        # Applied before guests start, and whenever pciback gets a device, by apply-pci-policy beside this file.
        #
        #   permissive TARGET                     all of it
        #   quirk TARGET REGISTER:SIZE:MASK       one field, hexadecimal; the mask is what is kept from the guest, usually 0
        #
        # TARGET is a full address (0000:03:00.0) or VENDOR:DEVICE[:SUBVENDOR:SUBDEVICE], lower case, four digits each.

        """;

    /// <summary>True for a line of the head that <see cref="Write"/> gives every file.</summary>
    public static bool IsOwnComment(string line) => Head.ReplaceLineEndings("\n").Split('\n').Contains(line.TrimEnd());

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigException">PciPolicyRuleMalformed, with the line.</exception>
    public static IReadOnlyList<PciPolicyRule> Parse(string text, string path)
    {
        List<PciPolicyRule> rules = [];
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string[] parts = lines[i].TrimEnd('\r').Split('#', 2);
            if (string.IsNullOrWhiteSpace(parts[0]))
            {
                continue;
            }

            ConfigLocation place = new(path, i + 1, 1);
            try
            {
                rules.Add(PciPolicyRule.Parse(parts[0].Trim()) with
                {
                    Name = parts.Length > 1 && parts[1].Trim() is { Length: > 0 } name ? name : null,
                    Source = place.ToString(),
                });
            }
            catch (XenDriverDomainException e)
            {
                throw new ConfigException(e.ErrorId, place, e.Message, e.Remedy ?? string.Empty, e);
            }
        }

        return rules;
    }

    /// <summary>A file of these rules, each once.</summary>
    public static string Write(IEnumerable<PciPolicyRule> rules)
    {
        StringBuilder text = new(Head.ReplaceLineEndings("\n"));
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (PciPolicyRule rule in rules.Where(r => seen.Add(r.ToString())))
        {
            text.Append('\n').Append(rule);
            if (rule.Name is { } name)
            {
                text.Append("   # ").Append(Terminal.Text.Show(name, 80));
            }
        }

        return text.Append('\n').ToString();
    }
}
