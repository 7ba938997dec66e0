using System.Text.RegularExpressions;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Help;

/// <summary>That the pages of docs/cmdlets say what the code is.</summary>
public partial class CmdletHelpTests
{
    public static TheoryData<string> Cmdlets => [.. CmdletModel.All.Select(c => c.Name)];

    [Fact]
    public void There_is_a_page_for_each_cmdlet_and_no_other()
    {
        Assert.Equal(
            CmdletModel.All.Select(c => c.Name),
            Repository.Files("docs/cmdlets", "*.md").Select(f => Path.GetFileNameWithoutExtension(f)));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Nothing_is_left_to_be_filled_in(string name)
    {
        CmdletPage page = CmdletPage.Of(CmdletModel.Named(name));
        Assert.DoesNotContain("{{", page.Text, StringComparison.Ordinal);
        Assert.All(
            ["SYNOPSIS", "SYNTAX", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"],
            heading => Assert.NotEmpty(page.Section(heading)));
        Assert.True(page.Description.Length > page.Synopsis.Length);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_parameter_is_described_and_no_other(string name)
    {
        CmdletModel cmdlet = CmdletModel.Named(name);
        CmdletPage page = CmdletPage.Of(cmdlet);
        IEnumerable<string> expected = cmdlet.Parameters.Select(p => p.Name);
        if (cmdlet.SupportsShouldProcess)
        {
            expected = expected.Concat(["Confirm", "WhatIf"]);
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), page.Parameters.Keys.Order(StringComparer.Ordinal));
        Assert.All(page.Parameters, p => Assert.Matches(@"^\S[^\n]{10,}", p.Value));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void The_facts_about_parameters_are_those_of_the_code(string name)
    {
        CmdletModel cmdlet = CmdletModel.Named(name);
        CmdletPage page = CmdletPage.Of(cmdlet);
        Assert.All(cmdlet.Parameters, parameter =>
        {
            string facts = page.Parameters[parameter.Name];
            Assert.Contains($"\nType: {TypeName(parameter.Type)}\n", facts, StringComparison.Ordinal);
            Assert.Contains($"\nSupportsWildcards: {Word(parameter.SupportsWildcards)}\n", facts, StringComparison.Ordinal);
            Assert.Equal(parameter.Aliases, Alias().Matches(facts).Select(m => m.Groups[1].Value));
            Assert.Equal(
                parameter.Sets.Select(Describe),
                Sets().Matches(facts).Select(m => m.Value.ReplaceLineEndings(" ")).Order(StringComparer.Ordinal));
        });
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Outputs_are_those_of_the_code(string name)
    {
        CmdletModel cmdlet = CmdletModel.Named(name);
        Assert.Equal(
            cmdlet.OutputTypes.Count == 0 ? ["None"] : cmdlet.OutputTypes.Select(t => t.FullName!),
            CmdletPage.Of(cmdlet).Outputs.Keys);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void At_least_three_examples_are_explained(string name)
    {
        CmdletPage page = CmdletPage.Of(CmdletModel.Named(name));
        Assert.True(page.Examples.Count >= 3);
        Assert.All(page.Examples.Values, example =>
        {
            Match parts = Regex.Match(example, @"^```powershell\n(?<code>.+?)\n```\n\n(?<why>\S.{20,})$", RegexOptions.Singleline);
            Assert.True(parts.Success, example);
            Assert.Contains(name, page.Examples.Values.First(), StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Scripts_in_examples_are_never_asked(string name)
    {
        CmdletModel cmdlet = CmdletModel.Named(name);
        if (cmdlet.ConfirmImpact == "High")
        {
            Assert.Contains(CmdletPage.Of(cmdlet).Examples.Values, e => e.Contains("-Confirm:$false", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Related_links_lead_somewhere(string name)
    {
        string folder = Path.Combine(Repository.Root, "docs", "cmdlets");
        string[] links =
            [.. Link().Matches(CmdletPage.Of(CmdletModel.Named(name)).Section("RELATED LINKS")).Select(m => m.Groups[1].Value)];
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(folder, link)), link));
    }

    private static string TypeName(Type type) => type.IsArray
        ? (Nullable.GetUnderlyingType(type.GetElementType()!) ?? type.GetElementType()!).FullName + "[]"
        : type.FullName!;

    private static string Describe(ParameterSetModel set) =>
        $"- Name: {(set.Name == ParameterSetModel.AllSets ? "(All)" : set.Name)}"
        + $"   Position: {set.Position?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "Named"}"
        + $"   IsRequired: {Word(set.IsMandatory)}"
        + $"   ValueFromPipeline: {Word(set.FromPipeline)}"
        + $"   ValueFromPipelineByPropertyName: {Word(set.FromPipelineByName)}";

    private static string Word(bool value) => value ? "true" : "false";

    [GeneratedRegex(@"- Name: .+\n  Position: .+\n  IsRequired: .+\n  ValueFromPipeline: .+\n  ValueFromPipelineByPropertyName: .+")]
    private static partial Regex Sets();

    [GeneratedRegex(@"(?m)^- (\w+)$")]
    private static partial Regex Alias();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();
}
