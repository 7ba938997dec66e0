using System.Text.RegularExpressions;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Contract;

/// <summary>The manifest, read as text since no PowerShell is needed for these tests.</summary>
public partial class ManifestTests
{
    private static readonly string s_manifest = Repository.Read("XenDriverDomain.psd1");

    [Fact]
    public void It_exports_exactly_the_cmdlets()
    {
        Match list = Regex.Match(s_manifest, @"CmdletsToExport\s*=((?:\s*'[^']+',?)+)");
        Assert.Equal(
            CmdletModel.All.Select(c => c.Name),
            Quoted().Matches(list.Groups[1].Value).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("FunctionsToExport")]
    [InlineData("AliasesToExport")]
    [InlineData("VariablesToExport")]
    public void It_exports_nothing_else(string key)
    {
        Assert.Matches($@"(?m)^\s*{key}\s*=\s*@\(\)\s*$", s_manifest);
    }

    [Fact]
    public void It_has_no_wildcard()
    {
        Assert.DoesNotContain('*', s_manifest);
    }

    [Theory]
    [InlineData("Author")]
    [InlineData("Description")]
    [InlineData("LicenseUri")]
    [InlineData("ReleaseNotes")]
    [InlineData("PowerShellVersion")]
    public void It_says_what_a_user_looks_for(string key)
    {
        Assert.Matches($@"(?m)^\s*{key}\s*=\s*'[^']+'\s*$", s_manifest);
    }

    [Theory]
    [InlineData("PSEdition_Core")]
    [InlineData("Linux")]
    [InlineData("Xen")]
    public void It_has_the_tag(string tag)
    {
        Assert.Matches($@"Tags\s*=[^\n]*'{tag}'", s_manifest);
    }

    [Fact]
    public void Its_version_is_that_of_the_assemblies()
    {
        string version = Regex.Match(s_manifest, @"ModuleVersion\s*=\s*'([^']+)'").Groups[1].Value;
        Assert.Equal(version, typeof(Cmdlets.AsyncCmdlet).Assembly.GetName().Version!.ToString(3));
    }

    [Theory]
    [InlineData("RootModule")]
    [InlineData("FormatsToProcess")]
    public void The_file_that_it_names_exists(string key)
    {
        Match file = Regex.Match(s_manifest, $@"(?m)^\s*{key}\s*=\s*'([^']+)'\s*$");
        Assert.True(file.Success);
        Assert.True(File.Exists(Path.Combine(Repository.Root, file.Groups[1].Value)));
    }

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
