using System.Reflection;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Contract;

/// <summary>What every cmdlet of the module promises by its shape.</summary>
public class CmdletTests
{
    /// <summary>The nouns of docs' design; one that another vendor's module owns must never be among them.</summary>
    private static readonly string[] s_nouns =
    [
        "XenDom0", "XenPciDevice", "XenPciAssignable", "XenPciQuirk", "XenPciPolicy", "XenDomainPciDevice", "XenDriverDomain", "XenGuest",
        "XenDriverDomainImage", "XenGuestVif", "XenGuestDisk", "XenDomainConfig", "XenKernelConfig", "XenDriverDomainTopology",
        "XenChange", "XenStore",
    ];

    [Fact]
    public void Classes_are_sealed_and_named_after_the_cmdlet()
    {
        Assert.DoesNotContain(CmdletModel.All, c => !c.Type.IsSealed || c.Type.Name != $"{c.Verb}{c.Noun}Command");
    }

    [Fact]
    public void Verbs_are_approved()
    {
        HashSet<string> approved =
        [
            .. typeof(System.Management.Automation.VerbsCommon).Assembly.GetExportedTypes()
                .Where(t => t.Name.StartsWith("Verbs", StringComparison.Ordinal))
                .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static))
                .Select(f => (string)f.GetRawConstantValue()!),
        ];
        Assert.Contains("Get", approved);
        Assert.DoesNotContain(CmdletModel.All, c => !approved.Contains(c.Verb));
    }

    [Fact]
    public void Nouns_are_those_of_the_design()
    {
        Assert.DoesNotContain(CmdletModel.All, c => !s_nouns.Contains(c.Noun));
    }

    [Fact]
    public void Those_that_emit_objects_say_of_which_type()
    {
        // Removed things cannot be shown afterwards, nor can a connection that was ended.
        string[] silent = ["Disconnect-XenDom0", "Disconnect-XenGuestVif", "Remove-XenDriverDomain", "Remove-XenDriverDomainImage"];
        Assert.Equal(silent, CmdletModel.All.Where(c => c.OutputTypes.Count == 0).Select(c => c.Name));
    }

    [Fact]
    public void At_most_two_parameters_are_positional()
    {
        Assert.Empty(
            from cmdlet in CmdletModel.All
            from set in cmdlet.ParameterSets
            where cmdlet.Parameters.Count(p => p.Sets.Any(s => s.IsIn(set) && s.Position is not null)) > 2
            select $"{cmdlet}: {set}");
    }

    [Fact]
    public void Every_parameter_set_takes_pipeline_input()
    {
        Assert.Empty(
            from cmdlet in CmdletModel.All
            from set in cmdlet.ParameterSets
            where !cmdlet.Parameters.Any(p => p.Sets.Any(s => s.IsIn(set) && (s.FromPipeline || s.FromPipelineByName)))
            select $"{cmdlet}: {set}");
    }

    [Fact]
    public void In_one_set_one_parameter_takes_the_object_itself()
    {
        // Connections are passed by their property Dom0, as everywhere.
        string[] byPropertyOnly = ["Disconnect-XenDom0", "Get-XenDom0", "Get-XenPciPolicy", "Save-XenDom0"];
        Assert.Equal(
            byPropertyOnly,
            CmdletModel.All
                .Where(c => !c.ParameterSets.Any(set => c.Parameters.Count(p => p.Sets.Any(s => s.IsIn(set) && s.FromPipeline)) == 1))
                .Select(c => c.Name));
    }

    [Fact]
    public void What_comes_by_value_comes_by_property_name_as_well()
    {
        Assert.Empty(
            from cmdlet in CmdletModel.All
            from parameter in cmdlet.Parameters
            where parameter.Sets.Any(s => s.FromPipeline && !s.FromPipelineByName)
            select $"{cmdlet} -{parameter}");
    }

    [Fact]
    public void Default_parameter_sets_are_named_where_there_are_several()
    {
        Assert.DoesNotContain(CmdletModel.All, c => c.ParameterSets.Count > 1 && !c.ParameterSets.Contains(c.DefaultParameterSet));
    }

    [Fact]
    public void All_take_the_host_but_Connect_XenDom0_and_those_that_work_on_text()
    {
        Assert.Equal(
            [
                "Connect-XenDom0", "ConvertFrom-XenDomainConfig", "ConvertTo-XenDomainConfig", "Export-XenDomainConfig",
                "Import-XenDomainConfig", "Test-XenDomainConfig",
            ],
            CmdletModel.All.Where(c => c.Parameters.All(p => p.Name != "Dom0")).Select(c => c.Name));
    }
}
