using System.Reflection;
using System.Text.RegularExpressions;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Help;

/// <summary>The about_ topics.</summary>
public partial class TopicTests
{
    private const int Columns = 80;

    private static IEnumerable<string> DeclaredErrorIds =>
        from declaring in new[] { typeof(Errors.ErrorIds), typeof(Session.ModuleErrorIds), typeof(Simulation.Errors.SimulationErrorIds) }
        from constant in declaring.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
        where constant.IsLiteral
        select (string)constant.GetRawConstantValue()!;

    private static IEnumerable<string> DocumentedErrorIds =>
        Heading().Matches(Repository.Read("docs", "about", "about_XenDriverDomain_Errors.md")).Select(m => m.Groups[1].Value);

    [Fact]
    public void Every_error_id_is_documented()
    {
        Assert.Empty(DeclaredErrorIds.Except(DocumentedErrorIds));
    }

    [Fact]
    public void Every_documented_error_id_exists_once()
    {
        Assert.Empty(DocumentedErrorIds.Except(DeclaredErrorIds));
        Assert.Empty(DocumentedErrorIds.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void Every_error_has_a_cause_and_a_remedy()
    {
        string text = Repository.Read("docs", "about", "about_XenDriverDomain_Errors.md");
        string[] errors = [.. Heading().Split(text)[1..]];
        Assert.All(
            errors.Chunk(2),
            error => Assert.Matches(@"\A\s*\S[^#]{10,}\n\nRemedy: \S.{4,}", error[1].ReplaceLineEndings("\n")));
    }

    [Fact]
    public void Each_source_has_its_rendering()
    {
        Assert.Equal(
            Repository.Files("docs/about", "about_*.md").Select(f => Path.GetFileNameWithoutExtension(f)),
            Repository.Files("en-US", "about_*.help.txt").Select(f => Path.GetFileName(f)[..^".help.txt".Length]));
    }

    [Fact]
    public void Renderings_fit_into_80_columns_of_plain_text()
    {
        Assert.Empty(
            from file in Repository.Files("en-US", "*.help.txt")
            from line in File.ReadLines(file)
            where line.Length > Columns || line.Any(c => char.IsControl(c) || c > '~') || line.Contains("```", StringComparison.Ordinal)
            select $"{Path.GetFileName(file)}: {line}");
    }

    [Fact]
    public void Cmdlets_that_topics_name_exist()
    {
        string[] known = [.. CmdletModel.All.Select(c => c.Name)];
        Assert.Empty(
            from file in Repository.Files("docs/about", "*.md")
            from match in CmdletName().Matches(File.ReadAllText(file))
            where !known.Contains(match.Value)
            select $"{Path.GetFileName(file)}: {match.Value}");
    }

    [GeneratedRegex(@"(?m)^#### (\w+)\s*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\b[A-Z][a-z]+-Xen\w+")]
    private static partial Regex CmdletName();
}
