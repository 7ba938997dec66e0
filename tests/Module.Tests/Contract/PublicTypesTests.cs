using System.Text.RegularExpressions;
using Mono.Cecil;
using XenDriverDomain.ModuleTests.Rooms;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Contract;

/// <summary>
/// The assemblies below the module are not a library for others: a type of theirs is public because the module or the tour names it, or
/// because users meet it, in a view, in help, or in what one of these types shows. There is no list of exceptions: all else is internal.
/// </summary>
public sealed partial class PublicTypesTests
{
    private static readonly string[] s_assemblies = ["XenDriverDomain.Core", "XenDriverDomain.Simulation"];

    private static readonly string[] s_users = ["XenDriverDomain", "XenDriverDomain.Pipeline", "Tour"];

    [Fact]
    public void A_public_type_is_named_from_outside_or_seen_at_one_that_is()
    {
        ModuleDefinition[] modules = [.. s_assemblies.Select(name => ModuleDefinition.ReadModule(PathOf(name)))];
        Dictionary<string, TypeDefinition> types =
            modules.SelectMany(module => module.Types).Where(type => type.IsPublic).ToDictionary(type => type.FullName);
        HashSet<string> needed = [.. NamedInCode(types.Values).Concat(NamedInTexts()).Where(types.ContainsKey)];

        // It has looked.
        Assert.All(modules, module => Assert.Contains(needed, name => types[name].Module == module));

        Queue<string> open = new(needed);
        while (open.TryDequeue(out string? name))
        {
            foreach (string seen in TypeReferences.SeenOf(types[name]).Where(seen => types.ContainsKey(seen) && needed.Add(seen)))
            {
                open.Enqueue(seen);
            }
        }

        Assert.Equal([], types.Keys.Except(needed).Order(StringComparer.Ordinal));
        Array.ForEach(modules, module => module.Dispose());
    }

    private static string PathOf(string assembly) => Path.Combine(AppContext.BaseDirectory, assembly + ".dll");

    // The compiler puts the value of a constant where its type is named: of those types only the sources tell.
    private static IEnumerable<string> NamedInCode(IEnumerable<TypeDefinition> types)
    {
        HashSet<string> words =
        [
            .. s_users.SelectMany(user => Repository.Files(Path.Combine("src", user), "*.cs")).SelectMany(File.ReadLines)
                .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
                .SelectMany(line => Word().Matches(line).Select(match => match.Value)),
        ];
        return s_users.SelectMany(user => TypeReferences.Of(PathOf(user))).Select(reference => reference.To)
            .Concat(types.Where(type => !type.IsEnum && type.Fields.Any(field => field.IsLiteral) && words.Contains(type.Name))
                .Select(type => type.FullName));
    }

    private static IEnumerable<string> NamedInTexts() =>
        Repository.Files(Path.Combine("src", "XenDriverDomain", "Views"), "*.format.ps1xml")
            .Concat(Repository.Files(Path.Combine("docs", "cmdlets"), "*.md"))
            .Concat(Repository.Files(Path.Combine("docs", "about"), "*"))
            .SelectMany(file => FullName().Matches(File.ReadAllText(file)))
            .Select(match => match.Value);

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"XenDriverDomain(\.\w+)+")]
    private static partial Regex FullName();
}
