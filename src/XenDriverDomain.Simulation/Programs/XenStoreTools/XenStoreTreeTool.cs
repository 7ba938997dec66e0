using System.Text;
using XenDriverDomain.Simulation.XenStore;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>xenstore-ls: a tree, indented or (-f) with whole paths, on request (-p) with permissions. No terminal: 80 columns.</summary>
/// <param name="store">The store.</param>
internal sealed class XenStoreTreeTool(SimulatedXenStore store) : XenStoreTool(store, "ls", "fp", "[-h] [-f] [-p] [-s] [path]")
{
    private const int Width = 80;
    private const int PermissionColumn = 60;

    // The columns of « = "..." », which are kept free on each line.
    private const int Reserved = 8;

    /// <inheritdoc/>
    protected override bool Accepts(int operands) => true;

    /// <inheritdoc/>
    protected override int Run(ToolOptions options, ToolOutput output)
    {
        foreach (string path in options.Operands.DefaultIfEmpty("/"))
        {
            Print(path, 0, options, output);
        }

        return 0;
    }

    private void Print(string path, int depth, ToolOptions options, ToolOutput output)
    {
        IReadOnlyList<string> names;
        try
        {
            // One that goes while its turn comes is passed over, unless it is the one that was asked for.
            names = Store.List(0, path) ?? (depth > 0 ? [] : throw Failed(path, "ENOENT"));
        }
        catch (XenStoreException refusal)
        {
            throw Failed(path, refusal.Error);
        }

        foreach (string name in names)
        {
            string child = path.EndsWith('/') ? path + name : $"{path}/{name}";
            output.Print(Line(child, name, depth, options.Has('f'), options.Has('p')));
            Print(child, depth + 1, options, output);
        }
    }

    private string Line(string path, string name, int depth, bool flat, bool permissions)
    {
        StringBuilder line = new();
        int width;
        int most = flat ? int.MaxValue / 2 : Width;
        if (flat)
        {
            // The tool does not count what it prints here.
            line.Append(path);
            width = 0;
        }
        else
        {
            line.Append(' ', depth).Append(First(name, most - Reserved - depth));
            width = line.Length;
        }

        byte[] value = Read(path) ?? [];
        string text = ValueText.Show(value);
        if (most < width + value.Length + Reserved)
        {
            line.Append(" = \"").Append(First(text, most - Reserved - width)).Append("\\...\"");
        }
        else
        {
            line.Append(" = \"").Append(text).Append('"');
            if (permissions)
            {
                line.Append(' ');
                for (width += text.Length + 6; width < (flat ? 0 : PermissionColumn); width++)
                {
                    line.Append((width & 1) == 1 ? '.' : ' ');
                }
            }
        }

        if (permissions)
        {
            line.Append("  (").AppendJoin(',', GetPermissions(path) ?? []).Append(')');
        }

        return line.Append('\n').ToString();
    }

    // A negative precision means no limit to printf(3).
    private static string First(string text, int count) => count < 0 || count >= text.Length ? text : text[..count];

    private static ToolFailure Failed(string path, string error) => new($"xs_directory ({path}): {ErrorWords.Of(error)}");
}
