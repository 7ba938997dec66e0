namespace XenDriverDomain.Tests.Roots;

/// <summary>
/// A root as a list, a line for each path: a file, <c>folder/</c>, <c>link -> target</c>, or <c>file = text</c> with \n for an end of line.
/// </summary>
internal static class RecordedRoot
{
    /// <summary>Lays a recording below a directory.</summary>
    /// <param name="name">The recording.</param>
    /// <param name="root">The directory.</param>
    /// <param name="put">Writes a file.</param>
    /// <param name="link">Makes a link.</param>
    /// <param name="makeDirectory">Makes a directory.</param>
    public static void Lay(
        string name, string root, Action<string, string> put, Action<string, string> link, Action<string> makeDirectory)
    {
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Recordings", name + ".txt")))
        {
            if (line.Split(" -> ") is [var from, var target])
            {
                link($"{root}/{from}", target);
            }
            else if (line.Split(" = ", 2) is [var path, var text])
            {
                put($"{root}/{path}", text.Replace("\\n", "\n", StringComparison.Ordinal) + "\n");
            }
            else if (line.EndsWith('/'))
            {
                makeDirectory($"{root}/{line[..^1]}");
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                put($"{root}/{line}", "\n");
            }
        }
    }
}
