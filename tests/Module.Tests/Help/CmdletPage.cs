using System.Text.RegularExpressions;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Help;

/// <summary>A page of docs/cmdlets, in platyPS's format.</summary>
internal sealed partial class CmdletPage
{
    private readonly Dictionary<string, string> _sections;

    private CmdletPage(string name)
    {
        Name = name;
        Text = Repository.Read("docs", "cmdlets", name + ".md").ReplaceLineEndings("\n");
        _sections = Split(Text, SectionHeading());
    }

    public string Name { get; }

    public string Text { get; }

    public string Synopsis => Section("SYNOPSIS");

    public string Description => Section("DESCRIPTION");

    public IReadOnlyDictionary<string, string> Examples => Split(Section("EXAMPLES"), ItemHeading());

    /// <summary>The parameters, by name without the dash.</summary>
    public IReadOnlyDictionary<string, string> Parameters => Split(Section("PARAMETERS"), ItemHeading())
        .Where(p => p.Key.StartsWith('-'))
        .ToDictionary(p => p.Key[1..], p => p.Value, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Outputs => Split(Section("OUTPUTS"), ItemHeading());

    public static CmdletPage Of(CmdletModel cmdlet) => new(cmdlet.Name);

    public string Section(string heading) => _sections.TryGetValue(heading, out string? text) ? text.Trim() : string.Empty;

    private static Dictionary<string, string> Split(string text, Regex heading)
    {
        Dictionary<string, string> result = new(StringComparer.Ordinal);
        MatchCollection found = heading.Matches(text);
        for (int i = 0; i < found.Count; i++)
        {
            int start = found[i].Index + found[i].Length;
            int end = i + 1 < found.Count ? found[i + 1].Index : text.Length;
            result[found[i].Groups[1].Value] = text[start..end].Trim();
        }

        return result;
    }

    [GeneratedRegex("(?m)^## (.+)$")]
    private static partial Regex SectionHeading();

    [GeneratedRegex("(?m)^### (.+)$")]
    private static partial Regex ItemHeading();
}
