using System.Reflection;

namespace XenDriverDomain.ModuleTests.Support;

/// <summary>
/// Reads attributes as they are written, without creating them: what a cmdlet says is looked at, and nothing of it runs.
/// </summary>
internal static class AttributeReading
{
    public static IEnumerable<CustomAttributeData> Attributes(this MemberInfo member, string name) =>
        CustomAttributeData.GetCustomAttributes(member).Where(a => a.AttributeType.Name == name + "Attribute");

    public static bool Has(this MemberInfo member, string name) => member.Attributes(name).Any();

    public static T Named<T>(this CustomAttributeData attribute, string name, T otherwise) =>
        attribute.NamedArguments.Where(a => a.MemberName == name).Select(a => (T)a.TypedValue.Value!).DefaultIfEmpty(otherwise).First();

    /// <summary>The values of an argument that is an array (params).</summary>
    public static IReadOnlyList<object?> Items(this CustomAttributeTypedArgument argument) =>
        argument.Value is IEnumerable<CustomAttributeTypedArgument> items ? [.. items.Select(i => i.Value)] : [argument.Value];
}
