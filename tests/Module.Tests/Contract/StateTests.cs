using System.Reflection;
using System.Text.RegularExpressions;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Contract;

/// <summary>That runspaces share nothing, and that output goes through PowerShell's streams.</summary>
public partial class StateTests
{
    private static readonly Type[] s_mutable =
    [
        typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>), typeof(Queue<>), typeof(Stack<>), typeof(SortedDictionary<,>),
        typeof(System.Collections.Concurrent.ConcurrentDictionary<,>), typeof(System.Collections.Concurrent.ConcurrentQueue<>),
        typeof(System.Collections.Concurrent.ConcurrentBag<>), typeof(System.Runtime.CompilerServices.ConditionalWeakTable<,>),
        typeof(Lazy<>), typeof(AsyncLocal<>), typeof(ThreadLocal<>),
    ];

    [Fact]
    public void No_static_state_can_change()
    {
        Assert.Empty(
            from assembly in new[] { typeof(Cmdlets.AsyncCmdlet).Assembly, typeof(Errors.ErrorIds).Assembly }
            from type in assembly.GetTypes()
            where !IsGenerated(type)
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where !field.IsLiteral && (!field.IsInitOnly || CanChange(field)) && !IsGeneratedHelper(field)
            select $"{type.FullName}.{field.Name}");
    }

    [Fact]
    public void Nothing_writes_to_the_console()
    {
        Assert.Empty(
            from file in Repository.Files("src", "*.cs").Concat([Path.Combine(Repository.Root, "bin/XenDriverDomain.format.ps1xml")])
            where !file.Contains("/src/Tour/", StringComparison.Ordinal)
            from line in File.ReadLines(file)
            where ConsoleUse().IsMatch(line)
            select $"{Path.GetRelativePath(Repository.Root, file)}: {line.Trim()}");
    }

    // Lambda caches, state machines, inline arrays and what source generators make: <>c, <PrivateImplementationDetails>, ...
    private static bool IsGenerated(Type type) => type.FullName!.Contains('<', StringComparison.Ordinal);

    // An auto-property's backing field is judged like any other field.
    private static bool IsGeneratedHelper(FieldInfo field) =>
        field.Name.StartsWith('<') && !field.Name.EndsWith("k__BackingField", StringComparison.Ordinal);

    private static bool CanChange(FieldInfo field) =>
        (field.FieldType.IsArray && !field.IsPrivate)
        || (field.FieldType.IsGenericType && s_mutable.Contains(field.FieldType.GetGenericTypeDefinition()));

    [GeneratedRegex(@"(?<![\w.])(System\.)?Console\.[A-Z]|Write-Host")]
    private static partial Regex ConsoleUse();
}
