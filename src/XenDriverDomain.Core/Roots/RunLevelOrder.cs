namespace XenDriverDomain.Roots;

/// <summary>
/// What insserv writes of the scripts of run levels, and Debian's startpar goes by: a script that is no target there is not started,
/// whatever links it has. insserv is the root's own program and is not run; when somebody runs it next, it finds the same in the scripts.
/// </summary>
internal static class RunLevelOrder
{
    /// <summary>The file.</summary>
    public const string File = "/etc/init.d/.depend.start";

    private const string Targets = "TARGETS =";

    /// <summary>Whether a script is started, as far as this file is concerned.</summary>
    /// <param name="text">The file; null or empty where startpar goes by the names of links.</param>
    /// <param name="service">The script.</param>
    public static bool Has(string? text, string service) => string.IsNullOrWhiteSpace(text)
        || text.Split('\n').Any(line => line.StartsWith(Targets, StringComparison.Ordinal)
            && line[Targets.Length..].Split(' ').Contains(service, StringComparer.Ordinal));

    /// <summary>The file with scripts added, each after the one before it.</summary>
    public static string Add(string text, IReadOnlyList<string> services)
    {
        string[] lines = text.TrimEnd('\n').Split('\n');
        int targets = Array.FindIndex(lines, line => line.StartsWith(Targets, StringComparison.Ordinal));
        if (targets >= 0)
        {
            lines[targets] = $"{lines[targets].TrimEnd()} {string.Join(' ', services)}";
        }

        return string.Concat(
            lines.Concat(services.Skip(1).Select((service, i) => $"{service}: {services[i]}")).Select(line => line + "\n"));
    }
}
