using System.Reflection;

namespace XenDriverDomain.ModuleTests.Support;

/// <summary>What a parameter is in one parameter set.</summary>
internal sealed class ParameterSetModel(CustomAttributeData attribute)
{
    public const string AllSets = "__AllParameterSets";

    public string Name { get; } = attribute.Named("ParameterSetName", AllSets);

    public bool IsMandatory { get; } = attribute.Named("Mandatory", false);

    public int? Position { get; } = attribute.Named("Position", int.MinValue) is var position and >= 0 ? position : null;

    public bool FromPipeline { get; } = attribute.Named("ValueFromPipeline", false);

    public bool FromPipelineByName { get; } = attribute.Named("ValueFromPipelineByPropertyName", false);

    public bool IsIn(string set) => Name == AllSets || Name == set;
}
