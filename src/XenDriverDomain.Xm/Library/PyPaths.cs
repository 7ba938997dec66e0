using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>The functions of os.path that only work on text (posixpath.py of Python 2.7).</summary>
internal static class PyPaths
{
    public static object Call(XmRuntime run, PyArguments a)
    {
        a.ExpectNames();
        switch (a.Name)
        {
            case "join":
                string joined = a.Count > 0 ? a.Text(0) : throw PyRaise.TypeError("join() takes at least 1 argument (0 given)");
                for (int i = 1; i < a.Count; i++)
                {
                    string part = a.Text(i);
                    joined = part.StartsWith('/') ? part : joined.Length == 0 || joined.EndsWith('/') ? joined + part : joined + "/" + part;
                    run.Budget.AllocateText(joined.Length);
                }

                return run.Text(joined);
            case "basename":
                return run.Text(Split(One(a)).Tail);
            case "dirname":
                return run.Text(Split(One(a)).Head);
            case "split":
                (string head, string tail) = Split(One(a));
                return run.Tuple(run.Text(head), run.Text(tail));
            case "splitext":
                (string root, string extension) = SplitExtension(One(a));
                return run.Tuple(run.Text(root), run.Text(extension));
            case "isabs":
                return One(a).StartsWith('/');
            default:
                return run.Text(Normalize(One(a)));
        }
    }

    private static string One(PyArguments a)
    {
        a.Expect(1, 1);
        return a.Text(0);
    }

    private static (string Head, string Tail) Split(string path)
    {
        int slash = path.LastIndexOf('/') + 1;
        string head = path[..slash];
        string trimmed = head.TrimEnd('/');
        return (trimmed.Length > 0 ? trimmed : head, path[slash..]);
    }

    private static (string Root, string Extension) SplitExtension(string path)
    {
        int slash = path.LastIndexOf('/');
        int dot = path.LastIndexOf('.');
        bool hasName = dot > slash && path[(slash + 1)..dot].Any(c => c != '.');
        return hasName ? (path[..dot], path[dot..]) : (path, string.Empty);
    }

    private static string Normalize(string path)
    {
        int slashes = path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("///", StringComparison.Ordinal) ? 2
            : path.StartsWith('/') ? 1 : 0;
        List<string> parts = [];
        foreach (string part in path.Split('/'))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part != ".." || (slashes == 0 && parts.Count == 0) || (parts.Count > 0 && parts[^1] == ".."))
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        string normal = new string('/', slashes) + string.Join('/', parts);
        return normal.Length > 0 ? normal : ".";
    }
}
