using System.Management.Automation;
using System.Reflection;
using XenDriverDomain.Start;

namespace XenDriverDomain.ModuleTests.Contract;

/// <summary>What PowerShell sees of the public types before it has run anything of the module must not need the core.</summary>
public class ImportTests
{
    private const BindingFlags AllFields =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static TheoryData<Type> PublicTypes => [.. typeof(ModuleStart).Assembly.GetExportedTypes()];

    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void A_public_type_is_looked_at_without_the_core(Type type)
    {
        Assert.DoesNotContain(Ancestors(type), IsOfCore);
        Assert.DoesNotContain(type.GetFields(AllFields).Where(f => f.FieldType.IsValueType).Select(f => f.FieldType), IsOfCore);
    }

    [Fact]
    public void PowerShell_has_cmdlets_to_look_at_and_what_starts_and_ends_the_module()
    {
        Assert.DoesNotContain(typeof(ModuleStart).Assembly.GetExportedTypes(), type =>
            type is { IsClass: true, IsAbstract: false }
            && !type.IsSubclassOf(typeof(Cmdlet)) && type != typeof(ModuleStart) && type != typeof(ModuleCleanup));
    }

    private static IEnumerable<Type> Ancestors(Type type)
    {
        for (Type? ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            yield return ancestor;
        }

        foreach (Type implemented in type.GetInterfaces())
        {
            yield return implemented;
        }
    }

    // Nullable<T> and other generic types are the core's when what they are made of is.
    private static bool IsOfCore(Type type) =>
        type.Assembly.GetName().Name != "XenDriverDomain"
            && type.Assembly.GetName().Name!.StartsWith("XenDriverDomain", StringComparison.Ordinal)
        || type.GenericTypeArguments.Any(IsOfCore);
}
