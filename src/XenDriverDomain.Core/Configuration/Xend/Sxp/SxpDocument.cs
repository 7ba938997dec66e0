using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Xend.Sxp;

/// <summary>
/// A file in SXP as xend wrote and read it: <c>(vm …)</c> for <c>xm create -F</c>, <c>(domain …)</c> from <c>xm list --long</c>, single
/// device expressions, policy files.
/// </summary>
/// <param name="Items">The expressions, in order.</param>
internal sealed record SxpDocument(IReadOnlyList<SxpValue> Items)
{
    /// <summary>The largest file that is worth reading, in characters.</summary>
    public const int MaxCharacters = 1024 * 1024;

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileName">The file as the user called it, for errors; null when there is none.</param>
    /// <exception cref="ConfigException">ConfigSyntaxError: a parenthesis or a quote has no counterpart, an escape is bad.</exception>
    public static SxpDocument Parse(string text, string? fileName = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new SxpDocument(new SxpReader(text, fileName).Read());
    }

    /// <summary>The lists of that name at the top.</summary>
    /// <param name="name">vm, domain, device, vif, …</param>
    public IEnumerable<SxpList> Lists(string name) => Items.OfType<SxpList>().Where(l => l.Name == name);
}
