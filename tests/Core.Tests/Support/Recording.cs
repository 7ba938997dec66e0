namespace XenDriverDomain.Tests.Support;

/// <summary>
/// Loads a recorded tree into <see cref="MemoryFiles"/>. One thing a line: <c>/path/file = content</c> (with \n, \t and \\; a
/// newline at the end is implied), <c>/path/link -&gt; target</c>, <c>/path/directory/</c>; # begins a comment line.
/// </summary>
public static class Recording
{
    /// <summary>Loads a file of an area's folder Recordings.</summary>
    internal static MemoryFiles Load(string name) => Parse(Text(name));

    /// <summary>The text of a file of an area's folder Recordings.</summary>
    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recordings", name));

    /// <summary>Adds a recorded tree to files, or makes new ones.</summary>
    internal static MemoryFiles Parse(string text, MemoryFiles? into = null)
    {
        MemoryFiles files = into ?? new MemoryFiles();
        foreach (string line in text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.StartsWith('/')))
        {
            int arrow = line.IndexOf(" -> ", StringComparison.Ordinal);
            int equals = line.IndexOf(" =", StringComparison.Ordinal);
            if (arrow >= 0 && (equals < 0 || arrow < equals))
            {
                files.Link(line[..arrow], line[(arrow + 4)..]);
            }
            else if (equals >= 0)
            {
                string content = line[(equals + 2)..];
                files.Put(line[..equals], Unescape(content.StartsWith(' ') ? content[1..] : content) + "\n");
            }
            else
            {
                files.MakeDirectory(line.TrimEnd('/'));
            }
        }

        return files;
    }

    private static string Unescape(string text)
    {
        System.Text.StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            plain.Append(text[i] != '\\' || i + 1 == text.Length ? text[i] : text[++i] switch
            {
                'n' => '\n',
                't' => '\t',
                char other => other,
            });
        }

        return plain.ToString();
    }
}
