using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary>The domain that a subcommand is about (xl_utils.c, find_domain).</summary>
internal static class DomainArgument
{
    /// <summary>Its domid; all digits are taken as they are, whether there is such a domain or not.</summary>
    public static int Find(XlProcess process, string word)
    {
        if (DomainNames.Resolve(process, word) is { } domid)
        {
            return domid;
        }

        process.Complain($"{word} is an invalid domain identifier (rc={LibxlError.Invalid})");
        throw new XlExit(1);
    }
}
