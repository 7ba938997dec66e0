using System.Reflection;

namespace XenDriverDomain.ModuleTests.Support;

/// <summary>A parameter as its attributes describe it.</summary>
internal sealed class ParameterModel(PropertyInfo property)
{
    public string Name => property.Name;

    public Type Type { get; } = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    public IReadOnlyList<string> Aliases { get; } =
        [.. property.Attributes("Alias").SelectMany(a => a.ConstructorArguments[0].Items()).Cast<string>()];

    public bool SupportsWildcards { get; } = property.Has("SupportsWildcards");

    public bool HasCompleter { get; } = property.Has("ArgumentCompleter");

    /// <summary>The properties of an object that the parameter takes ([PropertyOf]).</summary>
    public IReadOnlyList<string> PropertyOf { get; } =
        [.. property.Attributes("PropertyOf").SelectMany(a => a.ConstructorArguments[0].Items()).Cast<string>()];

    public bool TakesSeconds { get; } = property.Has("Seconds");

    public IReadOnlyList<ParameterSetModel> Sets { get; } =
        [.. property.Attributes("Parameter").Select(a => new ParameterSetModel(a)).OrderBy(s => s.Name, StringComparer.Ordinal)];

    public bool IsSwitch => Type.Name == "SwitchParameter";

    /// <summary>The name and the aliases, any of which an object's property may have.</summary>
    public IEnumerable<string> Names => [Name, .. Aliases];

    public override string ToString() => Name;
}
