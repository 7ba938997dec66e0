using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Rooms;

/// <summary>
/// The rooms of the code are in one order, which docs/architecture.md tells, and none uses a room above it. There is no list of exceptions:
/// what does not fit moves, or the order changes for all.
/// </summary>
public sealed class RoomsTests
{
    private static readonly FloorPlan s_plan = FloorPlan.Read(Repository.Read("docs", "architecture.md"));

    public static TheoryData<string> Assemblies => [.. s_plan.Assemblies];

    // The tour is a program that walks through the others.
    [Fact]
    public void Every_assembly_is_on_the_page() => Assert.Equal(
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder))
            .Where(name => name != "Tour").Order(StringComparer.Ordinal),
        s_plan.Assemblies.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_folder_is_a_room_and_every_room_a_folder(string assembly)
    {
        string[] folders = [.. Sources(assembly).Select(source => source.Folder).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal([], folders.Where(folder => s_plan.RoomOf(assembly, folder) is null));
        Assert.Equal([], s_plan.RoomsOf(assembly).Where(room => !folders.Any(folder => s_plan.RoomOf(assembly, folder) == room))
            .Select(room => room.ToString()));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_file_says_the_namespace_of_its_room(string assembly)
    {
        string[] wrong =
        [
            .. Sources(assembly)
                .Where(source => s_plan.RoomOfNamespace(source.Namespace) is var said && said != s_plan.RoomOf(assembly, source.Folder))
                .Select(source => $"{source.Path}: {source.Namespace}"),
        ];

        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_file_asks_for_what_lies_above_it(string assembly)
    {
        string[] upward =
        [
            .. from source in Sources(assembly)
               let mine = s_plan.RoomOf(assembly, source.Folder)
               from name in source.Usings
               let used = s_plan.RoomOfNamespace(name)
               where used is not null && used.Order > mine?.Order
               select $"{source.Path} ({mine}) uses {name} ({used}), which lies above it",
        ];

        Assert.True(upward.Length == 0, string.Join('\n', upward));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_type_knows_a_type_above_it(string assembly)
    {
        (string From, string To)[] references = [.. TypeReferences.Of(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"))];
        string[] upward =
        [
            .. from reference in references
               let mine = s_plan.RoomOfType(reference.From)
               let used = s_plan.RoomOfType(reference.To)
               where mine is not null && used is not null && used.Order > mine.Order
               select $"{reference.From} ({mine}) knows {reference.To} ({used}), which lies above it",
        ];

        Assert.True(upward.Length == 0, string.Join('\n', upward.Distinct().Order(StringComparer.Ordinal)));

        // It has looked.
        Assert.True(references.Length > 100);
    }

    private static IEnumerable<SourceFile> Sources(string assembly) =>
        Repository.Files(Path.Combine("src", assembly), "*.cs").Select(path => SourceFile.Read(Repository.Root, assembly, path))
            .Where(source => source.Namespace.Length > 0);
}
