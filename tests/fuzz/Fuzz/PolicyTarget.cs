using XenDriverDomain.Assignment.Policy;

namespace XenDriverDomain.Fuzz;

/// <summary>The policy of a host: what is read of a file, xend's or ours, is the same after it was written and read again.</summary>
internal static class PolicyTarget
{
    /// <summary>Reads xend's files.</summary>
    public static void ReadSxp(string text) => Again(XendPolicyReader.Parse(text, "fuzz"));

    /// <summary>Reads ours.</summary>
    public static void Read(string text) => Again(PciPolicyText.Parse(text, "fuzz"));

    private static void Again(IReadOnlyList<PciPolicyRule> rules)
    {
        string written = PciPolicyText.Write(rules);
        IReadOnlyList<PciPolicyRule> again = PciPolicyText.Parse(written, "fuzz");
        if (!again.Select(r => r.ToString()).SequenceEqual(rules.Select(r => r.ToString()).Distinct()))
        {
            throw new InvalidOperationException($"What was read is not what was written:\n{written}");
        }
    }
}
