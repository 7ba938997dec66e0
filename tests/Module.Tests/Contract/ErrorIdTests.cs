using System.Reflection;
using System.Text.RegularExpressions;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Contract;

/// <summary>
/// That the ids of errors and findings are more than names: something raises each, a test provokes it, and its user can look it up. There
/// is no list of exceptions; an id that fails here is deleted, raised, asserted or documented.
/// </summary>
public partial class ErrorIdTests
{
    private static readonly Type[] s_lists =
        [typeof(Errors.ErrorIds), typeof(Session.ModuleErrorIds), typeof(Simulation.Errors.SimulationErrorIds)];

    private static readonly string[] s_declared =
    [
        .. from list in s_lists
           from constant in list.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
           where constant.IsLiteral
           select (string)constant.GetRawConstantValue()!,
    ];

    private static readonly string s_page = Repository.Read("docs", "about", "about_XenDriverDomain_Errors.md");

    private static IEnumerable<string> Documented => Heading().Matches(s_page).Select(m => m.Groups[1].Value);

    [Fact]
    public void Every_id_stands_in_one_list_only_and_is_called_what_it_says()
    {
        Assert.Empty(s_declared.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.All(s_lists, list => Assert.All(list.GetFields(), field => Assert.Equal(field.Name, field.GetRawConstantValue())));
    }

    [Fact]
    public void Something_raises_every_id()
    {
        // Comparing with an id raises nothing.
        Assert.Empty(s_declared.Except(
            from file in Repository.Files("src", "*.cs")
            where Path.GetRelativePath(Repository.Root, file).StartsWith("src/XenDriverDomain", StringComparison.Ordinal)
            where !s_lists.Any(list => Path.GetFileName(file).StartsWith(list.Name + ".", StringComparison.Ordinal))
            from match in Raised().Matches(Code(file))
            select match.Groups[1].Value));
    }

    [Fact]
    public void A_test_provokes_every_id()
    {
        // What a fuzzer lets pass, it does not expect; and what a test makes itself, it does not provoke.
        Assert.Empty(s_declared.Except(
            from file in Repository.Files("tests", "*.cs").Concat(Repository.Files("tests", "*.ps1"))
            where !file.Contains("/fuzz/", StringComparison.Ordinal)
            from match in Asserted().Matches(Made().Replace(Code(file), string.Empty))
            select match.Groups[1].Value));
    }

    [Fact]
    public void Every_id_is_documented_and_nothing_else_is()
    {
        Assert.Empty(s_declared.Except(Documented));
        Assert.Empty(Documented.Except(s_declared));
        Assert.Empty(Documented.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void Every_id_has_a_cause_and_a_remedy()
    {
        string[] entries = [.. Heading().Split(s_page)[1..]];
        Assert.All(
            entries.Chunk(2),
            entry => Assert.Matches(@"\A\s*\S[^#]{10,}\n\nRemedy: \S.{4,}", entry[1].ReplaceLineEndings("\n")));
    }

    private static string Code(string file) => Comment().Replace(File.ReadAllText(file), string.Empty);

    [GeneratedRegex(@"(?m)^#### (\w+)\s*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"(?m)(?<=^|\s)(//|#).*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<!\b(?:is|or|not|case)\s|[!=]=\s)\b\w*ErrorIds\.(\w+)\b(?!\s*(?:=>|or\b))")]
    private static partial Regex Raised();

    [GeneratedRegex(@"\bnew\b ?\w*\(\s*[\w."" ?]+")]
    private static partial Regex Made();

    // By its constant, or as the text that PowerShell shows.
    [GeneratedRegex(@"(?:(?<!!=\s)\b\w*ErrorIds\.|(?<![\w.]))\b(\w+)\b(?!\.)")]
    private static partial Regex Asserted();
}
