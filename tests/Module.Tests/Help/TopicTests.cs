using System.Text.RegularExpressions;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Help;

/// <summary>The about_ topics.</summary>
public partial class TopicTests
{
    private const int Columns = 80;

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

    [GeneratedRegex(@"\b[A-Z][a-z]+-Xen\w+")]
    private static partial Regex CmdletName();
}
