using XenDriverDomain.Errors;

namespace XenDriverDomain.Network;

/// <summary>
/// The rules for the name of a bridge or network interface: what Linux takes (dev_valid_name, net/core/dev.c) and what
/// survives a vif string, a hotplug script and a terminal.
/// </summary>
internal static class InterfaceName
{
    /// <summary>IFNAMSIZ - 1, in bytes.</summary>
    public const int MaxLength = 15;

    /// <summary>Why a text cannot be such a name, in words that follow a colon; null when it can.</summary>
    public static string? WhyNot(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
        {
            return "it is empty";
        }

        if (name.Length > MaxLength)
        {
            return $"it is longer than {MaxLength} characters, the most that Linux takes";
        }

        if (name is "." or ".." || name[0] == '-')
        {
            return "it is '.' or '..', or begins with '-'";
        }

        foreach (char c in name)
        {
            if (c is <= ' ' or >= '\x7f' or '/' or ',' or '\'' or '"' or '`' or '\\' or '$' or ';' or '&' or '|' or '=' or ':' or '%')
            {
                return $"the character '{Terminal.Text.Show(c.ToString())}' is not allowed";
            }
        }

        return null;
    }

    /// <summary>Returns a name that can be used.</summary>
    /// <exception cref="XenDriverDomainException">InterfaceNameMalformed.</exception>
    public static string Check(string name) => WhyNot(name) is { } why
        ? throw new XenDriverDomainException(
            ErrorIds.InterfaceNameMalformed,
            ErrorKind.InvalidArgument,
            $"'{Terminal.Text.Show(name)}' cannot be the name of a bridge or network interface: {why}.",
            "Use the name that ip link shows, such as xenbr0.",
            name)
        : name;
}
