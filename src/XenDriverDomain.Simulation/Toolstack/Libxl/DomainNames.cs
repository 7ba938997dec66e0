using System.Globalization;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>Names of running domains, which only xenstore knows (libxl_utils.c).</summary>
internal static class DomainNames
{
    /// <summary>A domain's name; null when it has none.</summary>
    public static string? Of(XlProcess process, int domid) => process.Store.TryRead($"/local/domain/{domid}/name");

    /// <summary>The domain of a name; null when there is none (libxl_name_to_domid).</summary>
    public static int? Find(XlProcess process, string name)
    {
        foreach (Domains.SimulatedDomain domain in process.World.Hypervisor.Domains)
        {
            if (Of(process, domain.Domid) == name)
            {
                return domain.Domid;
            }
        }

        return null;
    }

    /// <summary>What a user calls a domain; all digits are a domid, whether there is such a domain or not.</summary>
    public static int? Resolve(XlProcess process, string word) =>
        word.All(char.IsAsciiDigit)
            && int.TryParse(word.Length == 0 ? "0" : word, NumberStyles.None, CultureInfo.InvariantCulture, out int domid)
            ? domid
            : Find(process, word);
}
