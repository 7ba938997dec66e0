namespace XenDriverDomain.Simulation.XenStore;

/// <summary>The rules for paths in the C xenstored (is_valid_nodename and its neighbours, xenstored_core.c).</summary>
internal static class StorePaths
{
    private const string DomainPrefix = "/local/domain/";
    private const int MaxDomidDigits = 5;

    /// <summary>An absolute path out of what a domain said.</summary>
    public static string Absolute(string path, string home) => path.StartsWith('/') || path.StartsWith('@') ? path : $"{home}/{path}";

    /// <summary>True for a name of an event rather than of a node.</summary>
    public static bool IsSpecial(string path) => path.StartsWith('@');

    /// <summary>True for an absolute path that can name a node.</summary>
    public static bool IsValid(string path) =>
        path.StartsWith('/')
        && (path.Length == 1 || path[^1] != '/')
        && !path.Contains("//", StringComparison.Ordinal)
        && path.Length <= StoreQuotas.PathLength + LengthOfHome(path)
        && path.All(IsAllowed);

    /// <summary>The path above; the root is its own.</summary>
    public static string Parent(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    /// <summary>The last component.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The path of a child.</summary>
    public static string Child(string path, string name) => path == "/" ? "/" + name : path + "/" + name;

    private static bool IsAllowed(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '/' or '_' or '@';

    private static int LengthOfHome(string path)
    {
        if (!path.StartsWith(DomainPrefix, StringComparison.Ordinal))
        {
            return 0;
        }

        int end = DomainPrefix.Length;
        while (end < path.Length && end < DomainPrefix.Length + MaxDomidDigits && char.IsAsciiDigit(path[end]))
        {
            end++;
        }

        return end > DomainPrefix.Length && end < path.Length && path[end] == '/' ? end + 1 : 0;
    }
}
