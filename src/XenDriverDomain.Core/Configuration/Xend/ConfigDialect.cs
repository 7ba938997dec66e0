using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>Tells which language a text is in. Most files of xm could be an xl.cfg as well: what they say decides then.</summary>
internal static class ConfigDialect
{
    /// <summary>The language of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="xl">The xl.cfg that it is by its grammar; null when it is none.</param>
    /// <param name="ambiguous">What a text is taken for that is of xm's time and that xl takes as well.</param>
    public static DomainConfigFormat Of(string text, XlConfigDocument? xl, DomainConfigFormat ambiguous) =>
        BeginsAsSxp(text) ? DomainConfigFormat.Sxp
        : xl is null ? DomainConfigFormat.Xm
        : IsXl(xl) ? DomainConfigFormat.Xl
        : IsXm(xl) ? DomainConfigFormat.Xm
        : IsOld(xl) ? ambiguous
        : DomainConfigFormat.Xl;

    /// <summary>
    /// True when the error in the first text lies behind the error in the second: it is in the first one's language, with a slip.
    /// </summary>
    public static bool GotFurther(ConfigException first, ConfigException second) =>
        first.Location.Line > second.Location.Line
        || (first.Location.Line == second.Location.Line && first.Location.Column >= second.Location.Column);

    private static bool BeginsAsSxp(string text)
    {
        foreach (string line in text.TrimStart('\ufeff').Split('\n'))
        {
            string content = line.Trim();
            if (content.Length > 0 && content[0] != '#')
            {
                return content[0] == '(';
            }
        }

        return false;
    }

    // What only xl reads: its own settings, and its own way to write devices.
    private static bool IsXl(XlConfigDocument xl) => xl.Assignments.Any(a => XlKeys.IsXlOnly(a.Key))
        || Strings(xl, "disk").Any(d => d.Contains('=', StringComparison.Ordinal) || IsPositional(d))
        || Strings(xl, "pci").Any(p => p.Contains("permissive=", StringComparison.Ordinal) || p.Contains("seize=", StringComparison.Ordinal)
            || p.Contains("rdm_policy=", StringComparison.Ordinal) || p.StartsWith("bdf=", StringComparison.Ordinal)
            || p.StartsWith("name=", StringComparison.Ordinal));

    // TARGET,FORMAT,VDEV,ACCESS.
    private static bool IsPositional(string disk) => disk.Split(',') is { Length: >= 4 } fields
        && fields[1].Trim() is "" or "raw" or "qcow" or "qcow2" or "vhd";

    // What xl passes over or refuses.
    private static bool IsXm(XlConfigDocument xl) => xl.Assignments.Any(a => XlKeys.IsXmOnly(a.Key) || IsBuilderOfXm(a))
        || Strings(xl, "disk").Any(d => d.Split(',').Length is 4 or 5 || IsRelativeDevice(d))
        || Strings(xl, "pci").Any(p => XendPciText.Read(p) is { WhyNot: null } read
            && (read.Functions.Count > 1 || read.Reasons.Count > 0 || !p.Contains(':', StringComparison.Ordinal)));

    // phy:vg/guest was looked for in /dev; xl looks for it where it runs, and refuses the disk.
    private static bool IsRelativeDevice(string disk) =>
        disk.StartsWith("phy:", StringComparison.Ordinal) && disk.Length > 4 && disk[4] is not ('/' or ',');

    private static bool IsBuilderOfXm(XlConfigAssignment assignment) =>
        assignment is { Key: "builder", Value: XlConfigAtom { Text: not ("hvm" or "generic") } };

    // What xl takes for the sake of old files.
    private static bool IsOld(XlConfigDocument xl) => xl.Assignments.Any(a => a.Key == "builder")
        || Strings(xl, "vif").Concat(Strings(xl, "disk")).Any(s => s.Contains(", ", StringComparison.Ordinal));

    private static IEnumerable<string> Strings(XlConfigDocument xl, string key) =>
        xl.GetValue(key) is XlConfigList list ? list.Items.OfType<XlConfigAtom>().Select(i => i.Text) : [];
}
