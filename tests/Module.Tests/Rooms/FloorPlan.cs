namespace XenDriverDomain.ModuleTests.Rooms;

/// <summary>One room: a folder of an assembly, alone or with all that lies in it.</summary>
/// <param name="Assembly">Its assembly.</param>
/// <param name="Folder">Its folder in the assembly's; empty for that one itself.</param>
/// <param name="IsWhole">True when the folders in it are no rooms of their own.</param>
/// <param name="Order">Its place in the order over all assemblies.</param>
internal sealed record Room(string Assembly, string Folder, bool IsWhole, int Order)
{
    public override string ToString() => Folder.Length == 0 ? Assembly : $"{Assembly}: {Folder}";
}

/// <summary>
/// The order of the rooms, as docs/architecture.md has it: blocks of code of the kind <c>rooms</c>, the first line an assembly and its
/// namespace, then a room in each line, from the ground up; an asterisk at its end takes in the folders in it.
/// </summary>
internal sealed class FloorPlan
{
    private readonly List<Room> _rooms = [];
    private readonly Dictionary<string, string> _namespaces = [];

    public IReadOnlyList<string> Assemblies => [.. _rooms.Select(room => room.Assembly).Distinct()];

    public static FloorPlan Read(string text)
    {
        FloorPlan plan = new();
        string? assembly = null;
        bool inside = false;
        foreach (string line in text.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inside = line == "```rooms";
                assembly = null;
            }
            else if (inside && line.Length > 0)
            {
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (assembly is null)
                {
                    assembly = words[0];
                    plan._namespaces.Add(assembly, words[1]);
                }
                else
                {
                    string folder = words[0].TrimEnd('*');
                    plan._rooms.Add(new Room(assembly, folder == "." ? string.Empty : folder, words[0].EndsWith('*'), plan._rooms.Count));
                }
            }
        }

        return plan;
    }

    public IEnumerable<Room> RoomsOf(string assembly) => _rooms.Where(room => room.Assembly == assembly);

    /// <summary>The room of a folder; null when it is in none.</summary>
    public Room? RoomOf(string assembly, string folder) => _rooms.Find(room => room.Assembly == assembly
        && (room.Folder == folder
            || (room.IsWhole && (room.Folder.Length == 0 || folder.StartsWith(room.Folder + "/", StringComparison.Ordinal)))));

    /// <summary>The room of a namespace; null for one of somebody else's.</summary>
    public Room? RoomOfNamespace(string name) => _rooms.Find(room =>
        NameOf(room) == name || (room.IsWhole && name.StartsWith(NameOf(room) + ".", StringComparison.Ordinal)));

    /// <summary>The room of a type by its full name.</summary>
    public Room? RoomOfType(string name) => RoomOfNamespace(name[..Math.Max(0, name.LastIndexOf('.'))]);

    private string NameOf(Room room) => room.Folder.Length == 0
        ? _namespaces[room.Assembly]
        : $"{_namespaces[room.Assembly]}.{room.Folder.Replace('/', '.')}";
}
