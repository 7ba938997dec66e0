namespace XenDriverDomain.Domains;

/// <summary>
/// The rules for a domain's name. Xen takes nearly any bytes; this product creates and addresses only names that survive a
/// configuration file, xl's command line, a file name and a terminal.
/// </summary>
internal static class DomainName
{
    /// <summary>The longest name; xl's tables and the file systems cope with it.</summary>
    public const int MaxLength = 100;

    /// <summary>Why a text cannot be the name of a domain, in words that follow a colon; null when it can.</summary>
    public static string? WhyNot(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
        {
            return "it is empty";
        }

        if (name.Length > MaxLength)
        {
            return $"it is longer than {MaxLength} characters";
        }

        if (name.All(char.IsAsciiDigit))
        {
            return "it consists of digits only, which xl takes for a domid";
        }

        if (name[0] is '-' or '.')
        {
            return "it begins with '-' or '.', which programs take for an option or a hidden file";
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '+' or ':' or '@'))
            {
                return "only ASCII letters, digits and - _ . + : @ are allowed";
            }
        }

        return null;
    }
}
