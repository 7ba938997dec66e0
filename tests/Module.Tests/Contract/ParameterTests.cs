using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Contract;

/// <summary>What parameters of the same name promise throughout the module.</summary>
public class ParameterTests
{
    /// <summary>Text of which there are no candidates: names of what does not exist yet, and text that a person makes up.</summary>
    private static readonly string[] s_freeText =
    [
        "Add-XenPciAssignable -Name", "Connect-XenDom0 -UserName", "Connect-XenGuestVif -Mac", "Connect-XenGuestVif -Rate",
        "Connect-XenGuestVif -VifName",
        "ConvertFrom-XenDomainConfig -InputObject",
        "New-XenDriverDomain -Gateway", "New-XenDriverDomain -IPAddress", "New-XenDriverDomain -Name",
        "New-XenDriverDomain -CommandLine", "New-XenDriverDomain -Disk", "Set-XenPciPolicy -Name",
        "Set-XenPciPolicy -Rule",
    ];

    /// <summary>Files of this machine, which PowerShell completes by itself.</summary>
    private static readonly string[] s_localFiles =
    [
        "Connect-XenDom0 -KeyFilePath", "Connect-XenDom0 -Snapshot", "Export-XenDomainConfig -LiteralPath",
        "Export-XenDomainConfig -Path", "Export-XenDriverDomainTopology -LiteralPath", "Export-XenDriverDomainTopology -Path",
        "Import-XenDomainConfig -LiteralPath", "Import-XenDomainConfig -Path", "Save-XenDom0 -LiteralPath", "Save-XenDom0 -Path",
        "Test-XenDomainConfig -LiteralPath", "Test-XenDomainConfig -Path",
    ];

    private static IEnumerable<(CmdletModel Cmdlet, ParameterModel Parameter)> All =>
        from cmdlet in CmdletModel.All from parameter in cmdlet.Parameters select (cmdlet, parameter);

    [Fact]
    public void Text_is_completed_wherever_there_are_candidates()
    {
        Assert.Equal(
            s_freeText.Concat(s_localFiles).Order(StringComparer.Ordinal),
            All.Where(x => IsText(x.Parameter.Type) && !x.Parameter.HasCompleter)
                .Select(x => $"{x.Cmdlet} -{x.Parameter}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Numbers_of_things_that_there_are_are_completed()
    {
        Assert.All(All.Where(x => x.Parameter.Name == "Devid"), x => Assert.True(x.Parameter.HasCompleter));
    }

    [Fact]
    public void Variables_that_a_file_asks_for_are_completed()
    {
        Assert.All(All.Where(x => x.Parameter.Name == "Variable"), x => Assert.True(x.Parameter.HasCompleter));
    }

    [Fact]
    public void Text_that_comes_through_the_pipeline_is_taken_from_the_objects_property()
    {
        // Without the transformation PowerShell would take the text of the whole object for the name.
        Assert.Empty(
            from x in All
            where x.Parameter.Type == typeof(string[]) && x.Parameter.PropertyOf.Count == 0
                && x.Parameter.Sets.Any(s => s.FromPipeline) && x.Cmdlet.Name != "Connect-XenDom0"
            select $"{x.Cmdlet} -{x.Parameter}");
    }

    [Fact]
    public void Times_are_taken_in_seconds()
    {
        Assert.Empty(
            All.Where(x => x.Parameter.Type == typeof(TimeSpan) != x.Parameter.TakesSeconds).Select(x => $"{x.Cmdlet} -{x.Parameter}"));
    }

    [Fact]
    public void Names_are_singular_and_there_are_no_Booleans()
    {
        // -Options is named as in New-PSSession; the others are singular.
        string[] fine = ["Options", "Address", "IPAddress", "Status", "Class"];
        Assert.Empty(
            from x in All
            where x.Parameter.Type == typeof(bool) || (x.Parameter.Name.EndsWith('s') && !fine.Contains(x.Parameter.Name))
            select $"{x.Cmdlet} -{x.Parameter}");
    }

    [Fact]
    public void A_name_means_the_same_type_in_every_cmdlet()
    {
        Assert.Empty(
            from same in All.GroupBy(x => x.Parameter.Name)
            where same.Key is not ("Format" or "Role") // of what the cmdlet reads or writes; of a kernel, of a domain
            let types = same.Select(x => x.Parameter.Type.IsArray ? x.Parameter.Type.GetElementType()! : x.Parameter.Type).Distinct()
                .ToArray()
            where types.Length > 1
            select $"-{same.Key}: {string.Join(", ", types.Select(t => t.Name))}");
    }

    [Fact]
    public void Wildcards_are_taken_where_things_are_looked_for()
    {
        string[] patterns = ["Address", "Name", "Guest", "Backend", "Class", "Vendor"];
        Assert.Empty(
            from x in All
            where x.Cmdlet.Verb == "Get" && patterns.Contains(x.Parameter.Name) && !x.Parameter.SupportsWildcards
            select $"{x.Cmdlet} -{x.Parameter}");
    }

    private static bool IsText(Type type) => type == typeof(string) || type == typeof(string[]);
}
