using System.Text.RegularExpressions;

namespace XenDriverDomain.ModuleTests.Rooms;

/// <summary>What a source file says of rooms.</summary>
/// <param name="Path">The file, from the root of the checkout.</param>
/// <param name="Folder">Its folder in its assembly's.</param>
/// <param name="Namespace">Its namespace; empty for a file with none.</param>
/// <param name="Usings">The namespaces that it names at its head, behind an alias as well.</param>
internal sealed partial record SourceFile(string Path, string Folder, string Namespace, IReadOnlyList<string> Usings)
{
    public static SourceFile Read(string root, string assembly, string path)
    {
        string text = File.ReadAllText(path);
        string relative = System.IO.Path.GetRelativePath(root, path);
        string folder = System.IO.Path.GetDirectoryName(
            System.IO.Path.GetRelativePath(System.IO.Path.Combine(root, "src", assembly), path))!;
        return new SourceFile(
            relative,
            folder.Replace('\\', '/'),
            NamespaceLine().Match(text).Groups[1].Value,
            [.. UsingLine().Matches(text).Select(match => match.Groups[1].Value)]);
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:global )?using (?:static |\w+ = )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();
}
